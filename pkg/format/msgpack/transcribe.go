package msgpack

import (
	"bytes"
	"fmt"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/cursor"
)

// Transcriber is a format.Transcriber to MessagePack: objects become maps, in their order, lists arrays, integers the
// shortest integers that hold them, other numbers float64. The zero value is ready. One goroutine uses it.
//
// A number that MessagePack can't hold, an integer beyond 64 bits or one beyond float64's range, is an error: it never
// becomes another number without a word. A fraction is the nearest float64, as everywhere.
type Transcriber struct {
	counts  []uint32 // of the members of each object and list, in the order in which they begin
	open    []int    // those that have begun and not ended, by their place in counts
	scratch scratch
}

// AppendPayload is format.Transcriber's.
func (t *Transcriber) AppendPayload(dst, doc []byte) ([]byte, error) {
	c, err := cursor.New(doc)
	if err != nil {
		return dst, err
	}
	if c.Kind() != '{' {
		return dst, format.ErrNotObject
	}
	t.count(doc)
	t.scratch = t.scratch[:0]
	w := writer{dst: dst, doc: c, counts: t.counts, scratch: &t.scratch}
	if !w.value() {
		return w.dst, fmt.Errorf("writing the field %s as MessagePack: %w", fieldAt(c, w.failed), w.err)
	}
	return w.dst, nil
}

// count counts the members of every object and list in one pass, for MessagePack has their number ahead of them.
func (t *Transcriber) count(doc []byte) {
	t.counts, t.open = t.counts[:0], t.open[:0]
	empty := false // the bracket that opened last has nothing in it so far
	for i := 0; i < len(doc); i++ {
		switch c := doc[i]; c {
		case ' ', '\n', '\r', '\t':
			continue
		case '{', '[':
			t.begin(empty)
			t.open = append(t.open, len(t.counts))
			t.counts = append(t.counts, 0)
			empty = true
			continue
		case '}', ']':
			t.open = t.open[:len(t.open)-1]
		case ',':
			t.counts[t.open[len(t.open)-1]]++
		case '"':
			t.begin(empty)
			i = behindString(doc, i) - 1
		default:
			t.begin(empty)
		}
		empty = false
	}
}

// begin counts the first member of the object or list around it, if it is that.
func (t *Transcriber) begin(empty bool) {
	if empty {
		t.counts[t.open[len(t.open)-1]]++
	}
}

// behindString returns where the string ends that begins at doc[i], which is known to be JSON.
func behindString(doc []byte, i int) int {
	for i++; ; i++ {
		i += bytes.IndexByte(doc[i:], '"')
		escapes := i
		for doc[escapes-1] == '\\' {
			escapes--
		}
		if (i-escapes)%2 == 0 {
			return i + 1
		}
	}
}
