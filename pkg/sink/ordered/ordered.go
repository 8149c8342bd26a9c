// Package ordered brings lines of many partitions into the order of their arrival, while they are read side by side: a sink
// that holds back the lines of those that are ahead, and a source that has those wait. It is for bounded reads: of a
// partition that is read for ever, and is quiet, it has to hear ever again that nothing has come.
package ordered

import (
	"context"
	"fmt"

	"github.com/kstream/kstream/pkg/record"
)

// Config says how lines are merged.
type Config struct {
	// Memory is how many bytes of lines are held back at most, over all partitions; a chunk in hand comes on top. Where the
	// order would take more, lines go out ahead of it.
	Memory int
	// Exceeded is called once, when that begins. It may be nil.
	Exceeded func()
	// Most is how many lines go out in all; 0 is no bound. Enough is called when they have; nothing goes out behind them.
	Most   int64
	Enough func()
	// Dropped reports, at the end of a run, whether nobody wants what is still held back. It may be nil: then it goes out.
	Dropped func() bool
}

// Sink merges the lines of partitions, each of which is stamped, by their stamps: first the line that arrived first, of
// those that arrived at one time the one of the partition with the lesser name. It implements record.Sink and
// record.Merger.
type Sink struct {
	config Config
	out    record.Sink
	hold   *hold

	inputs  map[record.PartitionID]*input
	last    map[record.PartitionID]record.Millis // places of the last lines of those that have left: children begin there
	waiting inputs                               // have lines that are held back
	silent  inputs                               // have none, and may come to have some
	ready   record.Chunk                         // lines that may go out
	written int64

	exceeded bool
}

// New returns a sink that writes to out, a chunk's body at a time.
func New(c Config, out record.Sink) *Sink {
	return &Sink{
		config: c, out: out, hold: newHold(c.Memory / 2), // what is under way when readers begin to wait needs the rest
		inputs: map[record.PartitionID]*input{}, last: map[record.PartitionID]record.Millis{},
	}
}

// Opened implements record.Merger.
func (s *Sink) Opened(p *record.Partition) {
	in := &input{id: p.ID, reached: record.StartOfTime}
	for _, parent := range p.Parents {
		if last, ok := s.last[parent]; ok {
			in.reached = max(in.reached, last)
		}
		if open := s.inputs[parent]; open != nil { // it has been handled, and is about to leave
			in.reached = max(in.reached, open.last)
		}
	}
	in.last = in.reached
	s.inputs[p.ID] = in
	in.move(&s.silent)
}

// Write holds c's lines back, and writes what may go out.
func (s *Sink) Write(ctx context.Context, c *record.Chunk) error {
	if s.full() || len(c.Items) == 0 {
		return nil
	}
	in := s.inputs[c.Partition.ID]
	if in == nil {
		return fmt.Errorf("merging by arrival: lines of %s, which is not open", c.Partition)
	}
	b := take(c, in.reached)
	in.blocks, in.last = append(in.blocks, b), b.lines[len(b.lines)-1].at
	in.reached = in.last
	s.hold.add(in.id, b.size)
	in.move(&s.waiting)
	return s.release(ctx)
}

// Reached implements record.Merger.
func (s *Sink) Reached(ctx context.Context, p record.PartitionID, to record.Millis) error {
	s.hold.handled(p)
	if in := s.inputs[p]; in != nil && to > in.reached {
		in.reached = to
		in.move(in.in)
		return s.release(ctx)
	}
	return nil
}

// Left implements record.Merger.
func (s *Sink) Left(ctx context.Context, p record.PartitionID) error {
	in := s.inputs[p]
	if in == nil {
		return nil
	}
	s.last[p], in.left = in.last, true
	delete(s.inputs, p)
	if len(in.blocks) == 0 {
		s.over(in)
	}
	return s.release(ctx)
}

// over forgets an input of which nothing is held back and nothing follows.
func (s *Sink) over(in *input) {
	in.move(nil)
	s.hold.forget(in.id)
}

// full reports whether as many lines are out as are wanted.
func (s *Sink) full() bool { return s.config.Most > 0 && s.written >= s.config.Most }

// release writes the lines before which nothing can come any more, and further ones where too many are held back.
func (s *Sink) release(ctx context.Context) error {
	for in := s.waiting.first(); in != nil && !s.full(); in = s.waiting.first() {
		if next := s.silent.first(); next != nil && next.before(in) && !s.tooMuch() {
			break
		}
		if err := s.put(ctx, in); err != nil {
			return err
		}
	}
	return s.flush(ctx)
}

// tooMuch reports whether more is held back than may be.
func (s *Sink) tooMuch() bool {
	if s.hold.bytes() <= s.config.Memory {
		return false
	}
	if !s.exceeded && s.config.Exceeded != nil {
		s.config.Exceeded()
	}
	s.exceeded = true
	return true
}

// readyBytes is how much is written at once, as the engine's own chunks.
const readyBytes = 1 << 20

// put makes the first line of in ready.
func (s *Sink) put(ctx context.Context, in *input) error {
	s.ready.Body = append(s.ready.Body, in.first().text...)
	s.written++
	if freed := in.drop(); freed > 0 {
		s.hold.add(in.id, -freed)
	}
	switch {
	case len(in.blocks) > 0:
		in.move(&s.waiting)
	case in.left:
		s.over(in)
	default:
		in.move(&s.silent)
	}
	if len(s.ready.Body) >= readyBytes || s.full() {
		return s.flush(ctx)
	}
	return nil
}

// flush writes what is ready.
func (s *Sink) flush(ctx context.Context) error {
	if len(s.ready.Body) == 0 {
		return nil
	}
	err := s.out.Write(ctx, &s.ready)
	s.ready.Body = s.ready.Body[:0]
	if s.full() && s.config.Enough != nil {
		s.config.Enough()
	}
	return err
}

// Prepare writes all that is held back, since the epoch ends behind it, unless nobody wants it.
func (s *Sink) Prepare(ctx context.Context, b record.Barrier) (record.Token, error) {
	if s.config.Dropped == nil || !s.config.Dropped() {
		for in := s.waiting.first(); in != nil && !s.full(); in = s.waiting.first() {
			if err := s.put(ctx, in); err != nil {
				return nil, err
			}
		}
		if err := s.flush(ctx); err != nil {
			return nil, err
		}
	}
	return s.out.Prepare(ctx, b)
}

// Close closes the sink that it writes to.
func (s *Sink) Close() error { return s.out.Close() }
