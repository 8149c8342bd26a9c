package wire

import (
	"io"
	"net/http"
	"strings"
	"testing"

	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// A body that says no length, or one that no answer has, is read to a bound.
func TestReadHasABound(t *testing.T) {
	for _, length := range []int64{-1, mostBody + 1} {
		var b Buffer
		sent := &endless{}
		body, err := b.read(&smithyhttp.Response{Response: &http.Response{ContentLength: length, Body: io.NopCloser(sent)}})
		if err == nil || !strings.Contains(err.Error(), "more than 64 MiB") || sent.n > mostBody+1<<20 {
			t.Errorf("of an answer with length %d, %d of %d bytes are taken: %v", length, len(body), sent.n, err)
		}
	}
}

// endless is a body that goes on for ever.
type endless struct{ n int }

func (e *endless) Read(p []byte) (int, error) {
	e.n += len(p)
	return len(p), nil
}

// A class holds what is asked of it, and little more.
func TestClassOf(t *testing.T) {
	last := 0
	for n := leastPooled; n <= 64<<20; n += n/97 + 1 {
		class, size := classOf(n)
		if size < n || size-n > n/4 {
			t.Errorf("%d bytes come from a class of %d", n, size)
		}
		if again, same := classOf(size); again != class || same != size {
			t.Errorf("%d bytes are in class %d, given back in %d", size, class, again)
		}
		if class != last && class != last+1 && last != 0 || class >= len(pools) {
			t.Errorf("class %d follows %d", class, last)
		}
		last = class
	}
}
