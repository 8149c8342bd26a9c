package operator

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/state"
)

// rig plays lanes, exchanges and tasks over a plan as the engine does, but with nothing running: tests say which queue is
// handled next.
type rig struct {
	t     testing.TB
	plan  *Plan
	disk  *disk
	lanes map[string]*rigLane
	parts [][]*rigTask // from part 1 on
	say   func(line string)
	dead  func(line string)
	// late counts records by stage and reason.
	late map[string]uint64
}

type rigLane struct {
	name  string
	chain *Chain
	batch *record.Batch
	part  *record.Partition
	next  int // of its records
	idle  bool
}

type rigTask struct {
	part, at int
	chain    *Chain
	store    *state.Store
	queue    []message
	marks    map[string]record.Millis
	idle     map[string]bool
	moved    record.Millis
	out      *record.Batch
}

// message is what a task is sent: records, and its sender's watermark behind them.
type message struct {
	from      string
	batch     *record.Batch
	watermark record.Millis
	idle      bool
}

// saved is what a checkpoint holds besides the disk.
type saved struct {
	positions  map[string]int
	highs      map[string]record.Millis
	watermarks []record.Millis // by part, from 1
	counts     map[string]int64
}

func newRig(t testing.TB, p *Plan, d *disk, tasks int, lanes []string, s *saved) *rig {
	r := &rig{t: t, plan: p, disk: d, lanes: map[string]*rigLane{}, late: map[string]uint64{}}
	for part := 1; part < p.Parts(); part++ {
		var row []*rigTask
		for at := range tasks {
			row = append(row, r.newTask(part, at, tasks))
		}
		r.parts = append(r.parts, row)
	}
	for _, name := range lanes {
		l := &rigLane{name: name, chain: laneChain(p), batch: record.NewBatch(p.Slots())}
		l.part = &record.Partition{ID: record.PartitionID("logs/" + name), Stream: "logs", Shard: name}
		if s != nil {
			l.next = s.positions[name]
			if l.chain.Clock != nil {
				l.chain.Clock.High = s.highs[name]
			}
		}
		r.lanes[name] = l
		if len(r.parts) > 0 {
			for _, task := range r.parts[0] {
				task.marks[name] = record.StartOfTime
			}
		}
	}
	if s != nil {
		p.Restore(s.counts)
		for i, row := range r.parts {
			for _, task := range row {
				r.advance(task, s.watermarks[i])
			}
		}
	}
	return r
}

func (r *rig) newTask(part, at, n int) *rigTask {
	first := func(at int) int { return (at*record.Groups + n - 1) / n }
	store := state.New(state.Config{Reader: r.disk, First: uint8(first(at)), Last: uint8(first(at+1) - 1), Memory: r.disk.memory,
		Durable: func() record.Epoch { return r.disk.epoch }})
	chain, err := r.plan.Instance(part, store)
	if err != nil {
		r.t.Fatal(err)
	}
	task := &rigTask{part: part, at: at, chain: chain, store: store, out: record.NewBatch(r.plan.Slots()),
		marks: map[string]record.Millis{}, idle: map[string]bool{}, moved: record.StartOfTime}
	for from := range n {
		if part > 1 {
			task.marks[fmt.Sprintf("%d.%d", part-1, from)] = record.StartOfTime
		}
	}
	return task
}

// slice runs a lane's chain over records.
func (r *rig) slice(l *rigLane, recs []record.Record) {
	l.batch.Fill(l.part, recs)
	l.next += len(recs)
	l.idle = false
	r.run(l.chain, l.batch, 0)
	r.hand(l.name, l.chain, l.batch, 0)
	if l.chain.Clock != nil {
		r.tell(0, message{from: l.name, watermark: l.chain.Clock.Watermark()})
	}
}

func (r *rig) run(c *Chain, b *record.Batch, from int) {
	for _, s := range c.Stages[from:] {
		if len(b.Records) == 0 {
			break
		}
		if err := s.Stage.Process(context.Background(), b); err != nil {
			r.t.Fatalf("%s: %v", s.Label, err)
		}
		if l, ok := s.Stage.(Lates); ok {
			n := l.Lates()
			r.late[s.Label+" disorder"] += n.Disorder
			r.late[s.Label+" idle"] += n.Idle
			r.late[s.Label+" partly"] += n.Partly
		}
	}
	c.Letters(b, 0)
	for i := range b.Rejected {
		if r.dead != nil {
			r.dead(r.letter(c, b, &b.Rejected[i]))
		}
	}
}

