// Package cbor reads CBOR (RFC 8949) as JSON in one pass.
//
// Integers are exact from -2^64 to 2^64-1, bignums and decimal fractions keep all their digits. Half and single floats are
// written in the fewest digits that read back as the same single. What JSON has no form for is a string: byte strings as
// base64, points in time (tags 0 and 1) as RFC 3339 in UTC, floats that are no numbers as "NaN", "Infinity" and
// "-Infinity". undefined is null, a simple value without a meaning its number. Of any other tag what it stands before is
// read. A map's names that are no text become what their values print as: 7 is "7", nil is "null".
//
// The CBOR of AWS's own wire has milliseconds in tag 1, against the RFC; it is not read here.
package cbor

import "github.com/kstream/kstream/pkg/format"

func fault(at int, problem string) error {
	return &format.PayloadError{Format: "CBOR", Offset: at, Problem: problem}
}

const (
	endsEarly = "the payload ends early"
	tooDeep   = "nesting too deep"
	noMap     = "its value is no map, so it has no fields,"
)

// Transcoder is a format.Transcoder of payloads that are one CBOR map, tagged or not. The zero value is ready. One
// goroutine uses it.
//
// It appends at most twelve bytes for each of the payload's, and a few. Text's bytes that are no UTF-8 become U+FFFD.
type Transcoder struct{ chunks []byte }

// AppendJSON is format.Transcoder's.
func (t *Transcoder) AppendJSON(dst, payload []byte) ([]byte, error) {
	r := reader{dst: dst, in: payload, chunks: t.chunks[:0]}
	r.document()
	t.chunks = r.chunks
	return r.dst, r.err
}

// document reads the whole payload.
func (r *reader) document() {
	from := len(r.dst)
	r.value(0)
	switch {
	case r.err != nil:
	case r.dst[from] != '{':
		r.fail(0, noMap)
	case r.at < len(r.in):
		r.fail(r.at, "something stands behind the map")
	}
}

// reader reads one payload. The first fault stays in err, and nothing is read after it.
type reader struct {
	dst, in []byte
	at      int
	chunks  []byte // of the string that is being read, joined
	// wanted are the members of the outermost map that are written; nil is all.
	wanted format.Members
	mute   bool // what is read is checked and not written
	err    error
}

func (r *reader) fail(at int, problem string) {
	if r.err == nil {
		r.err = fault(at, problem)
	}
}

// value reads the item at r.at, which stands in depth maps, arrays and tags.
func (r *reader) value(depth int) {
	at := r.at
	switch h := r.head(); {
	case r.err != nil:
	case depth > format.MaxDepth:
		r.fail(at, tooDeep)
	case h.major == majorUnsigned:
		r.unsigned(h.n)
	case h.major == majorNegative:
		r.negative(h.n)
	case h.major == majorBytes || h.major == majorText:
		r.text(h)
	case h.major == majorArray:
		r.elements(h, depth+1)
	case h.major == majorMap:
		r.members(h, depth+1)
	case h.major == majorTag:
		r.tagged(at, h.n, depth+1)
	default:
		r.simple(at, h)
	}
}
