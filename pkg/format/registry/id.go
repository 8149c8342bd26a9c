package registry

import (
	"encoding/hex"
	"strconv"
)

// Kind is which registry an ID is of.
type Kind uint8

// The kinds of registry.
const (
	Confluent Kind = iota + 1
	Glue
)

// String returns the registry's name.
func (k Kind) String() string {
	if k == Glue {
		return "AWS Glue"
	}
	return "Confluent"
}

// ID names a schema in a registry. IDs may be compared with ==.
type ID struct {
	Kind   Kind
	Number uint32   // Confluent's
	UUID   [16]byte // Glue's, of a schema's version
}

// String returns the number, or the UUID in its text form.
func (id ID) String() string {
	if id.Kind != Glue {
		return strconv.FormatUint(uint64(id.Number), 10)
	}
	h := hex.EncodeToString(id.UUID[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
