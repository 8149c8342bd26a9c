package window

import "github.com/kstream/kstream/pkg/record"

// kept is a value that an accumulator holds on to: the text is its own.
type kept struct {
	record.Value
	room []byte
}

// set makes k hold a copy of v. It allocates only where the text is longer than any before.
func (k *kept) set(v *record.Value) {
	k.Value = *v
	k.Text = nil
	// An Int's digits say no more than its number, and its binary form has none.
	if v.Kind != record.Int && len(v.Text) > 0 {
		k.room = append(k.room[:0], v.Text...)
		k.Text = k.room
	}
}

// lend returns k for a result: its text is appended to dst.
func (k *kept) lend(dst []byte) (record.Value, []byte) {
	v := k.Value
	if len(v.Text) > 0 {
		from := len(dst)
		dst = append(dst, v.Text...)
		v.Text = dst[from:len(dst):len(dst)]
	}
	return v, dst
}

// result is lend for an accumulator that keeps one value, whose result is null until there is one.
func (k *kept) result(dst []byte) (record.Value, []byte, error) {
	if k.Nil() {
		return null, dst, nil
	}
	v, dst := k.lend(dst)
	return v, dst, nil
}

// size is the room beyond the struct itself.
func (k *kept) size() int { return cap(k.room) }

// null is the result of an aggregate that has counted nothing.
var null = record.Value{Kind: record.Null}
