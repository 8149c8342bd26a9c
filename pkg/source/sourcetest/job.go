// Package sourcetest holds what every record.Source must do, as tests that a backend runs over itself, and a Job that
// reads a source as the engine would.
package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// Got is one record that a Job has read. It owns its bytes.
type Got struct {
	Partition   record.PartitionID
	Sequence    record.Sequence
	Subsequence uint32
	Key, Data   string
	Arrival     record.Millis
}

// Job reads a source as the engine does: a partition behind its parents, children as pages announce them, and the state
// of each as a checkpoint would hold it. One goroutine.
type Job struct {
	Got    []Got
	States map[record.PartitionID]record.State
	Pages  int
	// Credit is what all pages take their credit from; nil: without a bound.
	Credit record.Credit

	source  record.Source
	readers map[record.PartitionID]record.Reader
	tips    map[record.PartitionID]bool
	order   []record.PartitionID
}

// settle is how long a source is given to announce what it knows already.
const settle = 200 * time.Millisecond

// Start restores source and takes up its first partitions.
func Start(t *testing.T, source record.Source, from record.Position, known []record.State) *Job {
	t.Helper()
	j := &Job{source: source, States: map[record.PartitionID]record.State{},
		readers: map[record.PartitionID]record.Reader{}, tips: map[record.PartitionID]bool{}}
	kept, err := source.Restore(t.Context(), from, known)
	if err != nil {
		t.Fatalf("Restore: %v", err)
	}
	for _, state := range kept {
		j.States[state.Partition.ID] = state
		j.order = append(j.order, state.Partition.ID)
	}
	for _, p := range Fresh(t, source, settle) {
		j.take(t, p)
	}
	return j
}

// Fresh returns the partitions that the source announces within d.
func Fresh(t *testing.T, source record.Source, d time.Duration) []record.Partition {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	fresh, err := source.Partitions(ctx)
	if err != nil && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, io.EOF) {
		t.Fatalf("Partitions: %v", err)
	}
	return fresh
}

func (j *Job) take(t *testing.T, p record.Partition) {
	t.Helper()
	if _, known := j.States[p.ID]; known {
		return // a child that its other parent announced, or that was listed
	}
	j.States[p.ID] = record.State{Partition: p, Position: p.Start}
	j.order = append(j.order, p.ID)
}

// Known returns the states as a checkpoint would hold them, in the order in which the partitions came.
func (j *Job) Known() []record.State {
	known := make([]record.State, 0, len(j.order))
	for _, id := range j.order {
		known = append(known, j.States[id])
	}
	return known
}

// ToTip reads every partition until it is at the tip or has ended, those announced meanwhile too.
func (j *Job) ToTip(t *testing.T) {
	t.Helper()
	clear(j.tips)
	for moved := true; moved; {
		moved = false
		for i := range len(j.order) { // children that come meanwhile have their turn in the next round
			id := j.order[i]
			if j.States[id].Position.Where != record.Ended && !j.tips[id] && j.mayRead(id) {
				j.Page(t, id)
				moved = true
			}
		}
	}
}

// mayRead tells whether all parents of a partition that are in this job have ended.
func (j *Job) mayRead(id record.PartitionID) bool {
	for _, parent := range j.States[id].Partition.Parents {
		if state, ours := j.States[parent]; ours && state.Position.Where != record.Ended {
			return false
		}
	}
	return true
}

// Page reads one page of a partition.
func (j *Job) Page(t *testing.T, id record.PartitionID) {
	t.Helper()
	page := record.NewPage(j.Credit)
	if err := j.ReadPage(t.Context(), id, page); err != nil {
		t.Fatalf("reading %s: %v", id, err)
	}
	for _, child := range page.Children {
		j.take(t, child)
	}
	page.Reset()
}

// ReadPage reads one page of a partition into page, without taking up its children.
func (j *Job) ReadPage(ctx context.Context, id record.PartitionID, page *record.Page) error {
	state := j.States[id]
	reader := j.readers[id]
	if reader == nil {
		var err error
		if reader, err = j.source.Open(ctx, state); err != nil {
			return fmt.Errorf("opening: %w", err)
		}
		j.readers[id] = reader
	}
	if err := reader.Read(ctx, page); err != nil {
		return err
	}
	j.Pages++
	for i := range page.Records {
		r := &page.Records[i]
		j.Got = append(j.Got, Got{Partition: id, Sequence: record.Sequence(r.Sequence), Subsequence: r.Subsequence,
			Key: string(r.Key), Data: string(r.Data), Arrival: r.Arrival})
	}
	state.Begun, state.Position = true, page.End
	state.HandledTo = max(state.HandledTo, page.HandledTo)
	for i := range page.Children {
		state.Children = append(state.Children, page.Children[i].ID)
	}
	j.States[id], j.tips[id] = state, page.Tip
	return nil
}

// Close closes all readers.
func (j *Job) Close(t *testing.T) {
	t.Helper()
	for id, reader := range j.readers {
		if err := reader.Close(); err != nil {
			t.Errorf("closing %s: %v", id, err)
		}
		delete(j.readers, id)
	}
}

// Data returns the payloads that were read, by partition.
func (j *Job) Data() map[record.PartitionID][]string {
	data := map[record.PartitionID][]string{}
	for _, g := range j.Got {
		data[g.Partition] = append(data[g.Partition], g.Data)
	}
	return data
}
