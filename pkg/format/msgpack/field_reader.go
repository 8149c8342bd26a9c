package msgpack

import (
	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// FieldReader is a format.FieldReader: of a payload's outermost map it writes only the members that a projection wants, and
// checks all the others. It refuses what a Transcoder refuses. One goroutine uses it.
type FieldReader struct {
	wanted format.Members
	fields *format.Projector
}

// NewFieldReader returns a reader of the fields that p wants. Want may not be called on p after it.
func NewFieldReader(p *format.Projection) *FieldReader {
	return &FieldReader{wanted: p.Members(), fields: p.Projector()}
}

// Project is format.FieldReader's. All values are a's.
func (f *FieldReader) Project(payload []byte, a format.Arena, row []record.Value) error {
	dst := a.Scratch()
	from := len(dst)
	r := reader{dst: dst, in: payload, wanted: f.wanted}
	r.document()
	if r.err != nil {
		return r.err
	}
	return f.fields.Project(a.Kept(r.dst, from), a, row)
}
