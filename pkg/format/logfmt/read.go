package logfmt

import (
	"bytes"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/escape"
	"github.com/kstream/kstream/pkg/format/scalar"
	"github.com/kstream/kstream/pkg/record"
)

// Reader is a format.FieldReader: it makes values of the wanted fields and passes the others by. It refuses what a Decoder
// refuses. One goroutine uses it.
type Reader struct {
	scan  scanner
	uses  []use
	ranks []int // by wanted field: the rank that has been found in the payload so far, 0 for none
	buf   []byte
}

// use is what one wanted field makes of a name. A value is never an object, so that a.b is the field a.b, its use of rank 2,
// and nothing where there is a field a, of rank 1. The lowest rank that a payload has is the one.
type use struct {
	name             string
	want, slot, rank int
	final            bool // the name is the whole path
}

// NewReader returns a reader of the wanted fields: a projection that wants the whole document needs a Decoder.
func NewReader(wanted []format.Wanted) *Reader {
	r := &Reader{ranks: make([]int, len(wanted))}
	for i, w := range wanted {
		for rank := 1; rank <= w.Path.Dotted; rank++ {
			names := w.Path.Joined(rank)
			r.uses = append(r.uses, use{names[0], i, w.Slot, rank, len(names) == 1})
		}
	}
	return r
}

// Project puts the wanted fields of the line of payload into row. Of pairs with one name the last one counts.
func (r *Reader) Project(payload []byte, a format.Arena, row []record.Value) error {
	if err := r.scan.reset(payload); err != nil {
		return err
	}
	clear(r.ranks)
	for r.scan.more() {
		p, err := r.scan.next()
		if err != nil {
			return err
		}
		name := p.name
		if p.nameQuoted && bytes.IndexByte(name, '\\') >= 0 {
			r.buf = escape.Append(r.buf[:0], name)
			name = r.buf
		}
		r.take(name, &p, a, row)
	}
	return r.scan.end()
}

func (r *Reader) take(name []byte, p *pair, a format.Arena, row []record.Value) {
	for i := range r.uses {
		u := &r.uses[i]
		if u.name != string(name) {
			continue
		}
		if best := r.ranks[u.want]; best != 0 && best < u.rank {
			continue
		}
		r.ranks[u.want] = u.rank
		if row[u.slot] = (record.Value{}); u.final {
			row[u.slot] = value(p, a)
		}
	}
}

func value(p *pair, a format.Arena) record.Value {
	switch {
	case p.alone:
		return record.BoolValue(true)
	case p.valueQuoted && bytes.IndexByte(p.value, '\\') >= 0:
		dst := a.Scratch()
		from := len(dst)
		return record.Value{Kind: record.String, Text: a.Kept(escape.Append(dst, p.value), from)}
	case p.valueQuoted || len(p.value) == 0:
		return record.Value{Kind: record.String, Text: p.value}
	case string(p.value) == "null":
		return record.Value{Kind: record.Null}
	}
	return scalar.Infer(p.value, a)
}

var _ format.FieldReader = (*Reader)(nil)
