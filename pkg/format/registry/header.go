// Package registry knows the schemas that payloads name in a header: Confluent's Schema Registry and its kin (Karapace,
// Redpanda, Apicurio), and AWS Glue's.
//
// A stage has one Resolver and asks it ahead of each batch, since reading a payload has no context to wait with:
//
//	for i := range batch.Records {
//		if id, ok := r.Missing(batch.Records[i].Data); ok {
//			if err := r.Fetch(ctx, id); err != nil {
//				return err // the context's: the run ends
//			}
//		}
//	}
//
// Open then knows what each payload names. While the registry does not answer, Fetch waits, and nothing is lost; that it
// has no such schema is an answer, and the error of the records that name it.
package registry

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Header is what stands before a payload whose schema is in a registry.
type Header struct {
	ID  ID
	Len int // bytes
	// Zlib is set where what follows is packed by zlib, as only Glue's serializers do.
	Zlib bool
}

// The headers: Confluent's is a zero byte and 4 bytes of the id, Glue's a 3, a byte for the compression, and a UUID.
const (
	confluentByte = 0x00
	confluentLen  = 1 + 4
	glueByte      = 0x03
	glueLen       = 1 + 1 + 16
	glueStored    = 0x00
	glueZlib      = 0x05
)

var errShort = errors.New("the payload ends inside its registry header")

// ReadHeader reads the header that payload begins with.
func ReadHeader(payload []byte) (h Header, err error) {
	if len(payload) == 0 {
		return h, errors.New("the payload is empty, so it has no registry header")
	}
	switch payload[0] {
	case confluentByte:
		if len(payload) < confluentLen {
			return h, errShort
		}
		return Header{ID: ID{Kind: Confluent, Number: binary.BigEndian.Uint32(payload[1:])}, Len: confluentLen}, nil
	case glueByte:
		if len(payload) < glueLen {
			return h, errShort
		}
		h = Header{ID: ID{Kind: Glue, UUID: [16]byte(payload[2:])}, Len: glueLen, Zlib: payload[1] == glueZlib}
		if c := payload[1]; c != glueStored && c != glueZlib {
			return h, fmt.Errorf("the payload's Glue header has the compression 0x%02x, which is none", c)
		}
		return h, nil
	}
	return h, fmt.Errorf("the payload begins with 0x%02x: a schema registry's header begins with 0x00 (Confluent) or 0x03 (AWS Glue)", payload[0])
}

// ReadMessageIndex reads what AWS Glue's protobuf payloads have behind the header: which message of the file it is, of all by
// full name. body is what is behind it.
func ReadMessageIndex(payload []byte) (index int, body []byte, err error) {
	v, n := binary.Uvarint(payload)
	if n <= 0 || v > 1<<20 {
		return 0, nil, errors.New("the payload's message index is broken")
	}
	return int(v), payload[n:], nil
}

// maxIndexes is how deep messages may be nested in each other's definitions.
const maxIndexes = 64

// ReadMessageIndexes reads what Confluent's protobuf payloads have behind the header: which message of the file it is, by
// its place, and inside that which nested one, and so on. body is what is behind it.
func ReadMessageIndexes(payload []byte) (indexes []int, body []byte, err error) {
	next := func() int {
		v, n := binary.Varint(payload)
		if n <= 0 || v < 0 || v > 1<<20 {
			err = errors.New("the payload's message indexes are broken")
			return 0
		}
		payload = payload[n:]
		return int(v)
	}
	count := next()
	if err == nil && count > maxIndexes {
		err = fmt.Errorf("the payload has %d message indexes: at most %d", count, maxIndexes)
	}
	if err == nil && count == 0 { // short for the first message
		return []int{0}, payload, nil
	}
	for i := 0; i < count && err == nil; i++ {
		indexes = append(indexes, next())
	}
	if err != nil {
		return nil, nil, err
	}
	return indexes, payload, nil
}
