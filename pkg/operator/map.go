package operator

import (
	"github.com/kstream/kstream/pkg/format"
)

// map a, b = EXPR makes a new record of these fields, in this order. A field that is nil goes out as null.
func compileMap(b *builder, c *clause) {
	made := b.assignments(c)
	values := b.valuesOf(made)
	b.fields.shape = format.Object()
	for i, a := range made {
		b.fields.put(a.path, values[i].slot)
	}
	b.addAssign(c, made, values)
}
