// Package operator is the chain: its language, its checker, its plan and its stages.
//
// Compile reads a text into stages (source.go, lines.go), each into a word and its arguments (clause.go), and has the
// stage's own file compile it: the table of operators is in table.go. While it compiles, a scope follows what is known of
// a record's fields: which come from the document and which a stage has made. So the plan knows, before the first record,
// the few fields that a decoder has to read, and how what comes out is written; expressions are in expression/, JSON in
// pkg/format. Every fault is gathered, with its place, and said at once (fault.go).
//
// Keyed stages cut a plan into parts (keyed.go): the first runs in lanes, each other one behind an exchange, in tasks that own
// the state of their key groups (pkg/state). A keyed stage has a half ahead of the exchange, which finds what is late and
// evaluates what has to go along (gate.go, arguments.go, dedupe_gate.go), and one behind it (windows.go, sessions.go,
// dedupe.go). What event time has to do with it is in timestamp.go, hoist.go and clock.go.
//
// A record's fields are slots in its batch's rows. A slot is written once: map and set put their results into new ones,
// and what is read later, or written at the end, is decided by the plan and not by the record.
package operator

import (
	"context"

	"github.com/kstream/kstream/pkg/record"
)

// Stage is one operator of a chain. The plan makes one instance for each lane or task, so that a stage may keep scratch space
// of its own; what instances share (the count of limit) is atomic and touched once a batch.
type Stage interface {
	// Process runs the stage over b in place: it drops records by compacting b.Records, changes fields through b.Row,
	// puts another slice in b.Records' place, and moves what it can't handle to b.Rejected with b.Reject. The order of
	// records stays. A decoder may leave records for later, with b.Postpone: when what came out of the others has been
	// handed on, Process is called for them (b.Resume), and then the stages behind.
	//
	// It takes no lock, and does not block but for reads of state that is not in memory, and of a table's file that has
	// changed. b and its bytes are lent for the call; what is kept longer is copied, and new bytes come from b.Keep. No
	// allocation per record, except for one that is rejected. One goroutine calls it. An error is a fault of the run, not
	// of a record: it ends the run. No retries.
	Process(ctx context.Context, b *record.Batch) error
}
