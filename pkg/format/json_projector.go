package format

import (
	"github.com/kstream/kstream/pkg/record"
)

// Projector reads documents for one lane.
type Projector struct {
	p     *Projection
	ranks []int // by want: the rank that has been found in the document so far, 0 for none
	buf   []byte

	arena Arena
	doc   []byte
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
	r.doc, r.arena, r.row = doc, a, row
	from := skipSpace(doc, 0)
	if from == len(doc) {
		return ErrEmpty
	}
	if doc[from] != '{' {
		return ErrNotObject
	}
	end, err := r.object(from, &r.p.root, 1)
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

func (r *Projector) object(i int, k *key, depth int) (int, error) {
	if depth > MaxDepth {
		return i, fault(i, "nesting too deep")
	}
	i = skipSpace(r.doc, i+1)
	if i < len(r.doc) && r.doc[i] == '}' {
		return i + 1, nil
	}
	for {
		keyEnd, at, err := skipKey(r.doc, i)
		if err != nil {
			return at, err
		}
		next := k.find(name(r.doc[i:keyEnd], r.buf))
		if i, err = r.value(at, next, k == &r.p.root, depth); err != nil {
			return i, err
		}
		var more bool
		if i, more, err = skipComma(r.doc, i, '}'); err != nil || !more {
			return i, err
		}
	}
}

// value passes the value at i of the field k, nil for one that nobody wants.
func (r *Projector) value(i int, k *key, top bool, depth int) (end int, err error) {
	if k == nil {
		return skip(r.doc, i, depth)
	}
	if top {
		r.enter(k)
	} else {
		r.forget(k)
	}
	if len(k.below) > 0 && i < len(r.doc) && r.doc[i] == '{' {
		end, err = r.object(i, k, depth+1)
	} else {
		end, err = skip(r.doc, i, depth)
	}
	if err != nil || len(k.uses) == 0 {
		return end, err
	}
	r.take(k, r.doc[i:end])
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
