package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/kstream/kstream/pkg/operator/trace"
)

// writeCounts sums up what the stages did.
func writeCounts(w io.Writer, tr *trace.Trace) {
	counts, out := countsOf(tr)
	fmt.Fprintln(w, "\nIn all")
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "  STAGE\tIN\tOUT\tDROPPED\tLATE\tDEAD LETTERS\tWRONG TYPE")
	for _, c := range counts {
		fmt.Fprintf(tw, "  %s\t%d\t%d\t%d\t%d\t%d\t%d\n", c.Stage, c.In, c.Out, c.Dropped, c.Late, c.DeadLetters, c.Mismatches)
	}
	fmt.Fprintf(tw, "  out\t\t%d\n", out)
	tw.Flush()
}

// stageCount is what one stage did to all records of a trace.
type stageCount struct {
	Stage       string `json:"stage"`
	In          int    `json:"in"`
	Out         int    `json:"out"`
	Dropped     int    `json:"dropped"`
	Late        int    `json:"late"`
	DeadLetters int    `json:"dead_letters"`
	Mismatches  int    `json:"mismatches"`
}

// countsOf sums up tr by stages, in the order in which they were met, and returns how many records go out.
func countsOf(tr *trace.Trace) (counts []*stageCount, out int) {
	by := map[string]*stageCount{}
	for _, ways := range [][]trace.Way{tr.Ways, tr.Results} {
		for i := range ways {
			out += len(ways[i].Out)
			if c := by[ways[i].By]; c != nil {
				c.Out++ // which absorbed what the result is made of
			}
			for k := range ways[i].Steps {
				s := &ways[i].Steps[k]
				c := by[s.Stage]
				if c == nil {
					c = &stageCount{Stage: s.Stage}
					by[s.Stage], counts = c, append(counts, c)
				}
				c.In += s.In
				c.Out += s.Out
				c.Late += s.Late
				c.DeadLetters += len(s.Errors)
				c.Dropped += max(0, s.In-s.Out-s.Late-s.Absorbed-len(s.Errors))
				if s.Mismatch {
					c.Mismatches++
				}
			}
		}
	}
	return counts, out
}
