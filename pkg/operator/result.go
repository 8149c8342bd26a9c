package operator

import (
	"fmt"
	"strconv"

	"github.com/cespare/xxhash/v2"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/window"
)

// result is what an aggregate stage gives for one key and window: a new record of the key's fields, window_start,
// window_end, revision where the window may open again, and the aggregates.
type result struct {
	label        string
	key          *keying
	keys         []int // slots of the key's fields
	start, end   int
	revision     int // -1: the window never opens again
	aggregations []aggregation
	fields       *format.Splicer
}

// results are those of a plan, in the chain's order.
type results []*result

// of returns the result that a row belongs to, nil where it is none: what a later aggregate gives has the row of its own.
func (rs *results) of(row []record.Value) *result {
	for i := len(*rs) - 1; i >= 0; i-- {
		if row[(*rs)[i].end].Kind == record.Time {
			return (*rs)[i]
		}
	}
	return nil
}

func (s *result) span(row []record.Value) (start, end record.Millis) {
	from, _ := row[s.start].Time()
	to, _ := row[s.end].Time()
	return record.MillisOf(from), record.MillisOf(to)
}

// emitted is one result to be written.
type emitted struct {
	group    []byte
	span     window.Span
	revision uint32
	values   []window.Accumulator
}

// emit adds the result to out. One that can't be computed is rejected, with the others that it has.
func (s *result) emit(out *record.Batch, e *emitted) error {
	event := e.span.End - 1
	r := out.Add(record.Record{
		Arrival: event, Event: event, Watermark: event - 1, // so that it is late for nothing behind
		Group: out.Keep(e.group), Hash: xxhash.Sum64(e.group), Sequence: sequence(out, e),
	})
	row := out.Row(r)
	if err := s.key.fill(row, s.keys, r.Group); err != nil {
		return err
	}
	row[s.start], row[s.end] = record.TimeValue(e.span.Start.Time()), record.TimeValue(e.span.End.Time())
	if s.revision >= 0 {
		row[s.revision] = record.IntValue(int64(e.revision))
	}
	var failed error
	for i, a := range e.values {
		dst := out.Scratch()
		from := len(dst)
		v, dst, err := a.Result(dst, e.span)
		out.Kept(dst, from)
		if err != nil && failed == nil {
			failed = fmt.Errorf("computing %s: %w", pathText(s.aggregations[i].path), err)
		}
		if err == nil {
			row[s.aggregations[i].out] = v
		}
	}
	if failed != nil {
		out.Reject(r, s.label, failed)
		out.Records = out.Records[:len(out.Records)-1]
	}
	return nil
}

// sequence returns what stands for a result's position: a number that is the same for a key and window in every run.
func sequence(out *record.Batch, e *emitted) []byte {
	h := (xxhash.Sum64(e.group) ^ uint64(e.span.End)) * 0x9e3779b97f4a7c15
	dst := out.Scratch()
	from := len(dst)
	return out.Kept(strconv.AppendUint(dst, h, 10), from)
}
