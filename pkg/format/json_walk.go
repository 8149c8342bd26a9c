package format

import (
	"bytes"

	"github.com/kstream/kstream/pkg/record"
)

// Walk goes through the members of an object or the elements of a list.
//
//	for w := NewWalk(text); w.Next(); {
//		use(w.Name, w.Raw)
//	}
type Walk struct {
	// Name is a member's name in plain form, Raw its source text or the element's. Name may be gone at the next Next.
	Name, Raw []byte
	// Member is a member's whole source text, name included.
	Member []byte

	text    []byte
	next    int
	buf     []byte
	members bool
}

// NewWalk returns a Walk through text, an object or list that Skip has passed.
func NewWalk(text []byte) Walk {
	w := Walk{text: text, next: skipSpace(text, 1), members: text[0] == '{'}
	if c := text[w.next]; c == '}' || c == ']' {
		w.next = len(text)
	}
	return w
}

// Next goes on to the next member or element and reports whether there is one.
func (w *Walk) Next() bool {
	if w.next >= len(w.text) {
		return false
	}
	from, at := w.next, w.next
	if w.members {
		end := pastString(w.text, from)
		quoted := w.text[from:end]
		if w.Name = name(quoted, w.buf); len(w.Name) > 0 && &w.Name[0] != &quoted[1] {
			w.buf = w.Name
		}
		at = skipSpace(w.text, skipSpace(w.text, end)+1) // behind the colon
	}
	end := past(w.text, at)
	w.Raw, w.Member = w.text[at:end], w.text[from:end]
	if end = skipSpace(w.text, end); w.text[end] == ',' {
		w.next = skipSpace(w.text, end+1)
	} else {
		w.next = len(w.text)
	}
	return true
}

// Member returns the source text of the object's member of that name, nil where there is none. Of several it is the last.
func Member(object []byte, name []byte) (raw []byte) {
	for w := NewWalk(object); w.Next(); {
		if bytes.Equal(w.Name, name) {
			raw = w.Raw
		}
	}
	return raw
}

// Element returns the source text of the list's i-th element, from the end where i is negative, nil past either end.
func Element(list []byte, i int64) []byte {
	if i < 0 {
		if i += int64(Length(list)); i < 0 {
			return nil
		}
	}
	for w := NewWalk(list); w.Next(); i-- {
		if i == 0 {
			return w.Raw
		}
	}
	return nil
}

// Length returns how many members or elements text has.
func Length(text []byte) (n int) {
	for w := NewWalk(text); w.Next(); {
		n++
	}
	return n
}

// Validate parses a whole document: one value with nothing but white space around it.
func Validate(doc []byte) (raw []byte, err error) {
	from := skipSpace(doc, 0)
	end, err := Skip(doc, from)
	if err != nil {
		return nil, err
	}
	if rest := skipSpace(doc, end); rest < len(doc) {
		return nil, fault(rest, "something stands behind the document")
	}
	return doc[from:end], nil
}

// Of returns the value that doc, a whole document, holds.
func Of(doc []byte, a Arena) (record.Value, error) {
	raw, err := Validate(doc)
	if err != nil {
		return record.Value{}, err
	}
	return Parse(raw, a), nil
}

// Trim returns doc without white space around it.
func Trim(doc []byte) []byte { return bytes.Trim(doc, " \n\r\t") }
