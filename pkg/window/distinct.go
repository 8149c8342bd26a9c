package window

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/axiomhq/hyperloglog"
	"github.com/cespare/xxhash/v2"

	"github.com/kstream/kstream/pkg/record"
)

// distinctExact is up to how many distinct values are counted one by one. So many hashes take no more memory than the sketch
// does. The sketch's own sparse form is not used: when it gives way depends on the order of inputs, and with it the estimate.
const distinctExact = 1536

// The sketch has 2^14 registers, which gives a standard error of 1.04/sqrt(2^14) = 0.81 %. Its largest register says how many
// zeros the 50 other bits of a hash can begin with.
const (
	registers   = 1 << 14
	maxRegister = 51
)

var distinctFunction = &Function{
	Name:    "distinct",
	Params:  justX,
	Example: "users = distinct(user_id)",
	Doc: "How many different x there are, nil aside. Up to 1,536 it is exact, beyond that an estimate with a standard error of 0.81 % " +
		"(HyperLogLog, 16 KiB a key and window). 1 and 1.0 are equal, and integers go by all of their digits; " +
		"lists and objects are if they are written in the same way.",
	New: fixed(&call{
		fresh:   func() Accumulator { return &distinct{} },
		load:    readDistinct,
		accepts: anything("distinct"),
	}),
}

// distinct holds the hashes of values, and a sketch of them once they are too many. Which of the two it is depends on the
// set of values only. The hash is xxHash64 of the canonical form: part of the state's format.
type distinct struct {
	few  hashSet
	many *hyperloglog.Sketch
}

func (d *distinct) Add(in *Input) {
	if in.Value.Nil() {
		return
	}
	var room [256]byte // longer values cost an allocation
	d.see(xxhash.Sum64(appendCanonical(room[:0], &in.Value)))
}

func (d *distinct) see(h uint64) {
	if d.many != nil {
		d.many.InsertHash(h)
		return
	}
	if d.few.add(h) && d.few.n > distinctExact {
		d.sketch()
	}
}

// sketch moves on to the sketch.
func (d *distinct) sketch() {
	d.many = hyperloglog.NewNoSparse()
	d.few.each(d.many.InsertHash)
	d.few = hashSet{}
}

func (d *distinct) Merge(other Accumulator) {
	o := other.(*distinct)
	if o.many == nil {
		o.few.each(d.see)
		return
	}
	if d.many == nil {
		d.sketch()
	}
	// The only error is that of another precision, and there is one.
	_ = d.many.Merge(o.many)
}

func (d *distinct) Result(dst []byte, _ Span) (record.Value, []byte, error) {
	if d.many == nil {
		return record.IntValue(int64(d.few.n)), dst, nil
	}
	return record.IntValue(int64(d.many.Estimate())), dst, nil
}

// Append writes the hashes, sorted, behind their number and one; or 0 and the registers.
func (d *distinct) Append(dst []byte) []byte {
	dst = append(dst, version)
	if d.many != nil {
		return appendRegisters(append(dst, 0), d.many)
	}
	dst = binary.AppendUvarint(dst, uint64(d.few.n)+1)
	hashes := make([]uint64, 0, d.few.n)
	d.few.each(func(h uint64) { hashes = append(hashes, h) })
	slices.Sort(hashes)
	for _, h := range hashes {
		dst = binary.BigEndian.AppendUint64(dst, h)
	}
	return dst
}

func readDistinct(r *reader) Accumulator {
	d := &distinct{}
	n := r.uvarint()
	if n == 0 {
		d.many = readRegisters(r)
		return d
	}
	if n-1 > distinctExact {
		r.fail()
	}
	for ; n > 1 && !r.damaged; n-- {
		d.few.add(r.uint64())
	}
	return d
}

func (d *distinct) Size() int {
	if d.many != nil {
		return registers + 160
	}
	return 64 + 8*cap(d.few.slots)
}

// sketchHeader is what the library writes before the registers: version 2, precision 14, no bias, dense, and how many.
var sketchHeader = []byte{2, 14, 0, 0, 0, 0, registers >> 8, 0}

// appendRegisters appends the registers of a dense sketch, with n zeros in a row as one byte of 127+n: most are 0 as long as
// the values are not many more than the registers.
func appendRegisters(dst []byte, sketch *hyperloglog.Sketch) []byte {
	from := len(dst)
	// The only error is that of a sketch without a precision, and this one has one.
	whole, err := sketch.AppendBinary(dst)
	if err != nil {
		panic(fmt.Sprintf("writing a sketch: %v", err))
	}
	to, zeros := from, 0
	for _, register := range whole[from+len(sketchHeader):] {
		if register == 0 {
			zeros++
		}
		if zeros > 0 && (register != 0 || zeros == 128) {
			whole[to], zeros = byte(127+zeros), 0
			to++
		}
		if register != 0 {
			whole[to] = register
			to++
		}
	}
	if zeros > 0 {
		whole[to] = byte(127 + zeros)
		to++
	}
	return whole[:to]
}

// readRegisters reads what appendRegisters wrote.
func readRegisters(r *reader) *hyperloglog.Sketch {
	whole := append(make([]byte, 0, len(sketchHeader)+registers), sketchHeader...)
	for n := 0; n < registers && !r.damaged; {
		b := r.byte()
		switch {
		case b > 127 && n+int(b)-127 <= registers:
			n += int(b) - 127
			whole = append(whole, make([]byte, b-127)...)
		case 0 < b && b <= maxRegister:
			n++
			whole = append(whole, b)
		default:
			r.fail()
		}
	}
	sketch := &hyperloglog.Sketch{}
	if r.damaged || sketch.UnmarshalBinary(whole) != nil {
		r.fail()
	}
	return sketch
}
