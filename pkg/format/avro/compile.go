package avro

import (
	"fmt"
	"slices"
	"strings"

	lib "github.com/twmb/avro"

	"github.com/kstream/kstream/pkg/format"
)

// compiler makes nodes of a schema's types. The library has checked the schema before.
type compiler struct {
	named map[string]*node // by full name
	// defaults has the fields' defaults made ready, which only writing needs.
	defaults bool
}

var kinds = map[string]kind{
	"null": null, "boolean": boolean, "int": integer, "long": long, "float": float, "double": double, "bytes": blob,
	"string": text, "enum": enum, "fixed": fixed, "array": array, "map": mapping, "union": union, "record": object, "error": object,
}

// node compiles t, which stands in the namespace ns.
func (c *compiler) node(t *lib.SchemaNode, ns string) (*node, error) {
	k, ok := kinds[t.Type]
	if !ok {
		return c.find(t.Type, ns)
	}
	n := &node{kind: k, size: t.Size, optional: -1}
	if t.Name != "" && (k == object || k == enum || k == fixed) {
		n.name = t.Name
		if !strings.Contains(t.Name, ".") && t.Namespace != "" {
			n.name = t.Namespace + "." + t.Name
		}
		ns, c.named[n.name] = namespace(n.name), n // before its fields, which may be of this type
	}
	if l, ok := logicals[t.LogicalType]; ok && slices.Contains(l.on, k) {
		n.logical, n.precision, n.scale = l.is, t.Precision, t.Scale
	}
	if n.logical == uuid && n.size != 16 || n.logical == duration && n.size != durationSize {
		n.logical = plain
	}
	n.empty = k == null || k == fixed && n.size == 0
	if k == enum {
		n.symbols, n.index = make([]symbol, len(t.Symbols)), make(map[string]int, len(t.Symbols))
	}
	for i, s := range t.Symbols {
		n.symbols[i], n.index[s] = symbol{[]byte(s), format.AppendString(nil, []byte(s))}, i
	}
	return n, c.below(n, t, ns)
}

// below compiles the types that n is made of.
func (c *compiler) below(n *node, t *lib.SchemaNode, ns string) (err error) {
	switch n.kind {
	case array:
		n.items, err = c.node(t.Items, ns)
	case mapping:
		n.items, err = c.node(t.Values, ns)
	case union:
		n.branches = make([]*node, len(t.Branches))
		for i := range t.Branches {
			if n.branches[i], err = c.node(&t.Branches[i], ns); err != nil {
				return err
			}
		}
		if none := n.branch(null); none >= 0 && len(n.branches) == 2 {
			n.optional = 1 - none
		}
	case object:
		return c.fields(n, t, ns)
	}
	return err
}

func (c *compiler) fields(n *node, t *lib.SchemaNode, ns string) error {
	n.fields, n.index = make([]field, len(t.Fields)), make(map[string]int, len(t.Fields))
	empty := true
	for i := range t.Fields {
		f := &t.Fields[i]
		below, err := c.node(&f.Type, ns)
		if err != nil {
			return err
		}
		lead := byte(',')
		if i == 0 {
			lead = '{'
		}
		n.fields[i] = field{name: f.Name, key: append(format.AppendString([]byte{lead}, []byte(f.Name)), ':'), node: below}
		n.index[f.Name] = i
		empty = empty && below.empty // a record inside itself is not empty yet, and never is
		if n.fields[i].missing, err = c.missing(f, below); err != nil {
			return fmt.Errorf("the default of field %q: %w", f.Name, err)
		}
	}
	n.empty = empty
	return nil
}

// missing returns what stands for f where a record does not have it.
func (c *compiler) missing(f *lib.SchemaField, n *node) ([]byte, error) {
	switch none := n.branch(null); {
	case !c.defaults:
		return nil, nil
	case f.HasDefault:
		return appendDefault([]byte{}, n, f.Default)
	case n.kind == null:
		return []byte{}, nil
	case none >= 0:
		return appendLong(nil, int64(none)), nil
	}
	return nil, nil
}

// find returns the named type that a reference from inside ns means.
func (c *compiler) find(name, ns string) (*node, error) {
	if !strings.Contains(name, ".") && ns != "" {
		if n, ok := c.named[ns+"."+name]; ok {
			return n, nil
		}
	}
	if n, ok := c.named[name]; ok {
		return n, nil
	}
	return nil, fmt.Errorf("the type %q is not defined before it is used", name)
}

func namespace(full string) string {
	return full[:max(0, strings.LastIndexByte(full, '.'))]
}

// branch returns the index of a union's first branch of that kind, -1 where there is none.
func (n *node) branch(k kind) int {
	return slices.IndexFunc(n.branches, func(b *node) bool { return b.kind == k })
}
