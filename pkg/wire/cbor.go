package wire

import (
	"encoding/binary"
	"errors"
	"math"
)

// errMalformed is CBOR that is none, or that ends too early.
var errMalformed = errors.New("malformed CBOR")

// Major types of CBOR (RFC 8949, section 3.1).
const (
	majorUint = iota
	majorNegative
	majorBytes
	majorText
	majorArray
	majorMap
	majorTag
	majorSimple
)

// indefinite is the length of what ends with a break.
const indefinite = math.MaxUint64

// maxDepth bounds how deep what is skipped may be nested: the service's own answers have four levels.
const maxDepth = 32

// cborReader reads CBOR. The first fault stays in err, and everything after it is empty.
type cborReader struct {
	body []byte
	at   int
	err  error
}

func (r *cborReader) fail() {
	if r.err == nil {
		r.err = errMalformed
	}
	r.at = len(r.body)
}

// head reads the head of an item: its major type, and its number, length or indefinite.
func (r *cborReader) head() (major int, n uint64) {
	if r.at >= len(r.body) {
		r.fail()
		return majorSimple, 0
	}
	first := r.body[r.at]
	r.at++
	major = int(first >> 5)
	switch low := first & 0x1f; {
	case low < 24:
		return major, uint64(low)
	case low <= 27:
		size := 1 << (low - 24)
		if len(r.body)-r.at < size {
			r.fail()
			return majorSimple, 0
		}
		switch p := r.body[r.at:]; size {
		case 1:
			n = uint64(p[0])
		case 2:
			n = uint64(binary.BigEndian.Uint16(p))
		case 4:
			n = uint64(binary.BigEndian.Uint32(p))
		case 8:
			n = binary.BigEndian.Uint64(p)
		}
		r.at += size
		return major, n
	case low == 31 && major >= majorBytes && major <= majorMap:
		return major, indefinite
	}
	r.fail()
	return majorSimple, 0
}

// atBreak passes the break that ends what is indefinite, and reports whether it stood there.
func (r *cborReader) atBreak() bool {
	if r.at < len(r.body) && r.body[r.at] == 0xff {
		r.at++
		return true
	}
	return r.at >= len(r.body) || r.err != nil
}

// broke fails where the end came before the break.
func (r *cborReader) broke() {
	if r.at > len(r.body) || r.at > 0 && r.body[r.at-1] != 0xff {
		r.fail()
	}
}

// each calls f for each of n items, or until a break.
func (r *cborReader) each(n uint64, f func()) {
	if n == indefinite {
		for !r.atBreak() {
			f()
		}
		r.broke()
		return
	}
	for ; n > 0 && r.err == nil; n-- {
		f()
	}
}

// isNull passes a null and reports whether it stood there.
func (r *cborReader) isNull() bool {
	if r.at < len(r.body) && r.body[r.at] == 0xf6 {
		r.at++
		return true
	}
	return false
}

// members calls member for each member of a map, whose value it has to read.
func (r *cborReader) members(member func(name []byte)) {
	major, n := r.head()
	if major != majorMap {
		r.fail()
		return
	}
	r.each(n, func() {
		name := r.str(majorText)
		if r.err == nil {
			member(name)
		}
	})
}

// elements calls element for each element of an array, which it has to read.
func (r *cborReader) elements(element func()) {
	major, n := r.head()
	if major != majorArray {
		r.fail()
		return
	}
	r.each(n, element)
}

// str reads a byte or text string: a part of the body, or, where it comes in chunks, a copy.
func (r *cborReader) str(major int) []byte {
	if r.at < len(r.body) {
		if first := r.body[r.at]; int(first>>5) == major && first&0x1f < 24 { // short, as names are
			r.at++
			return r.next(uint64(first & 0x1f))
		}
	}
	got, n := r.head()
	if got != major {
		r.fail()
		return nil
	}
	if n != indefinite {
		return r.next(n)
	}
	var joined []byte
	r.each(indefinite, func() {
		if got, n := r.head(); got == major && n != indefinite {
			joined = append(joined, r.next(n)...)
		} else {
			r.fail()
		}
	})
	return joined
}

func (r *cborReader) next(n uint64) []byte {
	if uint64(len(r.body)-r.at) < n {
		r.fail()
		return nil
	}
	part := r.body[r.at : r.at+int(n) : r.at+int(n)]
	r.at += int(n)
	return part
}

// integer reads a whole number.
func (r *cborReader) integer() int64 {
	major, n := r.head()
	switch {
	case major == majorUint && n <= math.MaxInt64:
		return int64(n)
	case major == majorNegative && n <= math.MaxInt64:
		return -1 - int64(n)
	}
	r.fail()
	return 0
}

// millis reads a time: milliseconds since 1970 as a whole number, with or without the tag of a time, which is what Kinesis
// means by it (RFC 8949 means seconds); or seconds as a floating-point number.
func (r *cborReader) millis() int64 {
	if r.at < len(r.body) && r.body[r.at]>>5 == majorTag {
		r.head()
	}
	if r.at < len(r.body) && r.body[r.at] == 0xfb && len(r.body)-r.at >= 9 {
		seconds := math.Float64frombits(binary.BigEndian.Uint64(r.body[r.at+1:]))
		r.at += 9
		if math.IsNaN(seconds) || math.Abs(seconds) > 1e11 {
			r.fail()
			return 0
		}
		return int64(math.Round(seconds * 1000))
	}
	return r.integer()
}

// skip passes an item of any kind.
func (r *cborReader) skip(depth int) {
	if depth > maxDepth {
		r.fail()
		return
	}
	major, n := r.head()
	switch major {
	case majorBytes, majorText:
		if n == indefinite {
			r.each(n, func() { r.skip(depth + 1) })
			return
		}
		r.next(n)
	case majorArray:
		r.each(n, func() { r.skip(depth + 1) })
	case majorMap:
		r.each(n, func() { r.skip(depth + 1); r.skip(depth + 1) })
	case majorTag:
		r.skip(depth + 1)
	}
}
