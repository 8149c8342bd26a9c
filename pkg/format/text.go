package format

import (
	"fmt"
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/record"
)

// TextField is the name of the one field that a text payload has.
const TextField = "text"

// Text returns a payload as one string, which aliases it. Bytes that are no UTF-8 are an error: what they stand for is not
// known.
func Text(payload []byte) (record.Value, error) {
	if utf8.Valid(payload) {
		return record.Value{Kind: record.String, Text: payload}, nil
	}
	i := 0
	for {
		r, n := utf8.DecodeRune(payload[i:])
		if r == utf8.RuneError && n <= 1 {
			return record.Value{}, fmt.Errorf("the payload is no UTF-8 text: byte 0x%02x at %d", payload[i], i)
		}
		i += n
	}
}
