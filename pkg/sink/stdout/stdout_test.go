package stdout_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/sinktest"
	"github.com/kstream/kstream/pkg/sink/stdout"
)

func TestConformance(t *testing.T) {
	sinktest.Run(t, func(*testing.T) sinktest.Harness {
		var out bytes.Buffer
		return sinktest.Harness{
			Open: func(*testing.T) record.Sink { return stdout.New(&out) },
			Read: func(*testing.T) (lines []string) {
				for l := range strings.Lines(out.String()) {
					lines = append(lines, strings.TrimSuffix(l, "\n"))
				}
				return lines
			},
			Frame: "\n",
		}
	})
}

func TestClosedPipe(t *testing.T) {
	r, w := io.Pipe()
	r.Close()
	file, fw, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer fw.Close()
	file.Close()
	for _, out := range []io.Writer{w, fw} {
		err := stdout.New(out).Write(t.Context(), &record.Chunk{Body: []byte("x\n")})
		if !errors.Is(err, stdout.ErrClosed) {
			t.Errorf("got %v, want ErrClosed", err)
		}
	}
}

// A reader that is there and does not read does not hold up the end of a run.
func TestStoppedReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		defer r.Close() // and with it the write
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		began := time.Now()
		err := stdout.New(w).Write(ctx, &record.Chunk{Body: []byte("x\n")})
		if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took < time.Minute || took > 61*time.Second {
			t.Errorf("after %s: %v, want the context's error soon after its end", took, err)
		}
	})
}
