package wire

import (
	"context"
	"math/bits"
	"sync"
)

// Buffer is what the body of one answer is read into: memory that was used before, so that nobody has to clear it or to
// collect it as garbage. The zero value is ready for use. One user at a time.
type Buffer struct {
	body []byte
}

// Release gives the memory back: the Data of the answer that was read into it is gone, and whoever keeps bytes has copied
// them. It may be repeated. With the race detector the bytes are overwritten, so that a test whose code keeps some fails.
func (b *Buffer) Release() {
	body := b.body
	b.body = nil
	if body == nil {
		return
	}
	if overwrites {
		body = body[:cap(body)]
		for i := range body {
			body[i] = 0xdb
		}
	}
	if class, size := classOf(cap(body)); size == cap(body) {
		pools[class].Put(&body)
	}
}

// take returns n bytes, whose content is anything. They stay b's until Release.
func (b *Buffer) take(n int) []byte {
	if n <= cap(b.body) {
		return b.body[:n] // another attempt at the same call
	}
	if n < leastPooled {
		b.body = make([]byte, n)
		return b.body
	}
	class, size := classOf(n)
	if got, ok := pools[class].Get().(*[]byte); ok {
		b.body = *got
	} else {
		b.body = make([]byte, size)
	}
	return b.body[:n]
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

// WithBuffer returns a context for one call of GetRecords, whose answer's Data will lie in b until it is released.
func WithBuffer(ctx context.Context, b *Buffer) context.Context {
	return context.WithValue(ctx, bufferKey{}, b)
}

// bufferOf returns the buffer of the call, or one for it alone.
func bufferOf(ctx context.Context) *Buffer {
	if b, ok := ctx.Value(bufferKey{}).(*Buffer); ok {
		return b
	}
	return new(Buffer)
}