func (r *rig) letter(c *Chain, b *record.Batch, d *record.Rejected) string {
	data := d.Record.Data
	if data == nil {
		var err error
		if data, err = c.Letter(nil, b, &d.Record); err != nil {
			r.t.Fatal(err)
		}
	}
	line := fmt.Sprintf("%s: %v: %s", d.Stage, d.Err, data)
	if d.Key != nil {
		line += " key " + string(d.Key)
	}
	if d.Start != 0 || d.End != 0 {
		line += fmt.Sprintf(" window %d-%d", d.Start, d.End)
	}
	return line
}

// hand queues what came out of a part, or prints it.
func (r *rig) hand(from string, c *Chain, b *record.Batch, part int) {
	if c.Carry == nil {
		for i := range b.Records {
			data, err := c.Encode(nil, b, &b.Records[i])
			if err != nil {
				r.t.Fatal(err)
			}
			r.say(string(data))
		}
		return
	}
	row := r.parts[part]
	batches := make([]*record.Batch, len(row))
	for i := range b.Records {
		rec := &b.Records[i]
		at := int(rec.KeyGroup()) * len(row) / record.Groups
		if batches[at] == nil {
			batches[at] = record.NewBatch(r.plan.Slots())
			batches[at].Partition, batches[at].Now = b.Partition, b.Now
		}
		batches[at].Take(b, rec, c.Carry)
	}
	for at, batch := range batches {
		if batch != nil {
			row[at].queue = append(row[at].queue, message{from: from, batch: batch, watermark: row[at].last(from)})
		}
	}
}

// last returns the watermark that from has sent last, which a batch alone does not move.
func (t *rigTask) last(from string) record.Millis {
	for _, m := range slices.Backward(t.queue) {
		if m.from == from {
			return m.watermark
		}
	}
	return t.marks[from]
}

// tell sends a message to every task of the part behind part.
func (r *rig) tell(part int, m message) {
	if part < len(r.parts) {
		for _, task := range r.parts[part] {
			task.queue = append(task.queue, m)
		}
	}
}

// handle takes one message off the task's queue.
func (r *rig) handle(t *rigTask) {
	m := t.queue[0]
	t.queue = t.queue[1:]
	if m.batch != nil {
		r.run(t.chain, m.batch, 0)
		r.hand(t.name(), t.chain, m.batch, t.part)
	}
	t.marks[m.from], t.idle[m.from] = m.watermark, m.idle
	r.advance(t, t.watermark())
}

func (t *rigTask) name() string { return fmt.Sprintf("%d.%d", t.part, t.at) }

// watermark is the least of those who are not idle, and never goes back.
func (t *rigTask) watermark() record.Millis {
	w := record.EndOfTime
	for from, mark := range t.marks {
		if !t.idle[from] {
			w = min(w, mark)
		}
	}
	return max(w, t.moved)
}

func (r *rig) advance(t *rigTask, w record.Millis) {
	for i, s := range t.chain.Stages {
		timed, ok := s.Stage.(Timed)
		for more := ok; more; {
			t.out.Reset()
			var err error
			if more, err = timed.Advance(context.Background(), w, t.out); err != nil {
				r.t.Fatalf("%s: %v", s.Label, err)
			}
			r.run(t.chain, t.out, i+1)
			r.hand(t.name(), t.chain, t.out, t.part)
		}
	}
	t.store.Trim()
	if w != t.moved {
		r.tell(t.part, message{from: t.name(), watermark: w})
	}
	if w != record.EndOfTime { // which is no time to go on from
		t.moved = w
	}
}

// drain handles all that is queued, part after part.
func (r *rig) drain() {
	for _, row := range r.parts {
		for _, t := range row {
			for len(t.queue) > 0 {
				r.handle(t)
			}
		}
	}
}

// end has every lane's event time come to its end.
func (r *rig) end() {
	for name := range r.lanes {
		r.tell(0, message{from: name, watermark: record.EndOfTime})
	}
	r.drain()
}

// save is a barrier: all lanes hold, all queues are empty.
func (r *rig) save() *saved {
	r.drain()
	s := &saved{positions: map[string]int{}, highs: map[string]record.Millis{}, counts: r.plan.Counts()}
	for name, l := range r.lanes {
		s.positions[name] = l.next
		if l.chain.Clock != nil {
			s.highs[name] = l.chain.Clock.High
		}
	}
	for _, row := range r.parts {
		s.watermarks = append(s.watermarks, row[0].moved)
		for _, t := range row {
			t.store.Snapshot(r.disk.epoch+1, r.disk)
		}
	}
	r.disk.epoch++
	return s
}

// sequenceOf returns the sequence number of a lane's n-th record.
func sequenceOf(n int) []byte { return fmt.Appendf(nil, "4950000000%06d", n) }

// oneLine makes what a chain gave out fit a line of a script.
func oneLine(s string) string {
	return strings.ReplaceAll(string(bytes.TrimSpace([]byte(s))), "\n", " ")
}
