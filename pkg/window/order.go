package window

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"strings"

	"github.com/kstream/kstream/pkg/record"
)

// order is where a record stands among others: event time, then position, then partition.
type order struct {
	event       record.Millis
	subsequence uint32
	sequence    []byte
	partition   string
}

// orderOf returns the order of in, with its sequence number lent.
func orderOf(in *Input) order {
	return order{event: in.Event, subsequence: in.Subsequence, sequence: in.Sequence, partition: in.Partition}
}

func (o *order) compare(p *order) int {
	if c := cmp.Compare(o.event, p.event); c != 0 {
		return c
	}
	// Decimal numbers without leading zeros: the longer is the greater.
	if c := cmp.Compare(len(o.sequence), len(p.sequence)); c != 0 {
		return c
	}
	if c := bytes.Compare(o.sequence, p.sequence); c != 0 {
		return c
	}
	if c := cmp.Compare(o.subsequence, p.subsequence); c != 0 {
		return c
	}
	return strings.Compare(o.partition, p.partition)
}

func (o *order) append(dst []byte) []byte {
	dst = binary.AppendVarint(dst, int64(o.event))
	dst = binary.AppendUvarint(dst, uint64(o.subsequence))
	dst = binary.AppendUvarint(dst, uint64(len(o.sequence)))
	dst = append(dst, o.sequence...)
	dst = binary.AppendUvarint(dst, uint64(len(o.partition)))
	return append(dst, o.partition...)
}

// readOrder reads what append wrote; the sequence number is lent.
func readOrder(r *reader) order {
	o := order{event: record.Millis(r.varint())}
	subsequence := r.uvarint()
	if subsequence > 1<<32-1 {
		r.fail()
	}
	o.subsequence = uint32(subsequence)
	o.sequence = r.text()
	o.partition = r.string()
	return o
}

// placed is a value with its place in the order. It owns its bytes.
type placed struct {
	value kept
	order order
}

// set makes p a copy of v at o, in the room that it has.
func (p *placed) set(v *record.Value, o *order) {
	p.value.set(v)
	p.order.sequence = append(p.order.sequence[:0], o.sequence...)
	p.order.event, p.order.subsequence, p.order.partition = o.event, o.subsequence, o.partition
}

// compare orders by place; by value only what stands at one place, as the elements that flat_map made of one record do.
func (p *placed) compare(v *record.Value, o *order) int {
	if c := p.order.compare(o); c != 0 {
		return c
	}
	return compareExactly(&p.value.Value, v)
}

func (p *placed) append(dst []byte) []byte {
	return p.order.append(record.AppendValue(dst, &p.value.Value))
}

// read makes p what append wrote.
func (p *placed) read(r *reader) {
	v := r.value()
	o := readOrder(r)
	p.set(&v, &o)
}

// placedSize is the bytes of a placed without those that it points to.
const placedSize = 152

// size is the room beyond the struct itself. The partition is shared by all records that were not loaded.
func (p *placed) size() int { return p.value.size() + cap(p.order.sequence) }
