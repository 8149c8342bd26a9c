package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kstream/kstream/internal/quantity"
	"github.com/kstream/kstream/pkg/record"
)

// lag is how shards stand at a time.
type lag struct {
	at           time.Time
	head         string // what is said above the shards
	checkpointed *time.Time
	rows         []lagRow
}

// What a shard's state is called.
const (
	lagReads    = "reading"
	lagWaits    = "waits for its parents"
	lagEnded    = "ended"
	lagFree     = "nobody reads it"
	lagUnleased = "no lease yet"
	lagGone     = "no longer kept"
)

// lagRow is what is shown of a shard. Spans are in seconds, nil where they are not known.
type lagRow struct {
	Stream       string     `json:"stream"`
	Shard        string     `json:"shard"`
	State        string     `json:"state"`
	Open         *bool      `json:"open,omitempty"`
	Parents      []string   `json:"parents"`
	Owner        string     `json:"owner,omitempty"`
	Releasing    string     `json:"releasing,omitempty"` // the worker that still reads, while Owner waits
	OwnerSeen    *float64   `json:"owner_seen_seconds,omitempty"`
	Still        *float64   `json:"lease_unchanged_seconds,omitempty"` // as far as we watched
	Behind       *float64   `json:"behind_seconds"`
	Left         *float64   `json:"retention_left_seconds"`
	Position     string     `json:"position"`
	Sequence     string     `json:"last_sequence,omitempty"` // handled
	Records      *uint64    `json:"records,omitempty"`       // since the run's start
	Bytes        *uint64    `json:"bytes,omitempty"`
	PerSecond    *float64   `json:"bytes_per_second,omitempty"`
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
		r.setBehind(max(0, l.at.Sub(*handledTo)), retention)
	}
	if r.Checkpointed = l.checkpointed; l.checkpointed != nil {
		age := max(0, l.at.Sub(*l.checkpointed)).Seconds()
		r.Age = &age
	}
	l.rows = append(l.rows, r)
}

func (r *lagRow) setBehind(d, retention time.Duration) {
	behind := d.Seconds()
	r.Behind = &behind
	if retention > 0 {
		left := (retention - d).Seconds()
		r.Left = &left
	}
}

// sayCheckpoint says above the shards how old the checkpoint is.
func (l *lag) sayCheckpoint() {
	l.head = "no checkpoint yet"
	if l.checkpointed != nil {
		l.head = fmt.Sprintf("checkpoint saved %s, %s ago", l.checkpointed.UTC().Format(time.RFC3339), quantity.Span(l.at.Sub(*l.checkpointed).Seconds()))
	}
}

// sort orders shards by stream and name.
func (l *lag) sort() {
	slices.SortFunc(l.rows, func(a, b lagRow) int {
		return cmp.Or(cmp.Compare(a.Stream, b.Stream), cmp.Compare(a.Shard, b.Shard))
	})
}

// narrow keeps the shards of one stream, given by name or ARN; "": all.
func (l *lag) narrow(stream string) {
	stream = stream[strings.LastIndexByte(stream, '/')+1:]
	if stream != "" {
		l.rows = slices.DeleteFunc(l.rows, func(r lagRow) bool { return r.Stream != stream })
	}
}
