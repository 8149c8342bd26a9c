package format

import "github.com/kstream/kstream/pkg/record"

// Inside a chain every record is a JSON object: what another format is, is what its payloads read as. These are the seams
// of the formats in folders of their own.

// Transcoder reads payloads of another format as JSON. One goroutine uses it.
type Transcoder interface {
	// AppendJSON appends the object that payload stands for to dst, as JSON without white space around it. payload is
	// lent. An error is the record's, says what is wrong and where, and never shows the payload's text; dst may hold a
	// part then. What a payload of n bytes costs, in time and in what is appended, has a bound that grows with n.
	AppendJSON(dst, payload []byte) ([]byte, error)
}

// Splitter takes payloads apart that hold several records. One goroutine uses it.
type Splitter interface {
	// Split calls each for each record in payload, in order, with the record's own payload: a part of payload, or bytes
	// of a. An error is the record's: what each was called for before it does not count. An error of each ends the split
	// and is returned.
	Split(payload []byte, a Arena, each func(part []byte) error) error
}

// FieldReader reads wanted fields straight out of payloads of another format. One goroutine uses it.
type FieldReader interface {
	// Project puts the wanted fields of payload into row, whose slots are Missing. Values alias payload or are a's. An
	// error is the record's; row may hold part of the fields then.
	Project(payload []byte, a Arena, row []record.Value) error
}

// Transcriber writes records in another format. One goroutine uses it.
type Transcriber interface {
	// AppendPayload appends the payload that stands for the JSON object doc to dst. doc is lent. An error is the record's
	// and names the field that does not fit.
	AppendPayload(dst, doc []byte) ([]byte, error)
}

// Wanted is a field that a projection wants, and its slot.
type Wanted struct {
	Path Path
	Slot int
}

// Wanted returns the fields that Want was called for, in that order, for readers of other formats.
func (p *Projection) Wanted() []Wanted { return p.list }

// Whole returns the slot of the document itself, ok is false where nobody wants it.
func (p *Projection) Whole() (slot int, ok bool) { return p.whole, p.whole >= 0 }
