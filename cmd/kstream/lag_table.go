package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/kstream/kstream/internal/quantity"
)

// lagColumn is a column of the table of shards.
type lagColumn struct {
	title string
	cell  func(*lagRow) string // "": there is nothing to say
	// wide is a column that is shown only if it is asked for, and some only where at least one shard has something in it.
	wide, some bool
}

var lagColumns = []lagColumn{
	{title: "SHARD", cell: func(r *lagRow) string { return strings.TrimPrefix(r.Stream+"/"+r.Shard, "/") }},
	{title: "STATE", cell: (*lagRow).state},
	{title: "OWNER", cell: (*lagRow).owner, some: true},
	{title: "OWNER SEEN", cell: func(r *lagRow) string { return spanCell(r.OwnerSeen, " ago") }, some: true, wide: true},
	{title: "LEASE UNCHANGED", cell: func(r *lagRow) string { return spanCell(r.Still, "") }, some: true},
	{title: "BEHIND", cell: func(r *lagRow) string { return spanCell(r.Behind, "") }},
	{title: "RETENTION LEFT", cell: func(r *lagRow) string { return spanCell(r.Left, "") }},
	{title: "BYTES/S", cell: func(r *lagRow) string { return rateCell(r.PerSecond) }, some: true},
	{title: "HANDLED", cell: func(r *lagRow) string { return r.Position }},
	{title: "PARENTS", cell: func(r *lagRow) string { return strings.Join(r.Parents, ", ") }, wide: true},
	{title: "RECORDS", cell: func(r *lagRow) string { return countCell(r.Records) }, some: true, wide: true},
	{title: "BYTES", cell: func(r *lagRow) string { return countCell(r.Bytes) }, some: true, wide: true},
}

// table prints l; wide has more columns.
func (l *lag) table(w io.Writer, wide bool) error {
	fmt.Fprintf(w, "%s\n\n", l.head)
	var columns []lagColumn
	for _, c := range lagColumns {
		some := slices.ContainsFunc(l.rows, func(r lagRow) bool { return c.cell(&r) != "" })
		if (wide || !c.wide) && (some || !c.some) {
			columns = append(columns, c)
		}
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(cell func(lagColumn) string) {
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = cell(c)
		}
		fmt.Fprintln(tw, strings.Join(cells, "\t"))
	}
	line(func(c lagColumn) string { return c.title })
	for i := range l.rows {
		line(func(c lagColumn) string { return dash(c.cell(&l.rows[i])) })
	}
	return tw.Flush()
}

// state is what becomes of a shard; one that takes no more records and is not handled yet is said to be closed.
func (r *lagRow) state() string {
	if r.Open != nil && !*r.Open && r.State != lagEnded {
		return r.State + " (closed)"
	}
	return r.State
}

func (r *lagRow) owner() string {
	if r.Releasing != "" {
		return r.Owner + " (" + r.Releasing + " still reads)"
	}
	return r.Owner
}

func spanCell(seconds *float64, behind string) string {
	if seconds == nil {
		return ""
	}
	return quantity.Span(*seconds) + behind
}

func countCell(n *uint64) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}

// rateCell writes bytes a second with three digits.
func rateCell(bytes *float64) string {
	if bytes == nil {
		return ""
	}
	n, unit := *bytes, "B"
	for _, next := range []string{"KiB", "MiB", "GiB"} {
		if n < 999.5 {
			break
		}
		n, unit = n/1024, next
	}
	switch {
	case unit == "B", n >= 99.95:
		return fmt.Sprintf("%.0f %s", n, unit)
	case n >= 9.995:
		return fmt.Sprintf("%.1f %s", n, unit)
	}
	return fmt.Sprintf("%.2f %s", n, unit)
}
