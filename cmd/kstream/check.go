package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/kstream/kstream/internal/config"
)

func newCheck(t *terminal) *cobra.Command {
	c := &cobra.Command{
		Use:   "check",
		Short: "Find what would go wrong before the first record: configuration, chain, streams",
		Example: `  kstream check
  KSTREAM_STREAM=logs KSTREAM_OPERATORS='filter status >= 500' kstream check`,
		Args: atMost(0),
	}
	describeJob(t, c, func(ctx context.Context, j *job) error { return j.check(ctx, t) })
	return c
}

// check tells what is set and from where, what the chain is, and tries what can be tried without writing anything.
func (j *job) check(ctx context.Context, t *terminal) error {
	fmt.Fprintln(t.out, "Configuration")
	tw := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	for _, v := range config.Variables() {
		if value := j.conf.Values[v.Name]; value.Text != "" {
			fmt.Fprintf(tw, "  %s\t%s\t%s\n", v.Name, firstLine(value.Shown()), value.Origin)
		}
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(t.out, "\nChain")
	for i, line := range j.plan.Describe() {
		fmt.Fprintf(t.out, "  %d  %s\n", i+1, line)
	}
	if len(j.plan.Describe()) == 0 {
		fmt.Fprintln(t.out, "  empty: records go out as they came")
	}
	fmt.Fprintln(t.out, "\nTried")
	return j.try(ctx, t.out)
}

func firstLine(s string) string {
	if line, _, more := strings.Cut(s, "\n"); more {
		return line + " …"
	}
	return s
}
