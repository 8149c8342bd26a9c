package operator

import (
	"context"
	"encoding/binary"
	"hash/fnv"
	"math"
	"strconv"
	"strings"

	"github.com/kstream/kstream/pkg/record"
)

// sample P keeps the part P of the records: 0.1 or 10%. Which ones goes by a hash of their positions, so that a record
// that is read again is decided the same way, in every run.
func compileSample(b *builder, c *clause) {
	arg, ok := b.one(c, "a part: sample 0.1 or sample 10%")
	if !ok {
		return
	}
	text := arg.String()
	digits, percent := strings.CutSuffix(text, "%")
	part, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	if percent {
		part /= 100
	}
	switch {
	case err != nil:
		b.fault(arg, "sample needs a number", "sample 0.1 or sample 10%")
		return
	case !(part > 0 && part <= 1):
		b.fault(arg, "sample needs a part above 0 and up to 1", "sample 0.1 or sample 10%")
		return
	}
	below := uint64(math.MaxUint64)
	if part < 1 {
		below = uint64(part * (1 << 63) * 2)
	}
	b.add(c, "sample "+strconv.FormatFloat(part, 'g', -1, 64), func() Stage { return &sample{below: below} })
}

type sample struct{ below uint64 }

// Process drops what the hash does not choose.
func (s *sample) Process(_ context.Context, b *record.Batch) error {
	if len(b.Records) == 0 {
		return nil
	}
	h := fnv.New64a()
	if b.Partition != nil { // results of many partitions have none, but a position of their own
		h.Write([]byte(b.Partition.Stream + "/" + b.Partition.Shard + "/"))
	}
	place := h.Sum64()
	b.Filter(func(r *record.Record) bool { return hashOf(place, r) <= s.below })
	return nil
}

// hashOf is FNV-1a of the position with a last stir (that of splitmix64): sequence numbers differ in few digits, which
// FNV alone does not spread to the top bits. It is part of what users see: it never changes.
func hashOf(place uint64, r *record.Record) uint64 {
	const prime = 1099511628211
	h := place
	for _, c := range r.Sequence {
		h = (h ^ uint64(c)) * prime
	}
	var sub [4]byte
	binary.BigEndian.PutUint32(sub[:], r.Subsequence)
	for _, c := range sub {
		h = (h ^ uint64(c)) * prime
	}
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
