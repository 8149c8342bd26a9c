package operator

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/window"
)

// groupVersion begins the binary form of what keyed stages keep.
const groupVersion = 1

// errKept is keyed state that can't be read.
var errKept = errors.New("the stored group is damaged")

// group is what an aggregate stage keeps for one key and window.
type group struct {
	values []window.Accumulator
	// next is the revision that a record which opens the window again will give: 1 for a group that was there when the
	// window fired, and one more each time.
	next uint32
}

// newGroup returns a group that has counted nothing.
func (s *result) newGroup() *group { return &group{values: s.newValues()} }

func (s *result) newValues() []window.Accumulator {
	values := make([]window.Accumulator, len(s.aggregations))
	for i := range values {
		values[i] = s.aggregations[i].aggregate.New()
	}
	return values
}

// Append implements state.Value.
func (g *group) Append(dst []byte) []byte {
	dst = binary.AppendUvarint(append(dst, groupVersion), uint64(g.next))
	return appendValues(dst, g.values)
}

// Size implements state.Value.
func (g *group) Size() int { return 48 + sizeOf(g.values) }

func (s *result) loadGroup(data []byte) (*group, error) {
	src, err := versioned(data)
	if err != nil {
		return nil, err
	}
	next, n := binary.Uvarint(src)
	if n <= 0 || next > 1<<32-1 {
		return nil, errKept
	}
	g := &group{next: uint32(next)}
	if g.values, src, err = s.loadValues(src[n:]); err != nil {
		return nil, err
	}
	if len(src) > 0 {
		return nil, errKept
	}
	return g, nil
}

// versioned takes the version off data.
func versioned(data []byte) ([]byte, error) {
	switch {
	case len(data) == 0:
		return nil, errKept
	case data[0] != groupVersion:
		return nil, fmt.Errorf("the stored group has version %d, and this kstream knows %d", data[0], groupVersion)
	}
	return data[1:], nil
}

func appendValues(dst []byte, values []window.Accumulator) []byte {
	for _, a := range values {
		dst = a.Append(dst)
	}
	return dst
}

func sizeOf(values []window.Accumulator) int {
	n := 16 * len(values)
	for _, a := range values {
		n += a.Size()
	}
	return n
}

func (s *result) loadValues(src []byte) (values []window.Accumulator, rest []byte, err error) {
	values = make([]window.Accumulator, len(s.aggregations))
	for i := range values {
		if values[i], src, err = s.aggregations[i].aggregate.Load(src); err != nil {
			return nil, nil, fmt.Errorf("reading %s: %w", pathText(s.aggregations[i].path), err)
		}
	}
	return values, src, nil
}

// absorber is what the stages that keep windows have in common.
type absorber struct {
	result  *result
	letters bool // what only the task finds late goes to the dead letters
	// watermark is what Advance was told last. What was closed then stays closed.
	watermark record.Millis
	in        window.Input
	partition *record.Partition // the one that in.Partition is of
	out       int               // results in the batch that Advance fills
	lates
}

// Absorbs implements Absorber.
func (s *absorber) Absorbs() {}

// add counts r in values.
func (s *absorber) add(b *record.Batch, r *record.Record, values []window.Accumulator) {
	if b.Partition != s.partition && b.Partition != nil {
		s.partition, s.in.Partition = b.Partition, string(b.Partition.ID)
	}
	s.in.Event, s.in.Sequence, s.in.Subsequence = r.Event, r.Sequence, r.Subsequence
	row := b.Row(r)
	for i, a := range values {
		g := &s.result.aggregations[i]
		if g.value.slot >= 0 {
			s.in.Value = row[g.value.slot]
		}
		if g.by.slot >= 0 {
			s.in.By = row[g.by.slot]
		}
		a.Add(&s.in)
	}
}

// closed counts a record that its lane found in time, and for which the task had gone on without that lane.
func (s *absorber) closed(b *record.Batch, r *record.Record, span window.Span) {
	s.byReason.Idle++
	if !s.letters {
		return
	}
	b.Reject(r, s.result.label, errLate(span, s.watermark))
	letter := &b.Rejected[len(b.Rejected)-1]
	letter.Start, letter.End = span.Start, span.End
}

// What comes out of one call of Advance is about a slice, so that memory stays bounded however much is due.
const (
	sliceResults = 1000
	sliceBytes   = 1 << 20
)

// begin takes note of the watermark that Advance was called with.
func (s *absorber) begin(w record.Millis) {
	s.out, s.watermark = 0, max(s.watermark, w)
}

// emit adds one result to out, and reports whether out has room for more.
func (s *absorber) emit(out *record.Batch, group []byte, span window.Span, revision uint32, values []window.Accumulator) (room bool, err error) {
	s.out++
	err = s.result.emit(out, &emitted{group, span, revision, values})
	return s.out < sliceResults && out.Size() < sliceBytes, err
}
