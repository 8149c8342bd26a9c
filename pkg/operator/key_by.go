package operator

import (
	"context"
	"fmt"
	"strings"

	"github.com/cespare/xxhash/v2"

	"github.com/kstream/kstream/pkg/record"
)

// key_by a, b = EXPR groups records: what keyed stages behind it do, they do for each key alone. nil is a key, and 1 and 1.0
// are one. A field that is made here is there from here on, as set would make it.
func compileKeyBy(b *builder, c *clause) {
	b.unusedKey()
	b.fields.need()
	made := b.assignments(c)
	values := b.valuesOf(made)
	k := &keying{c: c}
	for i, a := range made {
		if a.String() != pathText(a.path) {
			values[i].above, values[i].path = b.above(a.path), pathText(a.path)
		}
		k.paths = append(k.paths, a.path)
		k.text = append(k.text, a.String())
	}
	for i, a := range made {
		if values[i].path != "" {
			b.fields.put(a.path, values[i].slot)
		}
	}
	b.key, b.unused = k, c
	text := "key_by " + strings.Join(k.text, ", ")
	b.stateful = append(b.stateful, text)
	b.add(c, text, func() Stage {
		return &keyBy{assign: assign{label: c.label(), values: values}}
	})
}

// unusedKey says where a key_by has nothing behind it that runs by key.
func (b *builder) unusedKey() {
	if b.unused != nil {
		b.fault(b.unused.word, "nothing behind this key_by runs by key", "window and aggregate, or dedupe, make use of it")
	}
	b.unused = nil
}

// keying is what records are grouped by at a place of the chain. A plan's first is nil: not at all.
type keying struct {
	c     *clause // nil where no key_by stands
	paths [][]string
	text  []string
}

// keyBy computes the key and sets Group and Hash.
type keyBy struct {
	assign
	canon canon
}

// Process groups each record.
func (s *keyBy) Process(ctx context.Context, b *record.Batch) error {
	if err := s.assign.Process(ctx, b); err != nil {
		return err
	}
	for i := range b.Records {
		r := &b.Records[i]
		row := b.Row(r)
		dst := b.Scratch()
		from := len(dst)
		for k := range s.values {
			dst = s.canon.append(dst, &row[s.values[k].slot])
		}
		r.Group = b.Kept(dst, from)
		r.Hash = xxhash.Sum64(r.Group)
	}
	return nil
}

// errGroup is a key that was not made by this chain.
var errGroup = fmt.Errorf("reading a key: %w", record.ErrValue)

// fill puts the values of a group into slots of row. They alias group.
func (k *keying) fill(row []record.Value, slots []int, group []byte) error {
	for _, slot := range slots {
		v, rest, err := record.ReadValue(group)
		if err != nil {
			return errGroup
		}
		row[slot], group = v, rest
	}
	return nil
}
