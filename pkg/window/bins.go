package window

import (
	"encoding/binary"
	"slices"
)

// bins counts how often each index came, sorted by index. A key of few records has few bins, and most keys are such: that
// is why it is no array over the whole range, and no map. At an accuracy of 1 % a million latencies make some 200.
type bins struct {
	index []int32
	count []int64
	total int64
}

// add counts index n times.
func (b *bins) add(index int32, n int64) {
	i, found := slices.BinarySearch(b.index, index)
	if !found {
		b.index = slices.Insert(b.index, i, index)
		b.count = slices.Insert(b.count, i, 0)
	}
	b.count[i] += n
	b.total += n
}

func (b *bins) merge(o *bins) {
	for i, index := range o.index {
		b.add(index, o.count[i])
	}
}

// at returns the index of the one at a rank below total, counted from 0.
func (b *bins) at(rank int64) int32 {
	for i, n := range b.count {
		if rank < n {
			return b.index[i]
		}
		rank -= n
	}
	return b.index[len(b.index)-1]
}

// append appends the number of bins, and of each how far its index is from the one before and its count.
func (b *bins) append(dst []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(b.index)))
	last := int32(0)
	for i, index := range b.index {
		dst = binary.AppendVarint(dst, int64(index)-int64(last))
		dst = binary.AppendUvarint(dst, uint64(b.count[i]))
		last = index
	}
	return dst
}

// readBins reads what append wrote; indexes are from least to most.
func readBins(r *reader, least, most int32) bins {
	b := bins{}
	index := int64(0)
	for i, n := 0, r.length(2); i < n && !r.damaged; i++ {
		step, count := r.varint(), r.count()
		if index += step; step <= 0 && i > 0 || index < int64(least) || index > int64(most) || count == 0 || b.total+count < 0 {
			r.fail()
			break
		}
		b.index = append(b.index, int32(index))
		b.count = append(b.count, count)
		b.total += count
	}
	return b
}

func (b *bins) size() int { return 4*cap(b.index) + 8*cap(b.count) }
