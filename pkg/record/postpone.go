package record

import "slices"

// What a slice of a few bytes is made into may be large: payloads are packed, and their fields have names. Whoever makes
// it asks Full, and puts off the records that are left, where whoever lent the batch can take them up again.

// fullBytes is how much memory may be made for the records of a batch before the others wait. What one record alone is made
// into is bounded by its format.
const fullBytes = maxBlock

// derivedBytes is about what a derived record takes by itself, and valueBytes what each of its fields does.
const derivedBytes, valueBytes = 192, 40

// Made returns about how many bytes have been made for the records of b.
func (b *Batch) Made() int { return b.arena.size + b.rows*(derivedBytes+b.stride*valueBytes) }

// Full reports whether a stage that began when Made was before should postpone the records which are left. One stage at a
// time does.
func (b *Batch) Full(before int) bool {
	return b.InRounds && len(b.later) == 0 && b.Made()-before > fullBytes
}

// Postpone puts off the records from the i-th on, which a stage has not looked at yet: the stage leaves them out of Records.
// The engine runs the stage again for them, when the others have been handed on.
func (b *Batch) Postpone(i int) { b.later = append(b.later, b.Records[i:]...) }

// FilterUntilFull is Filter for a stage that makes memory for each record: it postpones what is left when b is full.
func (b *Batch) FilterUntilFull(keep func(r *Record) bool) {
	n, made := 0, b.Made()
	for i := range b.Records {
		if i > 0 && b.Full(made) {
			b.Postpone(i)
			break
		}
		n = b.keep(n, i, keep)
	}
	b.Records = b.Records[:n]
}

// Postponed returns how many records have been put off.
func (b *Batch) Postponed() int { return len(b.later) }

// Resume empties b but for what was put off, which is in Records then, with the fields that it had. False: nothing was.
func (b *Batch) Resume() bool {
	if len(b.later) == 0 {
		return false
	}
	clear(b.Records)
	clear(b.Rejected)
	b.Records, b.later = append(b.Records[:0], b.later...), b.later[:0]
	b.Rejected = b.Rejected[:0]
	held := false
	for i := range b.Records {
		r := &b.Records[i]
		row := b.Row(r)
		held = held || slices.ContainsFunc(row, func(v Value) bool { return len(v.Text) > 0 })
		copy(b.values[i*b.stride:], row) // rows rise with records: no row is written over that is still to be copied
		r.row = uint32(i)
	}
	b.rows = len(b.Records)
	b.values = b.values[:b.rows*b.stride]
	if b.arena.reset(); held {
		b.arena = arena{}
	}
	return true
}
