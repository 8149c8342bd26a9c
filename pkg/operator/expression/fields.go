package expression

import (
	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// Nothing is nil for every record.
func Nothing(*Frame) record.Value { return record.Value{} }

// Slot reads a slot of the record's row.
func Slot(slot int) Eval { return func(f *Frame) record.Value { return f.Row[slot] } }

// Below reads x.a.b, for names a and b.
func Below(x Eval, names []string) Eval { return members(operand{eval: x}, names).eval }

// First reads x.a.b where there is an x, be it null, and otherwise what next reads.
func First(x Eval, names []string, next Eval) Eval {
	keys := make([][]byte, len(names))
	for i, name := range names {
		keys[i] = []byte(name)
	}
	return func(f *Frame) record.Value {
		v := x(f)
		if v.Kind == record.Missing {
			return next(f)
		}
		for _, key := range keys {
			v = f.member(&v, key)
		}
		return v
	}
}

// Spliced reads an object of the splicer's shape over what base reads. What is no object there stays as it is, unless
// the shape makes one.
func Spliced(w *format.Splicer, base Eval) Eval {
	return func(f *Frame) record.Value {
		doc := base(f)
		if doc.Kind != record.Object {
			switch {
			case w.Shut() && !w.Makes():
				return record.Value{}
			case !w.Makes():
				return doc
			}
			doc.Text = nil
		}
		if !f.room(len(doc.Text)) {
			return record.Value{}
		}
		dst := f.batch.Scratch()
		from := len(dst)
		return f.text(record.Object, w.Append(dst, doc.Text, f.Row), from)
	}
}

// Field returns the program that reads one field and does nothing else.
func Field(p format.Path, names Names) *Program {
	text := p.Names[0]
	for _, name := range p.Names[1:] {
		text += "." + name
	}
	return &Program{eval: names.Field(p), types: Any, text: text}
}
