package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/kstream/kstream/pkg/checkpoint"
)

func newSeek(t *terminal) *cobra.Command {
	var to, skip string
	var yes bool
	c := &cobra.Command{
		Use:   "seek --to TIME|oldest|SHARD:SEQUENCE --state-dir DIR",
		Short: "Move the positions that a checkpoint holds, or have the next run pass one record by",
		Long: `Changes where the next run on a STATE_DIR goes on. A folder that a run holds is refused.

--to TIME (or an age, such as 2h) and --to oldest move every shard: the next run lists the shards anew and begins each there,
children behind their parents. --to SHARD:SEQUENCE moves one shard to that record; what it was split or merged into is then read
again behind it. STREAM/SHARD:SEQUENCE says which of several streams. Outputs stay as they are: what is read again is written
again.

Windows and dedupe keep what they have counted, and records that come again, or not at all, would make their answers wrong. With
such a chain --yes is needed, and drops that state.

--skip SHARD:SEQUENCE moves nothing: when the next run meets that record, it goes to DEAD_LETTER and not into the chain. It may be
given for each of several records. With DEAD_LETTER=fail the record is logged, and the run goes on.`,
		Example: `  kstream seek --to 2h --state-dir /var/lib/kstream
  kstream seek --state-dir /var/lib/kstream \
      --skip shardId-000000000003:49590338271490256608559692538361571095921575989136588898`,
		Args: atMost(0),
		RunE: func(c *cobra.Command, _ []string) error {
			if (to == "") == (skip == "") {
				return wrong(errors.New("--to says where the next run goes on, and --skip which record it passes by: give one of them"))
			}
			return useState(c, t, toWrite, func(k *kept) error {
				if skip != "" {
					return k.skip(c, t, skip)
				}
				return k.seek(c, t, to, yes)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&to, "to", "", "a time, an age, oldest, or SHARD:SEQUENCE (at it)")
	f.StringVar(&skip, "skip", "", "SHARD:SEQUENCE of a record that goes to the dead letters")
	f.String("state-dir", "", "the folder")
	f.BoolVar(&yes, "yes", false, "drop the state of windows and dedupe")
	return c
}

// move is one partition's position before and after.
type move struct{ partition, before, after string }

// seek moves positions, in one write with the state that they make void.
func (k *kept) seek(c *cobra.Command, t *terminal, to string, yes bool) error {
	next := k.next()
	moves, err := moveTo(next, to)
	if err != nil {
		return wrong(err)
	}
	if k.keyed() {
		k.tell(t)
		if !yes {
			return wrong(errors.New("nothing was moved: with other positions what windows and dedupe hold would give wrong answers; --yes drops it and moves them"))
		}
		forget(next)
	}
	if err := k.disk.Save(c.Context(), next); err != nil {
		return err
	}
	if len(next.Partitions) == 0 {
		fmt.Fprintln(t.err, "the next run lists the shards anew, and begins each there, children behind their parents")
	}
	return printMoves(t.out, moves)
}

// skip notes a record that is to be passed by.
func (k *kept) skip(c *cobra.Command, t *terminal, text string) error {
	next := k.next()
	moves, err := passBy(next, text)
	if err != nil {
		return wrong(err)
	}
	if err := k.disk.Save(c.Context(), next); err != nil {
		return err
	}
	return printMoves(t.out, moves)
}

func printMoves(w io.Writer, moves []move) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "PARTITION\tBEFORE\tAFTER")
	for _, m := range moves {
		fmt.Fprintf(tw, "%s\t%s\t%s\n", m.partition, m.before, m.after)
	}
	return tw.Flush()
}

// next returns a copy of the last checkpoint to change and save. Its partitions are its own.
func (k *kept) next() *checkpoint.Checkpoint {
	next := *k.last
	next.Partitions = maps.Clone(k.last.Partitions)
	return &next
}
