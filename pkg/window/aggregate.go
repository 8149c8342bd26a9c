package window

import (
	"fmt"

	"github.com/kstream/kstream/pkg/record"
)

// Input is what one record gives an aggregate. The bytes in it are lent for the call.
type Input struct {
	Value record.Value // the first argument; Missing for a call without one
	By    record.Value // the second argument of argmax and argmin

	// What orders records: event time, then position. Only an Ordered aggregate looks at the position.
	Event       record.Millis
	Sequence    []byte // decimal, without leading zeros
	Subsequence uint32
	Partition   string
}

// Accumulator is one aggregate of one key and one window. One goroutine uses it at a time.
type Accumulator interface {
	// Add counts an input that the aggregate has accepted. A nil value is skipped, as in SQL. It keeps no bytes of in; those
	// that it needs it copies. Counts, sums, averages, extremes and quantiles allocate nothing, but to grow now and then.
	Add(in *Input)
	// Merge adds what other, of the same aggregate, has counted; other is not used again.
	Merge(other Accumulator)
	// Result returns what the inputs so far give over s, and changes nothing. The value's text is appended to dst. An error
	// says why there is none, such as a sum beyond 64 bits.
	Result(dst []byte, s Span) (v record.Value, newDst []byte, err error)
	// Append appends the accumulator's binary form, which begins with a version and is part of the state's format.
	Append(dst []byte) []byte
	// Size returns the bytes of memory that the accumulator takes, about: what STATE_MEMORY counts.
	Size() int
}

// Aggregate is a compiled call such as quantile(x, 0.99). It never changes, and many goroutines may use it.
type Aggregate interface {
	// New returns an accumulator that has counted nothing.
	New() Accumulator
	// Load reads what Append wrote at the begin of src, and returns what is behind it. It copies what it keeps. Bytes that
	// nobody wrote give an error or some accumulator, and take memory in proportion to their length or to the aggregate's bound.
	Load(src []byte) (a Accumulator, rest []byte, err error)
	// Accepts returns why the input can't be counted: "sum needs a number, got a string". It allows nil.
	Accepts(in *Input) error
	// Ordered reports whether Add looks at Sequence, Subsequence and Partition.
	Ordered() bool
}

// version begins the binary form of each accumulator.
const version = 1

// call is every Aggregate of this package: what differs from function to function is in its fields.
type call struct {
	fresh   func() Accumulator
	load    func(r *reader) Accumulator // r tells whether the bytes were any good
	accepts func(in *Input) error
	ordered bool
}

func (c *call) New() Accumulator        { return c.fresh() }
func (c *call) Accepts(in *Input) error { return c.accepts(in) }
func (c *call) Ordered() bool           { return c.ordered }

func (c *call) Load(src []byte) (a Accumulator, rest []byte, err error) {
	if len(src) == 0 {
		return nil, src, errDamaged
	}
	if src[0] != version {
		return nil, src, fmt.Errorf("the stored aggregate has version %d, and this kstream knows %d", src[0], version)
	}
	r := &reader{src: src[1:]}
	a = c.load(r)
	if r.damaged {
		return nil, src, errDamaged
	}
	return a, r.src, nil
}
