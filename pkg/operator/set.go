package operator

import (
	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/operator/expression"
)

// set a = EXPR, b = EXPR changes fields or adds them at the record's end. All expressions see the record as it was before
// the stage. Every other byte of it stays as it is. A field below one that is no object is a dead letter.
func compileSet(b *builder, c *clause) {
	b.fields.need()
	made := b.assignments(c)
	values := b.valuesOf(made)
	for i, a := range made {
		values[i].above = b.above(a.path)
		values[i].path = pathText(a.path)
	}
	for i, a := range made {
		b.fields.put(a.path, values[i].slot)
	}
	b.addAssign(c, made, values)
}

// above returns the fields that path leads through.
func (b *builder) above(path []string) (above []*expression.Program) {
	b.quiet = true
	defer func() { b.quiet = false }()
	for n := 1; n < len(path); n++ {
		above = append(above, expression.Field(format.Path{Names: path[:n], Dotted: 1}, b.fields))
	}
	return above
}
