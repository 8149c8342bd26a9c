package main

import (
	"time"

	"github.com/kstream/kstream/pkg/lease/kcl"
	"github.com/kstream/kstream/pkg/record"
)

// leaseRow is a lease with what is shown of it.
type leaseRow struct {
	lease *kcl.Lease
	row   lagRow
}

// row returns what the table alone says of a lease, and what other looks at it do.
func (g *groupLag) row(now time.Time, t *kcl.Table, lease *kcl.Lease) lagRow {
	r := lagRow{
		Shard: lease.Shard, State: leaseState(t, lease), Parents: lease.Parents,
		Owner: lease.Owner, Releasing: lease.Releasing, PerSecond: lease.BytesPerSecond, Position: leasePosition(lease),
	}
	if r.Parents == nil {
		r.Parents = []string{}
	}
	if sequence, ok := lease.Handled(); ok {
		r.Sequence = string(sequence)
	}
	if at, ok := t.Seen[lease.Owner]; ok {
		age := max(0, now.Sub(at)).Seconds()
		r.OwnerSeen = &age
	}
	last, looked := g.still[lease.Key]
	if !looked || last.counter != lease.Counter {
		last = stillness{lease.Counter, now}
	}
	g.still[lease.Key] = last
	if looked {
		still := now.Sub(last.since).Seconds()
		r.Still = &still
	}
	return r
}

// leaseState says what becomes of a shard. A child whose parents have not been handled waits, whoever owns it.
func leaseState(t *kcl.Table, lease *kcl.Lease) string {
	if lease.Ended() {
		return lagEnded
	}
	for _, parent := range lease.Parents {
		for i := range t.Leases {
			if p := &t.Leases[i]; p.Shard == parent && p.Stream == lease.Stream && !p.Ended() {
				return lagWaits
			}
		}
	}
	if lease.Owner == "" {
		return lagFree
	}
	return lagReads
}

// leasePosition writes a checkpoint as kstream does its own.
func leasePosition(lease *kcl.Lease) string {
	switch lease.Checkpoint {
	case kcl.TrimHorizon:
		return "oldest"
	case kcl.Latest:
		return "latest"
	case kcl.AtTimestamp:
		return "at the time that its workers are configured with"
	case kcl.ShardEnd:
		return "ended"
	}
	return record.Position{Where: record.After, Sequence: record.Sequence(lease.Checkpoint), Subsequence: uint32(lease.Subsequence)}.String()
}
