package record

// Carry says what of a record goes along to a task: bytes that nobody asks for are not copied.
type Carry struct {
	// Slots are the fields that go along, by slot. Whole has all of them.
	Slots []int
	// Position is true where Sequence goes along: what orders records of one event time.
	Position bool
	// Whole is true where the record itself goes along: payload, partition key, sequence, and every field.
	Whole bool
}

// Take appends a copy of r, a record of src, to b: what c says of it, its times and its group. b owns the copy's bytes. It
// is the one copy that an exchange makes.
func (b *Batch) Take(src *Batch, r *Record, c *Carry) {
	t := Record{
		Arrival: r.Arrival, Event: r.Event, Watermark: r.Watermark, Subsequence: r.Subsequence,
		Group: b.Keep(r.Group), Hash: r.Hash,
	}
	if c.Whole {
		t.Data, t.Key = b.Keep(r.Data), b.Keep(r.Key)
	}
	if c.Whole || c.Position {
		t.Sequence = b.Keep(r.Sequence)
	}
	from := src.Row(r)
	to := b.Row(b.Add(t))
	if c.Whole {
		for slot := range from {
			b.takeValue(to, from, slot)
		}
		return
	}
	for _, slot := range c.Slots {
		b.takeValue(to, from, slot)
	}
}

func (b *Batch) takeValue(to, from []Value, slot int) {
	v := from[slot]
	if len(v.Text) > 0 {
		v.Text = b.Keep(v.Text)
	}
	to[slot] = v
}

// Add appends r, whose bytes must live as long as b (Keep), with a row of its own, all Missing, and returns it in its
// place. Its origin is itself.
func (b *Batch) Add(r Record) *Record {
	r.row, r.origin = uint32(b.rows), uint32(len(b.taken))
	b.addRows(1)
	b.taken = append(b.taken, r)
	b.origins = b.taken
	b.Records = append(b.Records, r)
	return &b.Records[len(b.Records)-1]
}

// Size returns the bytes that b has been made to keep.
func (b *Batch) Size() int { return b.arena.size }
