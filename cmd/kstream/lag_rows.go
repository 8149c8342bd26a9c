package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// lag is how shards stand at a time.
type lag struct {
	at           time.Time
	checkpointed *time.Time
	rows         []lagRow
}

// What a shard's state is called.
const (
	lagReads = "reading"
	lagWaits = "waits for its parents"
	lagEnded = "ended"
)

// lagRow is what is shown of a shard. Spans are in seconds, nil where they are not known.
type lagRow struct {
	Stream       string     `json:"stream"`
	Shard        string     `json:"shard"`
	State        string     `json:"state"`
	Parents      []string   `json:"parents"`
	Behind       *float64   `json:"behind_seconds"`
	Left         *float64   `json:"retention_left_seconds"`
	Position     string     `json:"position"`
	Sequence     string     `json:"last_sequence,omitempty"` // handled
	Records      *uint64    `json:"records,omitempty"`       // since the run's start
	Bytes        *uint64    `json:"bytes,omitempty"`
	Checkpointed *time.Time `json:"checkpoint,omitempty"`
	Age          *float64   `json:"checkpoint_age_seconds,omitempty"`
}

// add adds a shard, whose records its stream keeps for retention; 0: that is not known.
func (l *lag) add(r lagRow, position record.Position, handledTo *time.Time, retention time.Duration) {
	if r.Position = position.String(); position.Where == record.After {
		r.Sequence = string(position.Sequence)
	}
	if r.Parents == nil {
		r.Parents = []string{}
	}
	if r.State == lagReads && handledTo != nil {
		behind := max(0, l.at.Sub(*handledTo)).Seconds()
		r.Behind = &behind
		if retention > 0 {
			left := retention.Seconds() - behind
			r.Left = &left
		}
	}
	if r.Checkpointed = l.checkpointed; l.checkpointed != nil {
		age := max(0, l.at.Sub(*l.checkpointed)).Seconds()
		r.Age = &age
	}
	l.rows = append(l.rows, r)
}

// narrow keeps the shards of one stream, given by name or ARN; "": all.
func (l *lag) narrow(stream string) {
	stream = stream[strings.LastIndexByte(stream, '/')+1:]
	if stream != "" {
		l.rows = slices.DeleteFunc(l.rows, func(r lagRow) bool { return r.Stream != stream })
	}
}

// table prints l; wide has more columns.
func (l *lag) table(w io.Writer, wide bool) error {
	if l.checkpointed != nil {
		fmt.Fprintf(w, "checkpoint saved %s, %s ago\n\n", l.checkpointed.UTC().Format(time.RFC3339), ago(l.at.Sub(*l.checkpointed).Seconds()))
	} else {
		fmt.Fprint(w, "no checkpoint yet\n\n")
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	columns := "SHARD\tSTATE\tBEHIND\tRETENTION LEFT\tHANDLED"
	if wide {
		columns += "\tPARENTS\tRECORDS\tBYTES"
	}
	fmt.Fprintln(tw, columns)
	for i := range l.rows {
		r := &l.rows[i]
		fmt.Fprintf(tw, "%s/%s\t%s\t%s\t%s\t%s", r.Stream, r.Shard, r.State, agoOrDash(r.Behind), agoOrDash(r.Left), r.Position)
		if wide {
			fmt.Fprintf(tw, "\t%s\t%s\t%s", dash(strings.Join(r.Parents, ", ")), numberOrDash(r.Records), numberOrDash(r.Bytes))
		}
		fmt.Fprintln(tw)
	}
	return tw.Flush()
}

func agoOrDash(seconds *float64) string {
	if seconds == nil {
		return "-"
	}
	return ago(*seconds)
}

func numberOrDash(n *uint64) string {
	if n == nil {
		return "-"
	}
	return fmt.Sprint(*n)
}

// ago writes a span with the two units that matter: 4d3h, 2h5m, 3m20s, 12s, 0.4s. What is over is below 0.
func ago(seconds float64) string {
	sign := ""
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	n := int64(math.Round(seconds))
	switch {
	case seconds < 9.95:
		return fmt.Sprintf("%s%.1fs", sign, seconds)
	case n < 60:
		return fmt.Sprintf("%s%ds", sign, n)
	case n < 3600:
		return fmt.Sprintf("%s%dm%ds", sign, n/60, n%60)
	case n < 86400:
		return fmt.Sprintf("%s%dh%dm", sign, n/3600, n%3600/60)
	}
	return fmt.Sprintf("%s%dd%dh", sign, n/86400, n%86400/3600)
}
