package checkpoint

// Delta is the changes of one task's keyed state in one epoch, in order: plain data that a task collects without I/O and
// the store writes in one batch with everything else. It has one user at a time.
type Delta struct {
	buf []byte
	ops []change
}

type change struct {
	kind       changeKind
	keyN, valN int
}

type changeKind uint8

const (
	set changeKind = iota
	del
	delRange
)

// Set stores value under key. Both are copied, here and in the other methods.
func (d *Delta) Set(key, value []byte) { d.add(set, key, value) }

// Delete removes key; one that is not there is no error.
func (d *Delta) Delete(key []byte) { d.add(del, key, nil) }

// DeleteRange removes the keys in [from, to): how a closed window goes in one step.
func (d *Delta) DeleteRange(from, to []byte) { d.add(delRange, from, to) }

func (d *Delta) add(kind changeKind, a, b []byte) {
	d.ops = append(d.ops, change{kind, len(a), len(b)})
	d.buf = append(append(d.buf, a...), b...)
}

// each calls f for the changes in order, up to its first error.
func (d *Delta) each(f func(kind changeKind, a, b []byte) error) error {
	rest := d.buf
	for _, op := range d.ops {
		if err := f(op.kind, rest[:op.keyN], rest[op.keyN:op.keyN+op.valN]); err != nil {
			return err
		}
		rest = rest[op.keyN+op.valN:]
	}
	return nil
}
