package main

import (
	"bytes"
	"cmp"
	"context"
	bits "encoding/binary" // binary is what the tests run
	"io"
	"slices"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/stdout"
)

// stampBytes is what stamped puts before a line: the time by which it is ordered, 8 bytes.
const stampBytes = 8

// stamped has each line begin with the arrival of its record. Arrivals go back now and then inside of a shard; the stamp is
// the highest so far, so that ordering by it never changes the order of a shard.
func stamped(encode encoderOf) encoderOf {
	return func(payload record.Encoder) record.Encoder {
		line, high := encode(payload), record.StartOfTime
		return func(dst []byte, b *record.Batch, r *record.Record) ([]byte, error) {
			high = max(high, r.Arrival)
			return line(bits.BigEndian.AppendUint64(dst, uint64(high)), b, r)
		}
	}
}

// stampedLine is a line that is held back. It owns its bytes.
type stampedLine struct {
	at   record.Millis
	line []byte
}

// takeStamped returns the line of an item whose encoder was stamped, in memory of its own.
func takeStamped(it record.Item) stampedLine {
	return stampedLine{record.Millis(bits.BigEndian.Uint64(it.Data)), bytes.Clone(it.Data[stampBytes:])}
}

// newest is a sink that keeps the last most lines by their stamps. It holds twice as many at most.
type newest struct {
	most  int
	out   *stdout.Sink
	lines []stampedLine
}

func newNewest(most int, out io.Writer) *newest { return &newest{most: most, out: stdout.New(out)} }

// Write takes c's lines, and forgets those that others have pushed out.
func (n *newest) Write(_ context.Context, c *record.Chunk) error {
	for _, it := range c.Items {
		n.lines = append(n.lines, takeStamped(it))
		if len(n.lines) >= 2*n.most {
			n.cut()
		}
	}
	return nil
}

// cut sorts the lines and leaves the last. The sort is stable: those of a shard stay in their order.
func (n *newest) cut() {
	slices.SortStableFunc(n.lines, func(a, b stampedLine) int { return cmp.Compare(a.at, b.at) })
	if over := len(n.lines) - n.most; over > 0 {
		n.lines = slices.Delete(n.lines, 0, over)
	}
}

// full reports whether there are as many lines as were asked for.
func (n *newest) full() bool { return len(n.lines) >= n.most }

// print writes the lines, in order.
func (n *newest) print(ctx context.Context) error {
	n.cut()
	var c record.Chunk
	for _, l := range n.lines {
		c.Body = append(c.Body, l.line...)
	}
	return n.out.Write(ctx, &c)
}

// Prepare has nothing to make durable: lines are printed when it is known that they are the last.
func (n *newest) Prepare(context.Context, record.Barrier) (record.Token, error) {
	return record.Token{}, nil
}

// Close gives up nothing.
func (n *newest) Close() error { return nil }
