package ordered

import (
	"encoding/binary"

	"github.com/kstream/kstream/pkg/record"
)

// stampBytes is what Stamp puts before a line: the time by which it is ordered, 8 bytes.
const stampBytes = 8

// Stamp has each line that an encoder makes begin with the arrival of its record. Arrivals go back now and then inside of a
// shard; the stamp is the highest so far, so that ordering by it never changes the order of a shard. Each lane needs its own.
func Stamp(line record.Encoder) record.Encoder {
	high := record.StartOfTime
	return func(dst []byte, b *record.Batch, r *record.Record) ([]byte, error) {
		high = max(high, r.Arrival)
		return line(binary.BigEndian.AppendUint64(dst, uint64(high)), b, r)
	}
}

// Cut parts what Stamp's encoder has made into the stamp and the line, whose bytes stay data's.
func Cut(data []byte) (at record.Millis, line []byte) {
	return record.Millis(binary.BigEndian.Uint64(data)), data[stampBytes:]
}
