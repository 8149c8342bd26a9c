package protobuf

import (
	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// FieldReader reads wanted fields straight from the wire and passes all others by. One goroutine uses it.
//
// A field is what a format.Projector reads of the JSON that a Transcoder makes of the message, but that a Timestamp in the
// years 1678 to 2262 is a record.Time, which goes out as that JSON has it. What nobody wants is checked no further than
// passing it by takes.
type FieldReader struct {
	plan  *node
	whole int // the slot of the document itself, -1 for none
	json  *format.Projector
	t     Transcoder

	arena format.Arena
	row   []record.Value
	left  int // bytes of JSON that may yet be made of the payload
}

// FieldReader returns a reader of the fields that p wants, for one lane. Those that the message can't have stay Missing.
func (s *Schema) FieldReader(p *format.Projection) *FieldReader {
	r := &FieldReader{whole: -1, t: Transcoder{schema: s}}
	if slot, ok := p.Whole(); ok {
		r.whole = slot
	}
	if s.root.form > emptyForm { // a Struct's fields are no fields of the message
		r.json = p.Projector()
		return r
	}
	tree := &want{}
	for _, w := range p.Wanted() {
		tree.add(w.Path.Names, w.Slot)
	}
	r.plan = newNode(s.root, tree)
	return r
}

// Project puts the wanted fields of the message into row. Strings alias payload; bytes, lists, objects and what has digits
// of its own are a's. An error is a *Fault, and row may hold part of the fields then.
func (r *FieldReader) Project(payload []byte, a format.Arena, row []record.Value) error {
	p, fault := r.t.begin(0, payload)
	if fault != nil {
		return fault
	}
	r.arena, r.row, r.left = a, row, r.t.limit
	if r.json != nil {
		return r.projectJSON(p)
	}
	if r.whole >= 0 {
		text, fault := r.keep(func(dst []byte) ([]byte, *Fault) { return r.t.message(dst, r.t.schema.root, p, 1) })
		if fault != nil {
			return fault
		}
		row[r.whole] = record.Value{Kind: record.Object, Text: text}
	}
	if fault := r.message(r.plan, p, 1); fault != nil {
		return fault
	}
	return nil
}

func (r *FieldReader) projectJSON(p part) error {
	text, fault := r.keep(func(dst []byte) ([]byte, *Fault) { return r.t.message(dst, r.t.schema.root, p, 1) })
	if fault != nil {
		return fault
	}
	return r.json.Project(text, r.arena, r.row)
}

// keep returns what write appends, as bytes of the arena.
func (r *FieldReader) keep(write func(dst []byte) ([]byte, *Fault)) ([]byte, *Fault) {
	dst := r.arena.Scratch()
	from := len(dst)
	r.t.limit = from + r.left
	dst, fault := write(dst)
	r.left -= len(dst) - from
	return r.arena.Kept(dst, from), fault
}

// message reads the fields that n wants of a message.
func (r *FieldReader) message(n *node, p part, depth int) *Fault {
	if depth > MaxDepth {
		return p.fault(0, problemDepth)
	}
	from, fault := r.t.open(&n.layout, p)
	defer r.t.close(from)
	if fault != nil {
		return fault
	}
	for i := range n.wants {
		w, f, s := n.wants[i], n.fields[i], r.t.slots[from+i]
		if w == nil {
			continue
		}
		if s.count == 0 {
			w.put(r.row, f.zeroValue())
			continue
		}
		if fault := r.field(n, i, p, s, depth); fault != nil {
			return fault.in(f.name)
		}
	}
	return nil
}

// field reads a field that is there, and what is wanted below it.
func (r *FieldReader) field(n *node, i int, p part, s slot, depth int) *Fault {
	w, f, below := n.wants[i], n.fields[i], n.below[i]
	var v record.Value
	var fault *Fault
	if len(w.slots) > 0 || len(w.below) > 0 && f.opaque() {
		if v, fault = r.value(f, p, s, depth); fault != nil {
			return fault
		}
		w.put(r.row, v)
	}
	switch {
	case len(w.below) == 0 || f.list:
		return nil
	case f.opaque():
		r.inside(w, v.Text)
		return nil
	case f.mapped:
		return r.entries(n.keys[i], f, p, s, depth)
	case below != nil:
		return r.message(below, r.part(f, p, s), depth+1)
	}
	return nil
}

// part returns the bytes of a message inside p; those of one that stands there in several pieces are the arena's, as
// strings alias them.
func (r *FieldReader) part(f *field, p part, s slot) part {
	if s.count == 1 {
		return p.content(int(s.value), f.number, f.wire)
	}
	dst := r.arena.Scratch()
	from := len(dst)
	dst = f.join(dst, p, s)
	return part{r.arena.Kept(dst, from), -1}
}

// inside reads wanted fields of a document: what is in a Struct, a Value or an Any.
func (r *FieldReader) inside(w *want, text []byte) {
	if len(text) == 0 || text[0] != '{' {
		return
	}
	for _, b := range w.below {
		raw := format.Member(text, []byte(b.name))
		if raw == nil {
			continue
		}
		b.put(r.row, format.Parse(raw, r.arena))
		r.inside(b, raw)
	}
}
