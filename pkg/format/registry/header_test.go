package registry

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
)

// appendHeader appends the header of a payload of the schema id that is not compressed.
func appendHeader(dst []byte, id ID) []byte {
	if id.Kind == Glue {
		return append(append(dst, glueByte, glueStored), id.UUID[:]...)
	}
	return binary.BigEndian.AppendUint32(append(dst, confluentByte), id.Number)
}

// appendMessageIndexes appends what ReadMessageIndexes reads.
func appendMessageIndexes(dst []byte, indexes []int) []byte {
	if len(indexes) == 1 && indexes[0] == 0 {
		return append(dst, 0)
	}
	dst = binary.AppendVarint(dst, int64(len(indexes)))
	for _, i := range indexes {
		dst = binary.AppendVarint(dst, int64(i))
	}
	return dst
}

func FuzzReadHeader(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x00\x07\x02\x04body"))
	f.Add([]byte("\x03\x050123456789abcdefbody"))
	f.Add([]byte("\x03\x010123456789abcdef"))
	f.Add([]byte("\x00\x00"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		h, err := ReadHeader(payload)
		if err != nil {
			return
		}
		again := appendHeader(nil, h.ID)
		if h.Zlib {
			again[1] = glueZlib
		}
		if !bytes.Equal(again, payload[:h.Len]) {
			t.Fatalf("it goes back as %x, it was %x", again, payload[:h.Len])
		}
		indexes, body, err := ReadMessageIndexes(payload[h.Len:])
		if err != nil {
			return
		}
		second, rest, err := ReadMessageIndexes(append(appendMessageIndexes(nil, indexes), body...))
		if err != nil || !slices.Equal(second, indexes) || !bytes.Equal(rest, body) {
			t.Fatalf("read again it is %v, it was %v (%v)", second, indexes, err)
		}
	})
}

func TestID(t *testing.T) {
	id := ID{Kind: Glue, UUID: [16]byte{0xb7, 0xb4, 0xa7, 0xf0, 0x9c, 0x96, 0x4e, 0x4a, 0xa6, 0x87, 0xfb, 0x5d, 0xe9, 0xef, 0x0c, 0x63}}
	if got, want := id.String(), "b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := seven.String(); got != "7" {
		t.Errorf("got %s", got)
	}
}

// glueFake answers with what it holds.
type glueFake struct {
	asked string
	out   *glue.GetSchemaVersionOutput
	err   error
}

func (f *glueFake) GetSchemaVersion(_ context.Context, in *glue.GetSchemaVersionInput, _ ...func(*glue.Options)) (*glue.GetSchemaVersionOutput, error) {
	f.asked = *in.SchemaVersionId
	return f.out, f.err
}

func TestGlue(t *testing.T) {
	definition := "the schema"
	for _, tt := range []struct {
		name            string
		fake            glueFake
		fails, notFound bool
	}{
		{"there", glueFake{out: &glue.GetSchemaVersionOutput{SchemaDefinition: &definition, DataFormat: types.DataFormatProtobuf, Status: types.SchemaVersionStatusAvailable}}, false, false},
		{"not there", glueFake{err: &types.EntityNotFoundException{}}, true, true},
		{"not taken", glueFake{err: &types.InvalidInputException{}}, true, true},
		{"no access", glueFake{err: &types.AccessDeniedException{}}, true, false},
		{"being checked", glueFake{out: &glue.GetSchemaVersionOutput{SchemaDefinition: &definition, Status: types.SchemaVersionStatusPending}}, true, false},
		{"empty", glueFake{out: &glue.GetSchemaVersionOutput{}}, true, false},
	} {
		s, err := NewGlue(&tt.fake).Schema(t.Context(), ID{Kind: Glue})
		if (err != nil) != tt.fails || errors.Is(err, ErrNotFound) != tt.notFound {
			t.Errorf("%s: got %v", tt.name, err)
		}
		if tt.fake.asked != "00000000-0000-0000-0000-000000000000" {
			t.Errorf("%s: asked for %q", tt.name, tt.fake.asked)
		}
		if err == nil && (s.Text != definition || s.Type != Protobuf) {
			t.Errorf("%s: got %+v", tt.name, s)
		}
	}
}
