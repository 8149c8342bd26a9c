package operator

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// tablesPerStage is how many tables of the state belong to each keyed stage, in the chain's order. It is part of the state's
// format, so there are more than are used.
const tablesPerStage = 4

// everything is the group of a chain without key_by: the whole stream is one. It is not nil, which is no group.
var everything = []byte{}

// wholeStream is the keying of windows without key_by.
var wholeStream = &keying{}

// keyed begins a keyed stage: it sees to it that the records come grouped by k, through an exchange where they do not yet.
// early is what of the stage runs before the exchange, and carry what it needs of a record behind it. It returns the
// stage's first table.
func (b *builder) keyed(c *clause, k *keying, carry *record.Carry, early ...step) (table uint16) {
	if b.revised != nil {
		b.fault(*b.revised, fmt.Sprintf("lateness can't stand before %s", c.word), "a window that opens again would be counted there twice")
		b.revised = nil
	}
	b.unused = nil
	for _, s := range early {
		b.step(s)
	}
	if b.spread != k {
		b.plan.parts[len(b.plan.parts)-1].carry = carry
		b.plan.parts = append(b.plan.parts, part{})
		b.spread = k
		b.letters(k)
	}
	b.plan.keyed = true
	b.tables += tablesPerStage
	return b.tables - tablesPerStage
}

// grouping returns the key in force for windows.
func (b *builder) grouping() *keying {
	if b.key == nil {
		return wholeStream
	}
	return b.key
}

// groupAll puts a record into the group of everything.
func groupAll(r *record.Record) { r.Group, r.Hash = everything, hashOfEverything }

var hashOfEverything = xxhash.Sum64(everything)

// letters plans what dead letters of the part that begins here say: the key that its records came by, the window of a result,
// and for one without a payload its fields.
func (b *builder) letters(k *keying) {
	at := &b.plan.parts[len(b.plan.parts)-1]
	key := newKeyWriter(k)
	results := &b.results
	at.letter = func() record.Encoder {
		return func(dst []byte, batch *record.Batch, r *record.Record) ([]byte, error) {
			if res := results.of(batch.Row(r)); res != nil {
				return res.fields.Append(dst, nil, batch.Row(r)), nil
			}
			return key.object(dst, r.Group)
		}
	}
	at.place = func(batch *record.Batch, d *record.Rejected) {
		if d.Key == nil && len(d.Record.Group) > 0 {
			dst := batch.Scratch()
			from := len(dst)
			if dst, err := key.object(dst, d.Record.Group); err == nil {
				d.Key = batch.Kept(dst, from)
			}
		}
		if res := results.of(batch.Row(&d.Record)); res != nil && d.Start == 0 && d.End == 0 {
			d.Start, d.End = res.span(batch.Row(&d.Record))
		}
	}
}

// keyWriter writes a group as the fields that it was made of. It never changes, and many goroutines may use it.
type keyWriter struct {
	k      *keying
	slots  []int
	object func(dst, group []byte) ([]byte, error)
}

func newKeyWriter(k *keying) *keyWriter {
	w := &keyWriter{k: k}
	shape := format.Object()
	for i, path := range k.paths {
		w.slots = append(w.slots, i)
		shape = shape.With(path, i)
	}
	splicer := format.NewSplicer(shape)
	w.object = func(dst, group []byte) ([]byte, error) {
		row := make([]record.Value, len(w.slots))
		if err := k.fill(row, w.slots, group); err != nil {
			return dst, err
		}
		return splicer.Append(dst, nil, row), nil
	}
	return w
}

// maxKey is the most characters of a partition key that the key is written out in: a limit of Kinesis.
const maxKey = 256

// text appends the key as a partition key: a single value as text, several as a JSON list. A nil one has a name too, so that
// its records stay together, and what a stream does not take as a key, nothing or too much, goes by the key's hash.
func (w *keyWriter) text(dst []byte, _ *record.Batch, r *record.Record) ([]byte, error) {
	from := len(dst)
	dst, err := w.writeOut(dst, r.Group)
	if key := dst[from:]; err == nil && (len(key) == 0 || len(key) > maxKey && utf8.RuneCount(key) > maxKey) {
		dst = strconv.AppendUint(dst[:from], r.Hash, 16)
	}
	return dst, err
}

func (w *keyWriter) writeOut(dst, group []byte) ([]byte, error) {
	var few [4]record.Value
	row := few[:]
	if len(w.slots) > len(row) {
		row = make([]record.Value, len(w.slots))
	}
	row = row[:len(w.slots)]
	if err := w.k.fill(row, w.slots, group); err != nil {
		return dst, err
	}
	if len(row) == 1 {
		if row[0].Nil() {
			return append(dst, "null"...), nil
		}
		return format.AppendText(dst, &row[0]), nil
	}
	dst = append(dst, '[')
	for i := range row {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = format.Append(dst, &row[i])
	}
	return append(dst, ']'), nil
}
