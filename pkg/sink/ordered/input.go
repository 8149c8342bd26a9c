package ordered

import (
	"bytes"
	"cmp"
	"container/heap"

	"github.com/kstream/kstream/pkg/record"
)

// input is one partition: the lines of it that are held back, and how far it has been handled.
type input struct {
	id      record.PartitionID
	reached record.Millis // no line that follows is before it
	last    record.Millis // the place of its last line, or of the last one of those that it continues
	blocks  []block       // the lines that are held back, in order
	left    bool          // nothing follows
	in      *inputs       // the heap that it is in
	at      int           // its place there
}

// block is the lines of a chunk. It owns its bytes.
type block struct {
	lines []line
	next  int // of lines: those before it are out
	size  int // bytes that it takes until all of them are
}

type line struct {
	at   record.Millis
	text []byte
}

// lineSize is what a line takes besides its text.
const lineSize = 32 // bytes

// take returns c's lines, in memory of their own, with no stamp before from: the order of a partition stands, and that of
// one behind those that it continues.
func take(c *record.Chunk, from record.Millis) block {
	body := bytes.Clone(c.Body)
	b := block{lines: make([]line, len(c.Items)), size: len(body) + lineSize*len(c.Items)}
	for i := range c.Items {
		n := len(c.Items[i].Data)
		at, text := Cut(body[:n:n])
		b.lines[i], body = line{max(at, from), text}, body[n:]
	}
	return b
}

// first returns the first line that is held back; there is one.
func (in *input) first() *line { return &in.blocks[0].lines[in.blocks[0].next] }

// drop takes the first line away, and returns the bytes that this sets free: those of a block, with its last line.
func (in *input) drop() (freed int) {
	b := &in.blocks[0]
	if b.next++; b.next < len(b.lines) {
		return 0
	}
	freed = b.size
	in.blocks[0] = block{}
	in.blocks = in.blocks[1:]
	return freed
}

// place is where in has its place among others: at its first line or, where it has none, at the least that may follow.
func (in *input) place() record.Millis {
	if len(in.blocks) > 0 {
		return in.first().at
	}
	return in.reached
}

// before reports whether in's place is before other's. At one time the partition's name decides: Kinesis numbers shards in
// the order in which they are made, children behind their parents.
func (in *input) before(other *input) bool {
	return cmp.Or(cmp.Compare(in.place(), other.place()), cmp.Compare(in.id, other.id)) < 0
}

// inputs is a heap of inputs, the least place first.
type inputs []*input

func (h *inputs) Len() int           { return len(*h) }
func (h *inputs) Less(i, j int) bool { return (*h)[i].before((*h)[j]) }
func (h *inputs) Swap(i, j int) {
	(*h)[i], (*h)[j] = (*h)[j], (*h)[i]
	(*h)[i].at, (*h)[j].at = i, j
}

// Push implements heap.Interface.
func (h *inputs) Push(x any) {
	in := x.(*input)
	in.in, in.at = h, len(*h)
	*h = append(*h, in)
}

// Pop implements heap.Interface.
func (h *inputs) Pop() any {
	last := len(*h) - 1
	in := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	in.in = nil
	return in
}

// first returns the one with the least place, nil where there is none.
func (h inputs) first() *input {
	if len(h) == 0 {
		return nil
	}
	return h[0]
}

// move puts in where it belongs now: into to, nil for none of the heaps.
func (in *input) move(to *inputs) {
	switch {
	case in.in == to && to != nil:
		heap.Fix(to, in.at)
		return
	case in.in != nil:
		heap.Remove(in.in, in.at)
	}
	if to != nil {
		heap.Push(to, in)
	}
}
