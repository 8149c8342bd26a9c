package operator

import (
	"bytes"
	"math"
	"slices"
	"strconv"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// canon writes values so that those which an expression finds equal are the same bytes: what keyed state is kept under. It
// is part of the state's format: missing and null are one, numbers go by value however they were written (1, 1.0 and 1e0),
// lists and objects by a text without spaces whose members are sorted by name. It has scratch space, and one user at a time.
type canon struct {
	digits []byte
	text   []byte
	words  words
}

// words is where the plain forms of strings with escapes go, for as long as one value is looked at.
type words struct{ bytes []byte }

// Scratch implements format.Arena.
func (w *words) Scratch() []byte { return w.bytes }

// Kept implements format.Arena.
func (w *words) Kept(scratch []byte, from int) []byte {
	w.bytes = scratch
	return scratch[from:len(scratch):len(scratch)]
}

// append appends v's canonical form, which record.ReadValue reads.
func (c *canon) append(dst []byte, v *record.Value) []byte {
	w := *v
	switch v.Kind {
	case record.Missing:
		w.Kind = record.Null
	case record.Float:
		w = c.number(v)
	case record.List, record.Object:
		c.words.bytes = c.words.bytes[:0]
		c.text = c.json(c.text[:0], v)
		w.Text = c.text
	}
	return record.AppendValue(dst, &w)
}

// number returns the one form of a Float. What is an integer of 64 bits is an Int; integers beyond keep all their digits,
// and an infinity, which is a number that no float64 can hold, what was written.
func (c *canon) number(v *record.Value) record.Value {
	f, _ := v.Float()
	w := record.FloatValue(f)
	switch {
	case f == 0:
		w = record.IntValue(0) // -0 too
	case math.IsInf(f, 0), v.Digits():
		w.Text = v.Text
	case f != math.Trunc(f):
	case -(1<<63) <= f && f < 1<<63:
		w = record.IntValue(int64(f))
	default:
		c.digits = strconv.AppendFloat(c.digits[:0], f, 'f', -1, 64)
		w.Text = c.digits
	}
	return w
}

// json appends v as JSON.
func (c *canon) json(dst []byte, v *record.Value) []byte {
	switch v.Kind {
	case record.List:
		dst = append(dst, '[')
		for i, w := 0, format.NewWalk(v.Text); w.Next(); i++ {
			if i > 0 {
				dst = append(dst, ',')
			}
			element := format.Parse(w.Raw, &c.words)
			dst = c.json(dst, &element)
		}
		return append(dst, ']')
	case record.Object:
		return c.object(dst, v)
	case record.Float:
		n := c.number(v)
		return format.Append(dst, &n)
	case record.Int:
		n, _ := v.Int()
		return strconv.AppendInt(dst, n, 10)
	}
	return format.Append(dst, v)
}

type member struct{ name, raw []byte }

func (c *canon) object(dst []byte, v *record.Value) []byte {
	var members []member
	for w := format.NewWalk(v.Text); w.Next(); {
		members = append(members, member{bytes.Clone(w.Name), w.Raw})
	}
	slices.SortStableFunc(members, func(a, b member) int { return bytes.Compare(a.name, b.name) })
	dst = append(dst, '{')
	first := true
	for i, m := range members {
		if i+1 < len(members) && bytes.Equal(m.name, members[i+1].name) {
			continue // of several it is the last
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(format.AppendString(dst, m.name), ':')
		value := format.Parse(m.raw, &c.words)
		dst = c.json(dst, &value)
	}
	return append(dst, '}')
}
