package format

import (
	"errors"
	"slices"
)

// Path names a field: Names from the document's top down.
type Path struct {
	Names []string
	// Dotted is how many leading names were joined by dots: where the document has no field of the first, the fields
	// "a.b" and "a.b.c" are tried. At least 1.
	Dotted int
}

// Projection reads the fields that a chain needs out of JSON objects, in one pass that checks the whole document and
// takes only those apart. It is built by Want and then shared: reading goes through a Projector.
type Projection struct {
	root  key
	wants int
	whole int // the slot of the document itself, -1 for none
	list  []Wanted
}

// key is a name on the way to wanted fields.
type key struct {
	name  string
	below []*key
	uses  []use
}

// use is what one wanted field makes of a key. Its rank is how many names the key's top-level ancestor joins: 1 is the
// plain field, more is a field whose own name has dots, and the lowest that the document has is the one.
type use struct {
	want, slot, rank int
	final            bool // the key is the field itself, not only on the way to it
}

// What Project says of payloads that have no fields at all.
var (
	ErrEmpty     = errors.New("the payload is empty")
	ErrNotObject = errors.New("the payload is no JSON object, so it has no fields")
)

// NewProjection returns a projection of no fields: it just checks documents.
func NewProjection() *Projection { return &Projection{whole: -1} }

// Want has the field at p put into slot.
func (p *Projection) Want(path Path, slot int) {
	for rank := 1; rank <= path.Dotted; rank++ {
		k := &p.root
		for i, name := range path.Joined(rank) {
			k = k.child(name)
			final := i == len(path.Names)-rank
			if final || i == 0 {
				k.uses = append(k.uses, use{p.wants, slot, rank, final})
			}
		}
	}
	p.wants++
	p.list = append(p.list, Wanted{path, slot})
}

// WantWhole has the document itself put into slot.
func (p *Projection) WantWhole(slot int) { p.whole = slot }

// Then returns p with more names behind it.
func (p Path) Then(names []string) Path {
	return Path{Names: append(slices.Clip(p.Names), names...), Dotted: p.Dotted}
}

// Joined returns the path's names with the first rank of them joined by dots into one.
func (p Path) Joined(rank int) []string {
	first := p.Names[0]
	for _, n := range p.Names[1:rank] {
		first += "." + n
	}
	return append([]string{first}, p.Names[rank:]...)
}

func (k *key) child(name string) *key {
	for _, c := range k.below {
		if c.name == name {
			return c
		}
	}
	c := &key{name: name}
	k.below = append(k.below, c)
	return c
}

// simple reports whether k, a name at the top, is one field and nothing else: what most fields are.
func (k *key) simple() bool {
	return len(k.uses) == 1 && len(k.below) == 0 && k.uses[0].final && k.uses[0].rank == 1
}

func (k *key) find(name []byte) *key {
	for _, c := range k.below {
		if c.name == string(name) {
			return c
		}
	}
	return nil
}
