package protobuf

import "github.com/kstream/kstream/pkg/format"

// Delimited splits payloads that hold several messages, each behind its length as a varint: what parseDelimitedFrom of the
// Java library and protodelim of Go read. It has no state.
type Delimited struct{}

// Split calls each for each message, a part of payload; an empty payload has none. An error of its own is a *Fault with the
// place of the message that it concerns.
func (Delimited) Split(payload []byte, _ format.Arena, each func(part []byte) error) error {
	p := part{payload, 0}
	for i := 0; i < len(payload); {
		size, from, f := p.varint(i)
		if f != nil {
			return f
		}
		if size > uint64(len(payload)-from) {
			return p.fault(i, "a message is said to be longer than what is left of the payload,")
		}
		end := from + int(size)
		if err := each(payload[from:end:end]); err != nil {
			return err
		}
		i = end
	}
	return nil
}
