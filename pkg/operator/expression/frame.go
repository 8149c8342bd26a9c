package expression

import (
	"errors"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// What one record may cost one expression. Payloads decide how long lists are, and expr's loops nest: without a bound,
// three loops over one hostile list of 3,000 elements hold a lane for minutes.
const (
	maxSteps = 1 << 20 // elements visited, and 64 bytes of text read or made, count one each
	maxMade  = 4 << 20 // bytes of text made, on top of four times the payload
)

var (
	errSteps = errors.New("the expression takes too much work for this record: more than 1,048,576 steps")
	errMade  = errors.New("the expression makes too much text for this record: more than 4 MiB and four times its payload")
)

// Frame is what evaluating needs; a lane has one and uses it for all its expressions. One user at a time.
type Frame struct {
	// Row is the record's fields by slot.
	Row []record.Value
	// Mismatch tells of the last Run whether an operator met nil or a wrong type and was therefore false.
	Mismatch bool

	batch *record.Batch
	rec   *record.Record
	err   error
	steps int
	made  int
	stack []record.Value // arguments, and elements of lists that are being made
	vars  []record.Value // by the place of their let
	loop  loop
	key   []byte // of a look-up, for its length

	loopings [maxLoops + 1]looping // the predicates that are open
	depth    int
}

// loop is the innermost predicate's element: "#", "#index" and reduce's "#acc".
type loop struct {
	element, acc record.Value
	index        int64
}

func (f *Frame) start(b *record.Batch, r *record.Record) {
	f.Row, f.batch, f.rec = b.Row(r), b, r
	f.err, f.Mismatch, f.steps, f.made, f.stack = nil, false, 0, 0, f.stack[:0]
}

// fail notes why the record can't be handled; the first reason counts. Evaluation goes on to its end with nil.
func (f *Frame) fail(err error) record.Value {
	if f.err == nil {
		f.err = err
	}
	return record.Value{}
}

// mismatch is false, and counted.
func (f *Frame) mismatch() record.Value {
	f.Mismatch = true
	return record.BoolValue(false)
}

// spend takes steps and reports whether there were any left.
func (f *Frame) spend(steps int) bool {
	if f.steps += steps; f.steps > maxSteps {
		f.fail(errSteps)
	}
	return f.err == nil
}

// read takes the steps for looking through text.
func (f *Frame) read(text []byte) bool { return f.spend(1 + len(text)/64) }

// room reports whether n more bytes of text may be made. It is asked before they are.
func (f *Frame) room(n int) bool {
	if most := maxMade + 4*len(f.rec.Data); n < 0 || n > most || f.made+n > most {
		f.fail(errMade)
	} else {
		f.made += n
		f.spend(n / 64)
	}
	return f.err == nil
}

// text makes a value of what was appended to the batch's scratch space.
func (f *Frame) text(kind record.Kind, scratch []byte, from int) record.Value {
	return record.Value{Kind: kind, Text: f.batch.Kept(scratch, from)}
}

// parse reads a list's element or an object's member; nil raw is a missing one.
func (f *Frame) parse(raw []byte) record.Value {
	if raw == nil {
		return record.Value{}
	}
	return format.Parse(raw, f.batch)
}

// list makes a list of what stands on the stack from base on, and takes it off.
func (f *Frame) list(base int) record.Value {
	size := 0
	for i := base; i < len(f.stack); i++ {
		size += len(f.stack[i].Text) + 2
	}
	if !f.room(size) {
		f.stack = f.stack[:base]
		return record.Value{}
	}
	dst := f.batch.Scratch()
	from := len(dst)
	dst = append(dst, '[')
	for i := base; i < len(f.stack); i++ {
		if i > base {
			dst = append(dst, ',')
		}
		dst = format.Append(dst, &f.stack[i])
	}
	f.stack = f.stack[:base]
	return f.text(record.List, append(dst, ']'), from)
}

func (f *Frame) push(v record.Value) { f.stack = append(f.stack, v) }

// object makes an object of the names and values that stand on the stack in turn from base on, and takes them off.
func (f *Frame) object(base int) record.Value {
	size := 2
	for i := base; i < len(f.stack); i++ {
		size += len(f.stack[i].Text) + 4
	}
	if !f.room(size) {
		f.stack = f.stack[:base]
		return record.Value{}
	}
	dst := f.batch.Scratch()
	from := len(dst)
	dst = append(dst, '{')
	for i := base; i+1 < len(f.stack); i += 2 {
		if i > base {
			dst = append(dst, ',')
		}
		dst = append(format.Append(dst, &f.stack[i]), ':')
		dst = format.Append(dst, &f.stack[i+1])
	}
	f.stack = f.stack[:base]
	return f.text(record.Object, append(dst, '}'), from)
}
