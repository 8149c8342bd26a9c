package main

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"slices"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/ordered"
	"github.com/kstream/kstream/pkg/sink/stdout"
)

// stampedLine is a line that is held back. It owns its bytes.
type stampedLine struct {
	at   record.Millis
	line []byte
}

// takeStamped returns the line of an item whose encoder was stamped, in memory of its own.
func takeStamped(it record.Item) stampedLine {
	at, line := ordered.Cut(it.Data)
	return stampedLine{at, bytes.Clone(line)}
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
