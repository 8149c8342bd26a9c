package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"

	"github.com/kstream/kstream/pkg/record"
)

// tally counts dead letters by stage and error.
type tally struct {
	total   int
	reasons map[reason]int
}

// reason is why a letter is one.
type reason struct{ stage, err string }

// mostReasons bounds what a tally keeps: errors may quote their records, each another one.
const mostReasons = 1000

// otherErrors stands for those of a stage that came when there were mostReasons already.
const otherErrors = "(other errors)"

func (c *tally) add(stage, err string) {
	c.total++
	if c.reasons == nil {
		c.reasons = map[reason]int{}
	}
	r := reason{stage, err}
	if _, known := c.reasons[r]; !known && len(c.reasons) >= mostReasons {
		r.err = otherErrors
	}
	c.reasons[r]++
}

// print lists the most frequent reasons, under a heading for how many letters each has.
func (c *tally) print(w io.Writer, heading string) error {
	const shown = 20
	list := slices.SortedFunc(maps.Keys(c.reasons), func(a, b reason) int {
		return cmp.Or(cmp.Compare(c.reasons[b], c.reasons[a]), cmp.Compare(a.stage, b.stage), cmp.Compare(a.err, b.err))
	})
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, heading+"\tSTAGE\tERROR")
	rest := 0
	for i, r := range list {
		if i >= shown {
			rest += c.reasons[r]
			continue
		}
		fmt.Fprintf(tw, "%d\t%s\t%s\n", c.reasons[r], r.stage, firstLine(r.err))
	}
	if rest > 0 {
		fmt.Fprintf(tw, "%d\t\t(%s)\n", rest, several(len(list)-shown, "more error", "more errors"))
	}
	return tw.Flush()
}

// several returns n with the word that goes with it.
func several(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Write counts letters that were encoded by asReason.
func (c *tally) Write(_ context.Context, chunk *record.Chunk) error {
	for _, it := range chunk.Items {
		stage, err, _ := bytes.Cut(it.Data, []byte{0})
		c.add(string(stage), string(err))
	}
	return nil
}

// asReason is how a dead letter comes to a tally that is a sink.
func asReason(dst []byte, _ *record.Partition, r *record.Rejected) []byte {
	return append(append(append(dst, r.Stage...), 0), r.Err.Error()...)
}

// Prepare has nothing to make durable.
func (c *tally) Prepare(context.Context, record.Barrier) (record.Token, error) {
	return record.Token{}, nil
}

// Close gives up nothing.
func (c *tally) Close() error { return nil }

// nowhere is a sink of a dry run.
type nowhere struct{}

func (nowhere) Write(context.Context, *record.Chunk) error { return nil }

func (nowhere) Prepare(context.Context, record.Barrier) (record.Token, error) {
	return record.Token{}, nil
}

func (nowhere) Close() error { return nil }
