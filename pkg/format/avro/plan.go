package avro

import (
	"github.com/kstream/kstream/pkg/format"
)

// plan is what a projection does at one type of the schema.
type plan struct {
	node *node
	// slots are where the value itself goes.
	slots []int
	// fields are a record's, nil where nothing in one is wanted; branches a union's.
	fields   []*plan
	branches []*plan
	// keys are a map's wanted ones.
	keys []keyPlan
	// all are the slots of everything below, which a map's key that comes twice empties.
	all []int
}

type keyPlan struct {
	key  string
	plan *plan
}

// want is a wanted field, and the names on the way to it from the type that a plan is for.
type want struct {
	names []string
	slot  int
}

// newPlan returns the plan for n, nil where nothing is wanted. Lists have no fields by name.
func newPlan(n *node, wants []want) *plan {
	p := &plan{node: n}
	var below []want
	for _, w := range wants {
		if len(w.names) == 0 {
			p.slots, p.all = append(p.slots, w.slot), append(p.all, w.slot)
		} else {
			below = append(below, w)
		}
	}
	if len(below) > 0 {
		p.below(n, below)
	}
	if len(p.all) == 0 {
		return nil
	}
	return p
}

func (p *plan) below(n *node, wants []want) {
	switch n.kind {
	case object:
		fields := make([]*plan, len(n.fields))
		for i := range fields {
			if fields[i] = newPlan(n.fields[i].node, under(n.fields[i].name, wants)); fields[i] != nil {
				p.fields, p.all = fields, append(p.all, fields[i].all...)
			}
		}
	case mapping:
		for _, w := range wants {
			if p.key([]byte(w.names[0])) != nil {
				continue
			}
			if k := newPlan(n.items, under(w.names[0], wants)); k != nil {
				p.keys, p.all = append(p.keys, keyPlan{w.names[0], k}), append(p.all, k.all...)
			}
		}
	case union:
		branches := make([]*plan, len(n.branches))
		for i, b := range n.branches {
			if branches[i] = newPlan(b, wants); branches[i] != nil {
				p.branches, p.all = branches, append(p.all, branches[i].all...)
			}
		}
	}
}

func under(name string, wants []want) (below []want) {
	for _, w := range wants {
		if w.names[0] == name {
			below = append(below, want{w.names[1:], w.slot})
		}
	}
	return below
}

func (p *plan) key(name []byte) *plan {
	for i := range p.keys {
		if p.keys[i].key == string(name) {
			return p.keys[i].plan
		}
	}
	return nil
}

// wantsOf returns what p wants as ways through a schema, whose names have no dots: of the names that a dotted path may
// stand for only the plain one can be there. ok is false where the wire can't be read by such ways: the whole record is
// wanted, or the record may be a map.
func wantsOf(s *Schema, p *format.Projection) (wants []want, ok bool) {
	if _, whole := p.Whole(); whole || s.root.kind != object {
		return nil, false
	}
	for _, w := range p.Wanted() {
		wants = append(wants, want{w.Path.Names, w.Slot})
	}
	return wants, true
}
