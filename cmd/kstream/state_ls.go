package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/kstream/kstream/pkg/record"
)

// stateRow is what is shown of a state folder.
type stateRow struct {
	Epoch      record.Epoch         `json:"epoch"`
	Saved      *time.Time           `json:"saved,omitempty"`
	DiskBytes  uint64               `json:"disk_bytes"`
	Chain      []string             `json:"chain"`
	Dropped    bool                 `json:"dropped,omitempty"`
	Watermarks map[string]time.Time `json:"watermarks"`
	Partitions []partitionRow       `json:"partitions"`
	Windows    []windowRow          `json:"windows"`
}

type partitionRow struct {
	Partition string     `json:"partition"`
	Position  string     `json:"position"`
	Event     *time.Time `json:"event_time,omitempty"`
}

func newStateLs(t *terminal) *cobra.Command {
	var output string
	c := &cobra.Command{
		Use:   "ls",
		Short: "List what the last checkpoint holds: positions, watermarks, keys by window",
		Example: `  kstream state ls --state-dir /var/lib/kstream
  kstream state ls --state-dir /var/lib/kstream -o json | jq '.windows[]'`,
		Args: atMost(0),
		RunE: func(c *cobra.Command, _ []string) error {
			return useState(c, t, toRead, func(k *kept) error {
				row := k.row()
				if output == "json" {
					return printJSON(t.out, []stateRow{row})
				}
				return printState(t.out, &row)
			})
		},
	}
	choiceFlag(c.Flags(), &output, "output", "o", "table", "json is one object", "table", "json")
	return c
}

func (k *kept) row() stateRow {
	row := stateRow{
		Epoch: k.last.Epoch, DiskBytes: k.disk.Bytes(), Chain: k.last.Chain, Dropped: k.last.Dropped,
		Watermarks: map[string]time.Time{}, Windows: k.windows(),
	}
	if at := k.disk.Written(); !at.IsZero() {
		row.Saved = &at
	}
	for part, w := range k.last.Watermarks {
		if at := eventTime(w); at != nil {
			row.Watermarks[part] = *at
		}
	}
	for _, id := range slices.Sorted(maps.Keys(k.last.Partitions)) {
		s := k.last.Partitions[id]
		p := partitionRow{Partition: s.Partition.String(), Position: positionText(&s), Event: eventTime(s.Event)}
		row.Partitions = append(row.Partitions, p)
	}
	return row
}

// eventTime returns m as a time, nil for the start and the end of time.
func eventTime(m record.Millis) *time.Time {
	if m == record.StartOfTime || m == record.EndOfTime {
		return nil
	}
	t := m.Time()
	return &t
}

func printState(w io.Writer, row *stateRow) error {
	saved := "-"
	if row.Saved != nil {
		saved = row.Saved.Format(time.RFC3339)
	}
	fmt.Fprintf(w, "checkpoint %d, saved %s, %d bytes on disk\n", row.Epoch, saved, row.DiskBytes)
	if row.Dropped {
		fmt.Fprintln(w, "its state was dropped: the next run may have another chain")
	}
	for i, stage := range row.Chain {
		if i == 0 {
			fmt.Fprintln(w, "\nCHAIN, its stages that have to do with state")
		}
		fmt.Fprintln(w, stage)
	}
	fmt.Fprintln(w)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "PARTITION\tPOSITION\tEVENT TIME")
	for _, p := range row.Partitions {
		fmt.Fprintf(tw, "%s\t%s\t%s\n", p.Partition, p.Position, timeOrDash(p.Event))
	}
	for i, part := range slices.Sorted(maps.Keys(row.Watermarks)) {
		if i == 0 {
			fmt.Fprintln(tw, "\nEXCHANGE\tWATERMARK")
		}
		at := row.Watermarks[part]
		fmt.Fprintf(tw, "%s\t%s\n", part, timeOrDash(&at))
	}
	for i, r := range row.Windows {
		if i == 0 {
			fmt.Fprintln(tw, "\nWINDOW\tKEYS\tSTAGE")
		}
		fmt.Fprintf(tw, "%s\t%d\t%s\n", r.words, r.Keys, r.Stage)
	}
	return tw.Flush()
}

func timeOrDash(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.Format(time.RFC3339Nano)
}
