package operator

import (
	"encoding/binary"

	"github.com/kstream/kstream/pkg/record"
)

// first is the event time of a record that passed.
type first record.Millis

// Append implements state.Value.
func (f first) Append(dst []byte) []byte {
	return binary.BigEndian.AppendUint64(append(dst, groupVersion), uint64(f))
}

// Size implements state.Value.
func (first) Size() int { return 0 }

func loadFirst(data []byte) (first, error) {
	rest, err := versioned(data)
	if err == nil && len(rest) != 8 {
		err = errKept
	}
	if err != nil {
		return 0, err
	}
	return first(binary.BigEndian.Uint64(rest)), nil
}
