package avro

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/kstream/kstream/pkg/format"
)

// cursor reads Avro's primitive types.
type cursor struct {
	src []byte
	at  int
}

// maxDepth is how deep objects and lists may nest, in payloads and in what is written: a tenth of what JSON may, since a
// level costs stack, and for writing another look at all that is inside.
const maxDepth = format.MaxDepth / 10

const (
	early   = "the payload ends early"
	tooDeep = "nesting too deep"
	tooMany = "%d bytes too many"
)

func (c *cursor) fault(at int, problem string, args ...any) error {
	return &SyntaxError{Offset: at, Problem: fmt.Sprintf(problem, args...)}
}

func (c *cursor) left() int { return len(c.src) - c.at }

func (c *cursor) long() (int64, error) {
	if c.at < len(c.src) {
		if b := c.src[c.at]; b < 0x80 {
			c.at++
			return int64(b>>1) ^ -int64(b&1), nil
		}
	}
	v, n := binary.Varint(c.src[c.at:])
	switch {
	case n == 0 && c.left() < binary.MaxVarintLen64:
		return 0, c.fault(len(c.src), early)
	case n <= 0:
		return 0, c.fault(c.at, "a number of more than 64 bits")
	}
	c.at += n
	return v, nil
}

func (c *cursor) int() (int64, error) {
	at := c.at
	v, err := c.long()
	if err == nil && (v < math.MinInt32 || v > math.MaxInt32) {
		return 0, c.fault(at, "an int of more than 32 bits")
	}
	return v, err
}

// take returns the next n bytes, which are the payload's.
func (c *cursor) take(n int) ([]byte, error) {
	if c.left() < n {
		return nil, c.fault(len(c.src), early)
	}
	b := c.src[c.at : c.at+n : c.at+n]
	c.at += n
	return b, nil
}

// bytes returns the bytes behind a length: a string, bytes, or a map's key.
func (c *cursor) bytes() ([]byte, error) {
	at := c.at
	n, err := c.long()
	switch {
	case err != nil:
		return nil, err
	case n < 0:
		return nil, c.fault(at, "a negative length")
	case n > int64(c.left()):
		return nil, c.fault(at, "a length of %d, and %d bytes are left", n, c.left())
	}
	return c.take(int(n))
}

func (c *cursor) boolean() (bool, error) {
	b, err := c.take(1)
	if err != nil {
		return false, err
	}
	if b[0] > 1 {
		return false, c.fault(c.at-1, "a boolean that is neither 0 nor 1")
	}
	return b[0] == 1, nil
}

// choice reads the index of an enum's symbol or a union's branch.
func (c *cursor) choice(n int, of string) (int, error) {
	at := c.at
	i, err := c.long()
	if err == nil && (i < 0 || i >= int64(n)) {
		return 0, c.fault(at, "%s %d, and the schema has %d", of, i, n)
	}
	return int(i), err
}

func (n *node) choose(c *cursor) (*node, error) {
	i, err := c.choice(len(n.branches), "branch")
	if err != nil {
		return nil, err
	}
	return n.branches[i], nil
}

// maxEmpty is how many items that take no bytes a block may have: nulls, and records of nothing else.
const maxEmpty = 4096

// block reads how many items come next of an array or map, 0 at its end. The block's size in bytes, which may stand there
// for those who skip, is not needed, and not believed.
func (c *cursor) block(n *node) (int64, error) {
	at := c.at
	count, err := c.long()
	if err != nil {
		return 0, err
	}
	if count < 0 {
		if _, err := c.long(); err != nil {
			return 0, err
		}
		if count = -count; count < 0 {
			return 0, c.fault(at, "a block of more than 63 bits of items")
		}
	}
	room := int64(c.left())
	if n.kind == array && n.items.empty {
		room = maxEmpty
	}
	if count > room {
		return 0, c.fault(at, "a block of %d items, and %d bytes are left", count, c.left())
	}
	return count, nil
}
