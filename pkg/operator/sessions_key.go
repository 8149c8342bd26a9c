package operator

import (
	"container/heap"
	"encoding/binary"
	"slices"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/window"
)

// keySessions is the open sessions of one key, sorted and apart.
type keySessions struct {
	spans  []window.Span
	values [][]window.Accumulator
	due    record.Millis // the bucket of due that the key is in
}

// insert makes a session at place i, whose span join sets.
func (k *keySessions) insert(i int, values []window.Accumulator) {
	k.spans = slices.Insert(k.spans, i, window.Span{})
	k.values = slices.Insert(k.values, i, values)
}

// join makes one session of those from from up to to.
func (k *keySessions) join(from, to int, s window.Span) {
	for i := from + 1; i < to; i++ {
		for j, a := range k.values[from] {
			a.Merge(k.values[i][j])
		}
	}
	k.spans[from] = s
	k.spans = slices.Delete(k.spans, from+1, to)
	k.values = slices.Delete(k.values, from+1, to)
}

func (k *keySessions) remove(i int) {
	k.spans = slices.Delete(k.spans, i, i+1)
	k.values = slices.Delete(k.values, i, i+1)
}

// Append implements state.Value.
func (k *keySessions) Append(dst []byte) []byte {
	dst = binary.AppendVarint(append(dst, groupVersion), int64(k.due))
	dst = binary.AppendUvarint(dst, uint64(len(k.spans)))
	for i, s := range k.spans {
		dst = binary.AppendVarint(dst, int64(s.Start))
		dst = binary.AppendVarint(dst, int64(s.End))
		dst = appendValues(dst, k.values[i])
	}
	return dst
}

// Size implements state.Value.
func (k *keySessions) Size() int {
	n := 64
	for _, values := range k.values {
		n += 40 + sizeOf(values)
	}
	return n
}

func (s *result) loadSessions(data []byte) (*keySessions, error) {
	src, err := versioned(data)
	if err != nil {
		return nil, err
	}
	k := &keySessions{}
	due, src, ok := varint(src)
	count, n := binary.Uvarint(src)
	if !ok || n <= 0 {
		return nil, errKept
	}
	k.due, src = due, src[n:]
	for range count {
		var span window.Span
		var fine bool
		span.Start, src, ok = varint(src)
		span.End, src, fine = varint(src)
		if !ok || !fine {
			return nil, errKept
		}
		values, rest, err := s.loadValues(src)
		if err != nil {
			return nil, err
		}
		k.spans, k.values, src = append(k.spans, span), append(k.values, values), rest
	}
	if len(src) > 0 || len(k.spans) == 0 {
		return nil, errKept
	}
	return k, nil
}

func varint(src []byte) (n record.Millis, rest []byte, ok bool) {
	v, size := binary.Varint(src)
	if size <= 0 {
		return 0, src, false
	}
	return record.Millis(v), src[size:], true
}

// waitingKey is a key whose first session is known to end no earlier than end.
type waitingKey struct {
	end   record.Millis
	group uint8
	key   string
}

// waiting is a heap of keys: the first is that which ends first.
type waiting []waitingKey

// Len, Less, Swap, Push and Pop are heap.Interface.
func (w waiting) Len() int           { return len(w) }
func (w waiting) Less(i, j int) bool { return w[i].end < w[j].end }
func (w waiting) Swap(i, j int)      { w[i], w[j] = w[j], w[i] }

// Push is for heap.Push.
func (w *waiting) Push(x any) { *w = append(*w, x.(waitingKey)) }

// Pop is for heap.Pop.
func (w *waiting) Pop() any {
	last := len(*w) - 1
	x := (*w)[last]
	(*w)[last] = waitingKey{}
	*w = (*w)[:last]
	return x
}

func (w *waiting) put(k waitingKey) { heap.Push(w, k) }
func (w *waiting) take() waitingKey { return heap.Pop(w).(waitingKey) }
