package expression

import (
	"fmt"
	"math"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/operator/expression/syntax"
	"github.com/kstream/kstream/pkg/record"
)

// table returns the look-up that n names, nil where it names none: a let of that name is the nearer one.
func (c *compiler) table(n syntax.Node) Lookup {
	name, ok := n.(*syntax.Name)
	if !ok {
		return nil
	}
	for _, v := range c.vars {
		if v == name.Value {
			return nil
		}
	}
	return c.names.Table(name.Value)
}

// lookUp compiles a table's name with constant names behind it, the first of which is the key. A table itself is no value.
func (c *compiler) lookUp(n *syntax.Name, table Lookup, names []string, dotted int) operand {
	if len(names) == 0 || dotted > 0 {
		hint := fmt.Sprintf("a row of it is %s[key]; a field of that name is this.%s", n.Value, n.Value)
		return c.fault(n, hint, "%s is a table", n.Value)
	}
	return members(lookedUp(table, constant(record.Value{Kind: record.String, Text: []byte(names[0])})), names[1:])
}

// lookedUp compiles table[key]: nil where no row has the key.
func lookedUp(table Lookup, key operand) operand {
	return operand{types: Any, eval: func(f *Frame) record.Value {
		k := key.eval(f)
		if k.Nil() || f.err != nil || !f.read(k.Text) {
			return record.Value{}
		}
		text := k.Text
		if k.Kind != record.String {
			f.key = AppendKey(f.key[:0], &k)
			text = f.key
		}
		row := table(text)
		if row == nil || !f.read(row) {
			return record.Value{}
		}
		return f.parse(row)
	}}
}

// AppendKey appends the text under which a table has a row whose key is v: a string is itself, a number is written in one
// way however it came (7, 7.0 and 7e0 are one key), everything else is as string(v) gives it.
func AppendKey(dst []byte, v *record.Value) []byte {
	if v.Kind != record.Int && v.Kind != record.Float {
		return format.AppendText(dst, v)
	}
	n, whole := v.Int()
	if !whole {
		x, _ := v.Float()
		if x != math.Trunc(x) || !(math.Abs(x) < 1<<63) {
			plain := record.FloatValue(x)
			return format.AppendText(dst, &plain)
		}
		n = int64(x)
	}
	plain := record.IntValue(n)
	return format.AppendText(dst, &plain)
}
