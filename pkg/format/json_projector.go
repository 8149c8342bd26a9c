package format

import (
	"github.com/kstream/kstream/internal/bytescan"
	"github.com/kstream/kstream/pkg/record"
)

// Projector reads documents for one lane.
type Projector struct {
	p     *Projection
	ranks []int // by want: the rank that has been found in the document so far, 0 for none
	buf   []byte
	seen  []member // the members of documents before, in their order

	doc   scan
	arena Arena
	row   []record.Value
}

// Projector returns a reader for one lane. Want may not be called after it.
func (p *Projection) Projector() *Projector {
	const longName = 64 // a name with escapes that is longer costs an allocation
	return &Projector{p: p, ranks: make([]int, p.wants), buf: make([]byte, 0, longName)}
}

// Project puts the fields of doc into row. Values alias doc or are a's. Of members with one name the last one counts.
// An error says where doc is not a JSON object; row may hold part of the fields then.
func (r *Projector) Project(doc []byte, a Arena, row []record.Value) error {
	clear(r.ranks)
	from := skipSpace(doc, 0)
	if from == len(doc) {
		return ErrEmpty
	}
	if doc[from] != '{' {
		return ErrNotObject
	}
	r.doc = scan{text: doc, marks: bytescan.Marks(r.doc.marks, doc)}
	r.arena, r.row = a, row
	end, err := r.document(from)
	if err != nil {
		return err
	}
	if rest := skipSpace(doc, end); rest < len(doc) {
		return fault(rest, "something stands behind the document")
	}
	if r.p.whole >= 0 {
		row[r.p.whole] = record.Value{Kind: record.Object, Text: doc[from:end]}
	}
	return nil
}

// document passes the object at i that is the whole document.
func (r *Projector) document(i int) (end int, err error) {
	text := r.doc.text
	i = skipSpace(text, i+1)
	if i < len(text) && text[i] == '}' {
		return i + 1, nil
	}
	for n := 0; ; n++ {
		var k *key
		if n < len(r.seen) && r.seen[n].at(text, i) {
			k, i = r.seen[n].key, skipSpace(text, i+len(r.seen[n].text))
		} else if k, i, err = r.unseen(i, n); err != nil {
			return i, err
		}
		switch {
		case k == nil:
			i, err = r.doc.value(i, 1)
		case k.simple():
			i, err = r.simple(i, k)
		default:
			r.enter(k)
			i, err = r.field(i, k, 1)
		}
		if err != nil {
			return i, err
		}
		if i+1 < len(text) && text[i] == ',' && text[i+1] == '"' {
			i++
			continue
		}
		var more bool
		if i, more, err = r.doc.comma(i, '}'); err != nil || !more {
			return i, err
		}
	}
}

// object passes an object below the document that fields are read of.
func (r *Projector) object(i int, k *key, depth int) (end int, err error) {
	if depth > MaxDepth {
		return i, fault(i, "nesting too deep")
	}
	text := r.doc.text
	i = skipSpace(text, i+1)
	if i < len(text) && text[i] == '}' {
		return i + 1, nil
	}
	for {
		nameEnd, at, err := r.doc.key(i)
		if err != nil {
			return at, err
		}
		if next := k.find(name(text[i:nameEnd], r.buf)); next == nil {
			i, err = r.doc.value(at, depth)
		} else {
			r.forget(next)
			i, err = r.field(at, next, depth)
		}
		if err != nil {
			return i, err
		}
		var more bool
		if i, more, err = r.doc.comma(i, '}'); err != nil || !more {
			return i, err
		}
	}
}

// simple takes the value at i for k, which is simple.
func (r *Projector) simple(i int, k *key) (end int, err error) {
	u := &k.uses[0]
	end, ok := r.doc.short(i, &r.row[u.slot])
	if !ok {
		if end, err = r.doc.value(i, 1); err != nil {
			return end, err
		}
		r.row[u.slot] = Parse(r.doc.text[i:end], r.arena)
	}
	r.ranks[u.want] = u.rank
	return end, nil
}

// field passes the value at i of the field k.
func (r *Projector) field(i int, k *key, depth int) (end int, err error) {
	if len(k.below) > 0 && i < len(r.doc.text) && r.doc.text[i] == '{' {
		end, err = r.object(i, k, depth+1)
	} else {
		end, err = r.doc.value(i, depth)
	}
	if err != nil || len(k.uses) == 0 {
		return end, err
	}
	r.take(k, r.doc.text[i:end])
	return end, nil
}

// enter notes that the document has the top-level field k: it wins over fields of a higher rank, and takes the place of
// an earlier one of its own name.
func (r *Projector) enter(k *key) {
	for _, u := range k.uses {
		if best := r.ranks[u.want]; best == 0 || u.rank <= best {
			r.ranks[u.want] = u.rank
			r.row[u.slot] = record.Value{}
		}
	}
}

// forget empties what an earlier member of k's name had below it.
func (r *Projector) forget(k *key) {
	for _, c := range k.below {
		for _, u := range c.uses {
			if r.ranks[u.want] == u.rank {
				r.row[u.slot] = record.Value{}
			}
		}
		r.forget(c)
	}
}

func (r *Projector) take(k *key, raw []byte) {
	var v record.Value
	for _, u := range k.uses {
		if !u.final || r.ranks[u.want] != u.rank {
			continue
		}
		if v.Kind == record.Missing {
			v = Parse(raw, r.arena)
		}
		r.row[u.slot] = v
	}
}
