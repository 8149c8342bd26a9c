package record

import "errors"

// Batch is a slice of a page on its way through a chain, or what the chain made of it: at most 1,000 records or 1 MiB as
// it enters. Each record has a row of fields, whose slots the chain's plan has given out.
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

	origins []Record
	taken   []Record // the origins of records that Take and Add brought in
	scratch []byte
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

// Reset empties b and keeps its memory, up to a bound: a batch that has met a huge record does not stay huge.
func (b *Batch) Reset() {
	const keep = 4 << 20 // bytes of scratch: four slices' worth
	clear(b.Records)
	clear(b.Rejected)
	clear(b.taken)
	b.Records, b.Rejected, b.values, b.rows = b.Records[:0], b.Rejected[:0], b.values[:0], 0
	b.taken = b.taken[:0]
	b.Partition, b.origins = nil, nil
	if b.scratch = b.scratch[:0]; cap(b.scratch) > keep {
		b.scratch = nil
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

// Reject takes r out of the flow with the error. The caller leaves r out of Records.
func (b *Batch) Reject(r *Record, stage string, err error) {
	b.Rejected = append(b.Rejected, Rejected{Record: *b.Origin(r), Stage: stage, Err: err})
}

// Keep copies p into the batch, to live as long as its records.
func (b *Batch) Keep(p []byte) []byte {
	n := len(b.scratch)
	b.scratch = append(b.scratch, p...)
	return b.scratch[n:len(b.scratch):len(b.scratch)]
}

// Scratch returns the batch's scratch space to append to; Kept takes back what append returned and gives the new part.
// Nothing else may be kept between the two.
func (b *Batch) Scratch() []byte { return b.scratch }

// Kept ends what Scratch began: it returns the bytes behind the first from, to live as long as the batch's records. (An
// array that was outgrown stays alive through the slices into it.)
func (b *Batch) Kept(scratch []byte, from int) []byte {
	b.scratch = scratch
	return scratch[from:len(scratch):len(scratch)]
}
