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

// failures counts dead letters by stage and error.
type failures struct {
	total   int
	reasons map[reason]int
}

// reason is why a letter is one.
type reason struct{ stage, err string }

// mostReasons bounds what is kept: errors may quote their records, each another one.
const mostReasons = 1000

// otherErrors stands for those of a stage that came when there were mostReasons already.
const otherErrors = "(other errors)"

func (f *failures) add(stage, err string) {
	f.total++
	if f.reasons == nil {
		f.reasons = map[reason]int{}
	}
	r := reason{stage, err}
	if _, known := f.reasons[r]; !known && len(f.reasons) >= mostReasons {
		r.err = otherErrors
	}
	f.reasons[r]++
}

// table lists the most frequent reasons, under a heading for how many letters each has.
func (f *failures) table(w io.Writer, heading string) error {
	const shown = 20
	list := slices.SortedFunc(maps.Keys(f.reasons), func(a, b reason) int {
		return cmp.Or(cmp.Compare(f.reasons[b], f.reasons[a]), cmp.Compare(a.stage, b.stage), cmp.Compare(a.err, b.err))
	})
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, heading+"\tSTAGE\tERROR")
	rest := 0
	for i, r := range list {
		if i >= shown {
			rest += f.reasons[r]
			continue
		}
		fmt.Fprintf(tw, "%d\t%s\t%s\n", f.reasons[r], r.stage, firstLine(r.err))
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
func (f *failures) Write(_ context.Context, chunk *record.Chunk) error {
	for _, it := range chunk.Items {
		stage, err, _ := bytes.Cut(it.Data, []byte{0})
		f.add(string(stage), string(err))
	}
	return nil
}

// asReason is how a dead letter comes to failures that are a sink.
func asReason(dst []byte, _ *record.Partition, r *record.Rejected) []byte {
	return append(append(append(dst, r.Stage...), 0), r.Err.Error()...)
}

// Prepare has nothing to make durable.
func (f *failures) Prepare(context.Context, record.Barrier) (record.Token, error) {
	return record.Token{}, nil
}

// Close gives up nothing.
func (f *failures) Close() error { return nil }

// nowhere is a sink of a dry run.
type nowhere struct{}

func (nowhere) Write(context.Context, *record.Chunk) error { return nil }

func (nowhere) Prepare(context.Context, record.Barrier) (record.Token, error) {
	return record.Token{}, nil
}

func (nowhere) Close() error { return nil }
