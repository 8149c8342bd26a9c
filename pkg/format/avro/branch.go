package avro

import (
	"bytes"
	"fmt"

	"github.com/kstream/kstream/pkg/format"
)

// branch returns which of a union's branches raw is for. It is decided by looking at the value itself, never by trying
// what is below: that could take time without bound.
func (w *writer) branch(n *node, raw []byte) (int, error) {
	if raw[0] != 'n' && n.optional >= 0 { // what is wrong with it, that type says best
		return n.optional, nil
	}
	var found int
	switch raw[0] {
	case 'n':
		found = n.branch(null)
	case 't', 'f':
		found = n.branch(boolean)
	case '[':
		found = n.branch(array)
	case '{':
		found = n.objectBranch(raw)
	default:
		found = w.scalarBranch(n, raw)
	}
	if found < 0 {
		return 0, &FieldError{Problem: fmt.Sprintf("is %s that fits none of the union's %d types", describe(raw), len(n.branches))}
	}
	return found, nil
}

// scalarBranch takes a string for a string, or an enum's symbol, before anything else that it may be, and a number for a
// type that has it exactly before a float.
func (w *writer) scalarBranch(n *node, raw []byte) int {
	for i, b := range n.branches {
		if b.first(raw) && w.fits(b, raw) {
			return i
		}
	}
	for i, b := range n.branches {
		if w.fits(b, raw) {
			return i
		}
	}
	return -1
}

// first reports whether raw is taken for this type before all others.
func (n *node) first(raw []byte) bool {
	switch n.kind {
	case text, enum:
		return raw[0] == '"'
	case integer, long:
		return n.logical == plain && !bytes.ContainsAny(raw, ".eE\"")
	}
	return raw[0] != '"' && (n.logical == decimal || n.logical == bigDecimal)
}

func (w *writer) fits(n *node, raw []byte) bool {
	switch n.kind {
	case null, boolean, array, mapping, object: // neither strings nor numbers
		return false
	}
	out, err := w.scalar(w.trial[:0], n, raw)
	w.trial = out
	return err == nil
}

// objectBranch returns the record that has the most of raw's members, and of those with as many the first, or the map
// where each record lacks a member, or misses one that it needs.
func (n *node) objectBranch(raw []byte) int {
	best, most, whole := -1, -1, false
	for i, b := range n.branches {
		if b.kind != object {
			continue
		}
		has, all := b.match(raw)
		if all && !whole || all == whole && has > most {
			best, most, whole = i, has, all
		}
	}
	if m := n.branch(mapping); m >= 0 && !whole {
		return m
	}
	return best
}

// match returns how many of the object's members are fields of the record, and whether all are, and all fields are there
// that must be.
func (n *node) match(raw []byte) (has int, all bool) {
	needed := 0
	for i := range n.fields {
		if n.fields[i].missing == nil {
			needed++
		}
	}
	all = true
	for m := format.NewWalk(raw); m.Next(); {
		i, ok := n.index[string(m.Name)]
		if !ok {
			all = false
			continue
		}
		has++
		if n.fields[i].missing == nil {
			needed--
		}
	}
	return has, all && needed == 0
}
