package operator

import (
	"fmt"
	"strings"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/operator/expression"
)

// document is a payload that has been decoded: the fields that later stages asked for, each with its slot.
type document struct {
	b          *builder
	projection *format.Projection // nil for text, whose one field is in the shape
	slots      map[string]int
	watch      *watcher
	// check returns why no document can have a field of those names; nil: nothing says which fields there are.
	check func(names []string) error
	// json is true where payloads are JSON themselves.
	json bool
	// replaces is true where what goes out is made of the document: then the payload becomes the document's JSON.
	replaces bool
}

// field returns how to read a field of the document as it came.
func (d *document) field(p format.Path) expression.Eval {
	key := fmt.Sprintf("%d%q", p.Dotted, p.Names)
	slot, ok := d.slots[key]
	if !ok {
		slot = d.b.slot()
		d.slots[key] = slot
		d.projection.Want(p, slot)
	}
	if !d.b.quiet {
		d.watch.field(strings.Join(p.Names, "."), slot)
	}
	return expression.Slot(slot)
}

// whole returns how to read the document itself.
func (d *document) whole() expression.Eval {
	slot, ok := d.slots["this"]
	if !ok {
		slot = d.b.slot()
		d.slots["this"] = slot
		d.projection.WantWhole(slot)
	}
	return expression.Slot(slot)
}
