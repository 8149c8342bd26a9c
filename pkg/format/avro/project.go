package avro

import (
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// projector reads wanted fields of one schema's records.
type projector struct {
	schema *Schema
	plan   *plan
	direct bool
	json   *format.Projector // where the wire can't be read field by field
	reader reader
	arena  format.Arena
	row    []record.Value
}

func newProjector(s *Schema, p *format.Projection) *projector {
	r := &projector{schema: s}
	var wants []want
	if wants, r.direct = wantsOf(s, p); r.direct {
		r.plan = newPlan(s.root, wants)
	} else {
		r.json = p.Projector()
	}
	return r
}

// project reads the record that src holds from at on.
func (p *projector) project(src []byte, at int, a format.Arena, row []record.Value) (err error) {
	if !p.direct {
		doc := a.Scratch()
		from := len(doc)
		if doc, err = p.schema.record(doc, src, at); err != nil {
			return err
		}
		return p.json.Project(a.Kept(doc, from), a, row)
	}
	p.reader, p.arena, p.row = reader{cursor{src, at}, maxOutput}, a, row
	err = p.follow(p.plan, p.schema.root, 0)
	if left := p.reader.left(); err == nil && left > 0 {
		err = p.reader.fault(p.reader.at, tooMany, left)
	}
	p.reader, p.arena, p.row = reader{}, nil, nil
	return err
}

// follow reads the value that comes next, of type n, as the plan says; there is none where nothing in it is wanted.
func (p *projector) follow(plan *plan, n *node, depth int) error {
	if plan == nil {
		return p.reader.skip(n, depth)
	}
	if len(plan.slots) > 0 {
		at := p.reader.at
		v, err := p.value(n, depth)
		if err != nil {
			return err
		}
		for _, s := range plan.slots {
			p.row[s] = v
		}
		if len(plan.slots) == len(plan.all) {
			return nil
		}
		p.reader.at = at
	}
	switch {
	case plan.fields != nil:
		for i := range n.fields {
			if err := p.follow(plan.fields[i], n.fields[i].node, depth+1); err != nil {
				return within(n.fields[i].name, err)
			}
		}
		return nil
	case plan.branches != nil:
		i, err := p.reader.choice(len(n.branches), "branch")
		if err != nil {
			return err
		}
		return p.follow(plan.branches[i], n.branches[i], depth)
	}
	return p.keys(plan, n, depth+1)
}

// keys reads a map's wanted keys: of several equal ones it is the last.
func (p *projector) keys(plan *plan, n *node, depth int) error {
	for {
		count, err := p.reader.block(n)
		if err != nil || count == 0 {
			return err
		}
		for ; count > 0; count-- {
			key, err := p.reader.bytes()
			if err != nil {
				return err
			}
			below := plan.key(key)
			if below != nil {
				for _, s := range below.all {
					p.row[s] = record.Value{}
				}
			}
			if err := p.follow(below, n.items, depth); err != nil {
				return err
			}
		}
	}
}

// value reads the value that comes next. What costs no more than its bytes is read as it stands; the rest by way of its
// JSON.
func (p *projector) value(n *node, depth int) (v record.Value, err error) {
	r := &p.reader
	for n.kind == union {
		if n, err = n.choose(&r.cursor); err != nil {
			return v, err
		}
	}
	switch {
	case n.logical != plain:
	case n.kind == null:
		return record.Value{Kind: record.Null}, nil
	case n.kind == boolean:
		b, err := r.boolean()
		return record.BoolValue(b), err
	case n.kind == integer:
		i, err := r.int()
		return record.IntValue(i), err
	case n.kind == long:
		i, err := r.long()
		return record.IntValue(i), err
	case n.kind == enum:
		i, err := r.choice(len(n.symbols), "symbol")
		if err != nil {
			return v, err
		}
		return record.Value{Kind: record.String, Text: n.symbols[i].text}, nil
	case n.kind == text:
		at := r.at
		s, err := r.bytes()
		if err != nil || utf8.Valid(s) {
			return record.Value{Kind: record.String, Text: s}, err
		}
		r.at = at
	}
	dst := p.arena.Scratch()
	from := len(dst)
	r.max = from + r.budget()
	if dst, err = r.value(dst, n, depth); err != nil {
		return v, err
	}
	return format.Parse(p.arena.Kept(dst, from), p.arena), nil
}
