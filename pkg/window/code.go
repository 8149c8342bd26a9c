package window

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/kstream/kstream/pkg/record"
)

// errDamaged is a binary form that can't be read: it was cut short, or is none.
var errDamaged = errors.New("the stored aggregate is damaged")

// reader takes a binary form apart. After the first thing that is not there it is damaged, and all that it gives is zero, so
// that only the end has to be looked at.
type reader struct {
	src     []byte
	name    string // the last one
	damaged bool
}

// fail marks the form as damaged.
func (r *reader) fail() {
	r.src, r.damaged = nil, true
}

// bytes returns n bytes of src, which are lent.
func (r *reader) bytes(n uint64) []byte {
	if n > uint64(len(r.src)) {
		r.fail()
		return nil
	}
	b := r.src[:n:n]
	r.src = r.src[n:]
	return b
}

// text returns bytes behind their length, which are lent.
func (r *reader) text() []byte { return r.bytes(r.uvarint()) }

// string returns a string behind its length. Partitions repeat, and those that follow each other share their bytes.
func (r *reader) string() string {
	if b := r.text(); string(b) != r.name {
		r.name = string(b)
	}
	return r.name
}

func (r *reader) byte() byte {
	if b := r.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) uint64() uint64 {
	if b := r.bytes(8); b != nil {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}

func (r *reader) uvarint() uint64 {
	n, size := binary.Uvarint(r.src)
	if size <= 0 {
		r.fail()
		return 0
	}
	r.src = r.src[size:]
	return n
}

func (r *reader) varint() int64 {
	n, size := binary.Varint(r.src)
	if size <= 0 {
		r.fail()
		return 0
	}
	r.src = r.src[size:]
	return n
}

// count returns a number of records: one that an int64 holds.
func (r *reader) count() int64 {
	n := r.uvarint()
	if n > math.MaxInt64 {
		r.fail()
		return 0
	}
	return int64(n)
}

// length returns how many parts of at least size bytes follow, so that nobody makes room for more than can be there.
func (r *reader) length(size int) int {
	n := r.uvarint()
	if n > uint64(len(r.src)/size) {
		r.fail()
		return 0
	}
	return int(n)
}

// value returns a value, whose text is lent.
func (r *reader) value() record.Value {
	v, rest, err := record.ReadValue(r.src)
	if err != nil {
		r.fail()
		return record.Value{}
	}
	r.src = rest
	return v
}

// finite returns a float that is neither an infinity nor NaN.
func (r *reader) finite() float64 {
	f := math.Float64frombits(r.uint64())
	if math.IsInf(f, 0) || math.IsNaN(f) {
		r.fail()
		return 0
	}
	return f
}

func appendFloat(dst []byte, f float64) []byte {
	return binary.BigEndian.AppendUint64(dst, math.Float64bits(f))
}

// appendCount appends a number of records, which is never negative.
func appendCount(dst []byte, n int64) []byte { return binary.AppendUvarint(dst, uint64(n)) }
