package registry

import (
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
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

// ParseID reads what ID.String writes: a number is Confluent's, a UUID Glue's.
func ParseID(text string) (ID, error) {
	if n, err := strconv.ParseUint(text, 10, 32); err == nil {
		return ID{Kind: Confluent, Number: uint32(n)}, nil
	}
	id := ID{Kind: Glue}
	raw, err := hex.DecodeString(strings.ReplaceAll(text, "-", ""))
	if err == nil && len(raw) == len(id.UUID) {
		id.UUID = [16]byte(raw)
		if strings.EqualFold(id.String(), text) {
			return id, nil
		}
	}
	return ID{}, errors.New("a schema's id is a number (Confluent) or a UUID (AWS Glue)")
}
