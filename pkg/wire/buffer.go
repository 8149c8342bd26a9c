package wire

import (
	"context"
	"math/bits"
	"sync"
	"unsafe"
)

// Buffer is what one answer is read into, its body and its records: memory that was used before, so that nobody has to
// clear it or to collect it as garbage. The zero value is ready for use. One user at a time.
type Buffer struct {
	memory *memory // nil: nothing has been read
}

// memory is what the pools keep. What is left in records points into body alone, and so keeps nothing else alive.
type memory struct {
	body    []byte
	records []Record
	has     bool // the answer said what records there are, if only none
}

// empty forgets the records of an answer before.
func (m *memory) empty() { m.records, m.has = m.records[:0], false }

// Release gives the memory back: the records of the answer that was read into it are gone, and whoever keeps bytes has
// copied them. It may be repeated. With the race detector the bytes are overwritten, so that a test whose code keeps some
// fails.
func (b *Buffer) Release() {
	m := b.memory
	b.memory = nil
	if m == nil {
		return
	}
	if overwrites {
		body := m.body[:cap(m.body)]
		for i := range body {
			body[i] = 0xdb
		}
	}
	if cap(m.body) < leastPooled {
		return
	}
	if class, size := classOf(cap(m.body)); size == cap(m.body) {
		pools[class].Put(m)
	}
}

// Size returns the bytes of memory that b holds until it is released: in JSON a third more than the payloads in it, which
// came in base64.
func (b *Buffer) Size() int {
	if b.memory == nil {
		return 0
	}
	return cap(b.memory.body) + cap(b.memory.records)*int(unsafe.Sizeof(Record{}))
}

// take returns n bytes, whose content is anything. They stay b's until Release.
func (b *Buffer) take(n int) []byte {
	switch {
	case b.memory != nil && n <= cap(b.memory.body): // another attempt at the same call
	case n < leastPooled:
		b.memory = &memory{body: make([]byte, n)}
	default:
		class, size := classOf(n)
		if got, ok := pools[class].Get().(*memory); ok {
			b.memory = got
		} else {
			b.memory = &memory{body: make([]byte, size)}
		}
	}
	b.memory.empty()
	return b.memory.body[:n]
}

// leastPooled is what a body has at least that is worth to be used again: those at the tip of a quiet shard are not, and
// ten thousand of them may wait at once.
const leastPooled = 16 << 10

// pools has the memory that nobody uses, by size: four sizes from each power of two to the next, so that a page which
// waits holds at most a quarter more than it has. The garbage collector empties them.
var pools [4 * 64]sync.Pool

// classOf returns the pool for n bytes, at least 4, and the size of what is in it.
func classOf(n int) (class, size int) {
	shift := bits.Len(uint(n-1)) - 3
	quarters := (n-1)>>shift + 1 // 5 to 8 of them, rounded up
	return 4*shift + quarters - 5, quarters << shift
}

type bufferKey struct{}

// WithBuffer returns a context for one call of GetRecords, whose answer has its records in b until that is released, and
// none in GetRecordsOutput: Buffer.Records has them.
func WithBuffer(ctx context.Context, b *Buffer) context.Context {
	return context.WithValue(ctx, bufferKey{}, b)
}

// bufferOf returns the buffer of the call, or one for it alone. lent tells which.
func bufferOf(ctx context.Context) (b *Buffer, lent bool) {
	if b, ok := ctx.Value(bufferKey{}).(*Buffer); ok {
		return b, true
	}
	return new(Buffer), false
}
