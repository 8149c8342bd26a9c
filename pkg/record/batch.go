package record

import "errors"

// Batch is a slice of a page on its way through a chain, or what the chain made of it: at most 1,000 records or 1 MiB as
// it enters, and handled in rounds where more than a few MiB become of it (Postpone). Each record has a row of fields,
// whose slots the chain's plan has given out.
//
// The engine makes batches and lends them to Process for the length of the call. A Batch has one user at a time and no
// locks.
type Batch struct {
	// Records is an ordinary slice: a filter compacts it in place, flat_map puts another in its place.
	Records []Record
	// Rejected are records that a stage could not handle. The engine writes them to the dead letters before the slice's
	// position can be saved.
	Rejected []Rejected
	// Partition is where all the records came from.
	Partition *Partition
	// Now is the service's time, for meta.lag; the same for the whole slice.
	Now Millis
	// InRounds is set by who calls Resume, and the stages again, until nothing is postponed any more. Without, nothing is.
	InRounds bool

	origins []Record
	taken   []Record // the origins of records that Take and Add brought in
	later   []Record // those that Postpone put off
	arena   arena
	values  []Value
	rows    int
	stride  int
}

// Rejected is a record that a stage could not handle. Its bytes are the batch's.
type Rejected struct {
	Record Record // as it was read: position and original bytes
	Stage  string // "3:filter"
	Err    error
	// Key is the JSON object of the key's fields, of a record behind key_by; Start and End are its window's, where it has
	// one: both 0 where not.
	Key        []byte
	Start, End Millis
}

// ErrSkipped is the error of a dead letter that nothing was tried with: a person had the run pass it by, which is no reason
// to end the run where dead letters are one.
var ErrSkipped = errors.New("it was passed by, as `kstream seek --skip` asked")

// NewBatch returns an empty batch whose rows have slots fields.
func NewBatch(slots int) *Batch { return &Batch{stride: slots} }

// Fill empties b and puts copies of recs in it, each with a row of Missing fields. recs is borrowed until the next Fill.
func (b *Batch) Fill(p *Partition, recs []Record) {
	b.Reset()
	b.Partition, b.origins = p, recs
	b.Records = append(b.Records, recs...)
	for i := range b.Records {
		r := &b.Records[i]
		r.row, r.origin = uint32(i), uint32(i)
	}
	b.addRows(len(recs))
}

// What a batch keeps of what payloads of many records have made it: 100 fields of each of a slice's records, and 20 records
// of each.
const keepValues, keepRecords = 100_000, 20_000

// Reset empties b and keeps its memory, up to a bound: a batch that has met a huge record does not stay huge.
func (b *Batch) Reset() {
	clear(b.Records)
	clear(b.Rejected)
	clear(b.taken)
	clear(b.later)
	b.Records, b.Rejected, b.values, b.rows = b.Records[:0], b.Rejected[:0], b.values[:0], 0
	b.taken, b.later = b.taken[:0], b.later[:0]
	b.Partition, b.origins = nil, nil
	if b.arena.reset(); cap(b.values) > keepValues {
		b.values = nil
	}
	if cap(b.Records) > keepRecords {
		b.Records = nil
	}
}

func (b *Batch) addRows(n int) {
	b.rows += n
	if b.stride == 0 {
		return
	}
	need, from := b.rows*b.stride, len(b.values)
	if need > cap(b.values) {
		grown := make([]Value, from, max(need, 2*cap(b.values)))
		copy(grown, b.values)
		b.values = grown
	}
	b.values = b.values[:need]
	clear(b.values[from:])
}

// Row returns the fields of r by slot. Rows that were taken before a Derive may be out of date.
func (b *Batch) Row(r *Record) []Value {
	i := int(r.row) * b.stride
	return b.values[i : i+b.stride : i+b.stride]
}

// Derive returns a record made from r with data as its payload and a row of its own, all Missing: what flat_map emits.
// It keeps r's position and origin. data must live as long as the batch (Keep).
func (b *Batch) Derive(r *Record, data []byte) Record {
	d := *r
	d.Data, d.row = data, uint32(b.rows)
	b.addRows(1)
	return d
}

// Origin returns the record as it was read that r was made from: its position and original bytes.
func (b *Batch) Origin(r *Record) *Record { return &b.origins[r.origin] }

// Filter leaves the records in that keep is true of, which may change them and Reject the others. Only those behind a record that
// went are moved.
func (b *Batch) Filter(keep func(r *Record) bool) {
	n := 0
	for i := range b.Records {
		n = b.keep(n, i, keep)
	}
	b.Records = b.Records[:n]
}

// keep moves the i-th record behind the first n that stay, if it does too, and returns how many stay then.
func (b *Batch) keep(n, i int, keep func(r *Record) bool) int {
	if !keep(&b.Records[i]) {
		return n
	}
	if n < i {
		b.Records[n] = b.Records[i]
	}
	return n + 1
}

// Reject takes r out of the flow with the error. The caller leaves r out of Records.
func (b *Batch) Reject(r *Record, stage string, err error) {
	b.Rejected = append(b.Rejected, Rejected{Record: *b.Origin(r), Stage: stage, Err: err})
}

// Keep copies p into the batch, to live as long as its records.
func (b *Batch) Keep(p []byte) []byte { return b.arena.kept(append(b.arena.free, p...), 0) }

// Scratch returns the batch's scratch space to append to; Kept takes back what append returned and gives the new part.
// Nothing else may be kept between the two.
func (b *Batch) Scratch() []byte { return b.arena.free }

// Kept ends what Scratch began: it returns the bytes behind the first from, to live as long as the batch's records.
func (b *Batch) Kept(scratch []byte, from int) []byte { return b.arena.kept(scratch, from) }
