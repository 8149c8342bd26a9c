package lookup

import (
	"bytes"
	"errors"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/csv"
)

// csv reads a header and its lines. A field is what `decode csv` makes of it: a number, true or false, nothing, or a string.
func (p *parser) csv(data []byte) error {
	d, err := csv.New(csv.Config{Header: true})
	if err != nil {
		return err
	}
	return d.Split(data, p, func(row []byte) error { return p.row(bytes.Clone(row)) })
}

// list reads an array of objects.
func (p *parser) list(text []byte) error {
	raw, err := format.Validate(text)
	if err != nil {
		return err
	}
	for w := format.NewWalk(raw); w.Next(); {
		if err := p.row(w.Raw); err != nil {
			return err
		}
	}
	return nil
}

// objects reads an object of rows by their key, or objects one behind the other, as lines of JSON are. A lone object is a
// line where it has the key as lines have it: in a member that is no object.
func (p *parser) objects(text []byte) error {
	end, err := format.Skip(text, 0)
	if err != nil {
		return err
	}
	own := format.Member(text[:end], p.key)
	if end == len(text) && (len(p.key) == 0 || own == nil || own[0] == '{') {
		return p.members(text)
	}
	for at := 0; at < len(text); at = end + len(text[end:]) - len(bytes.TrimLeft(text[end:], " \n\r\t")) {
		if end, err = format.Skip(text, at); err != nil {
			return err
		}
		if err := p.row(text[at:end]); err != nil {
			return err
		}
	}
	return nil
}

// members takes an object's names for the keys. Without a key its values may be anything; with one they are rows.
func (p *parser) members(object []byte) error {
	for w := format.NewWalk(object); w.Next(); {
		if len(p.key) > 0 && w.Raw[0] != '{' {
			return errMember
		}
		p.rows[string(w.Name)] = w.Raw
	}
	return nil
}

var errMember = errors.New("it is one object without that key, and not all of its members are rows; leave the key out for a table of plain values")
