package main

import (
	"bufio"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/state"
)

func newStateDrop(t *terminal) *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use:   "drop",
		Short: "Forget what windows and dedupe keep, for another chain to go on",
		Long: `Forgets keyed state, watermarks and the chain that they belong to. Positions, outputs and the counts of limits stay: the next run
reads on where the last one stopped, with any chain. What open windows had counted is lost.`,
		Example: `  kstream state drop --state-dir /var/lib/kstream
  kstream state drop --state-dir /var/lib/kstream --yes`,
		Args: atMost(0),
		RunE: func(c *cobra.Command, _ []string) error {
			return useState(c, t, toWrite, func(k *kept) error {
				if !k.keyed() {
					fmt.Fprintf(t.err, "there is no keyed state in %s: any chain may go on\n", k.dir)
					return nil
				}
				k.tell(t)
				fmt.Fprintf(t.err, "the positions of %s, the outputs and the counts of limits stay\n", some(int64(len(k.last.Partitions)), "partition"))
				if !yes {
					if err := confirm(t); err != nil {
						return err
					}
				}
				return k.drop(c)
			})
		},
	}
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}

// tell says what goes.
func (k *kept) tell(t *terminal) {
	fmt.Fprintf(t.err, "of checkpoint %d in %s goes:\n", k.last.Epoch, k.dir)
	windows, keys := map[string]int64{}, map[string]int64{}
	var order []string
	for _, r := range k.windows() {
		if windows[r.Stage] == 0 {
			order = append(order, r.Stage)
		}
		windows[r.Stage]++
		keys[r.Stage] += r.Keys
	}
	for _, stage := range order {
		fmt.Fprintf(t.err, "  %s in %s of %s\n", some(keys[stage], "key"), some(windows[stage], "window"), stage)
	}
	if len(order) == 0 {
		fmt.Fprintln(t.err, "  the watermarks, and the chain to compare with")
	}
}

func some(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// confirm asks at a terminal, and refuses where there is nobody to ask.
func confirm(t *terminal) error {
	if !isTerminal(t.in) {
		return wrong(errors.New("nothing was dropped: --yes says that it is meant"))
	}
	fmt.Fprint(t.err, "drop it? [y/N] ")
	answer, _ := bufio.NewReader(t.in).ReadString('\n')
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	}
	return errors.New("nothing was dropped")
}

// drop saves the checkpoint without what goes, in one write.
func (k *kept) drop(c *cobra.Command) error {
	next := k.next()
	forget(next)
	return k.disk.Save(c.Context(), next)
}

// keyed reports whether there is anything for forget to take out.
func (k *kept) keyed() bool {
	return len(k.held) > 0 || len(k.last.Chain) > 0 || len(k.last.Watermarks) > 0
}

// forget takes keyed state, and what belongs to it, out of next, whose partitions are its own. Their event times are the
// watermarks of their lanes.
func forget(next *checkpoint.Checkpoint) {
	next.Chain, next.Watermarks, next.Dropped = nil, nil, true
	for id, s := range next.Partitions {
		s.Event = record.StartOfTime
		next.Partitions[id] = s
	}
	all := new(checkpoint.Delta)
	all.DeleteRange(state.All())
	next.State = []*checkpoint.Delta{all}
}
