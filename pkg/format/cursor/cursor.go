// Package cursor goes through a JSON document once, from its begin to its end, however deep it is nested: no part is
// passed twice, as a format.Walk within a Walk does.
package cursor

import "github.com/kstream/kstream/pkg/format"

// Cursor is a place in a document that is known to be JSON. It stands before a value, or behind one.
//
//	for more := c.Enter(); more; more = c.More() {
//		use(c.Name(), c.Value()) // Name only in objects
//	}
//
// Its methods return parts of the document.
type Cursor struct {
	text   []byte
	at     int
	before int // what the document has before its value
}

// New checks doc, one value with nothing but white space around it, and returns a Cursor before that value. doc is lent to
// the Cursor. The error is a *format.SyntaxError.
func New(doc []byte) (Cursor, error) {
	text, err := format.Validate(doc)
	return Cursor{text: text, before: cap(doc) - cap(text)}, err
}

// Offset returns how many bytes of the document are behind c.
func (c *Cursor) Offset() int { return c.before + c.at }

// Kind returns the first byte of the value that c stands before, which tells what it is.
func (c *Cursor) Kind() byte { return c.text[c.at] }

// Enter goes into the object or list that c stands before, and reports whether it has a member or element: then c stands
// before that, else behind the whole.
func (c *Cursor) Enter() (more bool) {
	c.at++
	c.space()
	if c.text[c.at] == '}' || c.text[c.at] == ']' {
		c.at++
		return false
	}
	return true
}

// More goes from behind a member or element to before the next one, and reports whether there is one: else c stands behind
// the object or list.
func (c *Cursor) More() bool {
	c.space()
	c.at++
	if c.text[c.at-1] != ',' {
		return false
	}
	c.space()
	return true
}

// Name passes a member's name, and returns it as it is written, in quotes; c stands before the member's value.
func (c *Cursor) Name() (quoted []byte) {
	quoted = c.Value()
	c.space()
	c.at++ // the colon
	c.space()
	return quoted
}

// Value passes the value that c stands before, and returns it as it is written.
func (c *Cursor) Value() (raw []byte) {
	from := c.at
	c.at, _ = format.Skip(c.text, from) // has been checked
	return c.text[from:c.at:c.at]
}

func (c *Cursor) space() {
	for c.at < len(c.text) {
		switch c.text[c.at] {
		case ' ', '\n', '\r', '\t':
			c.at++
		default:
			return
		}
	}
}
