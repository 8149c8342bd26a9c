package avro

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	lib "github.com/twmb/avro"
	"github.com/twmb/avro/ocf"

	"github.com/kstream/kstream/pkg/record"
)

const point = `{"type":"record","name":"P","fields":[{"name":"n","type":"long"},{"name":"s","type":"string"}]}`

func container(t testing.TB, schema string, values []any, opts ...ocf.WriterOpt) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := ocf.NewWriter(&out, lib.MustParse(schema), append(opts, ocf.WithSyncMarker([16]byte{1, 2, 3}))...)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range values {
		if err := w.Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func split(f *Files, payload []byte) (parts []string, err error) {
	err = f.Split(payload, record.NewBatch(0), func(part []byte) error {
		parts = append(parts, string(part))
		return nil
	})
	return parts, err
}

func TestFiles(t *testing.T) {
	values := []any{
		map[string]any{"n": int64(1), "s": "a"}, map[string]any{"n": int64(-1) << 62, "s": strings.Repeat("b", 100)}, map[string]any{"n": int64(3), "s": ""},
	}
	want := `{"n":1,"s":"a"}` + "\n" + `{"n":-4611686018427387904,"s":"` + strings.Repeat("b", 100) + `"}` + "\n" + `{"n":3,"s":""}`
	f := NewFiles(0)
	for name, c := range map[string]ocf.Codec{"deflate": ocf.DeflateCodec(6), "snappy": ocf.SnappyCodec(), "zstandard": ocf.MustZstdCodec(nil, nil)} {
		got, err := split(f, container(t, point, values, ocf.WithCodec(c), ocf.WithBlockCount(2)))
		if strings.Join(got, "\n") != want || err != nil {
			t.Errorf("%s: got %q (%v)", name, got, err)
		}
	}
	whole := container(t, point, values, ocf.WithBlockCount(2))
	if got, err := split(f, whole); strings.Join(got, "\n") != want || err != nil {
		t.Errorf("null: got %q (%v)", got, err)
	}
	for n := range whole {
		if got, err := split(f, whole[:n]); err == nil && len(got) == 3 {
			t.Errorf("cut to %d bytes it reads as %q", n, got)
		}
	}
	stop := errors.New("enough")
	if err := f.Split(whole, record.NewBatch(0), func([]byte) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v, want the error of each", err)
	}
}

func TestFilesRefuse(t *testing.T) {
	good := container(t, point, []any{map[string]any{"n": int64(1), "s": "secret"}})
	mark := bytes.LastIndex(good, []byte{1, 2, 3, 0, 0})
	for _, tt := range []struct {
		name, want string
		max        int
		payload    []byte
	}{
		{"no file", "header of an Avro file: the payload is not of the Avro schema: no Avro file begins like this at byte 0", 0, []byte("{}")},
		{"a codec", "its codec is none of null, deflate, snappy and zstandard", 0, []byte(magic + "\x02\x14avro.codec\x0asecrt\x00" + strings.Repeat("\x00", 16))},
		{"no schema", "its schema is missing, or is no Avro schema of a record", 0, []byte(magic + "\x02\x16avro.schema\x0c\"null\"\x00" + strings.Repeat("\x00", 16))},
		{"a mark", "reading block 1 of an Avro file: the payload is not of the Avro schema: the mark at the block's end is another", 0, append(bytes.Clone(good[:mark]), make([]byte, 16)...)},
		{"a stored bomb", "unpacks to more bytes than it may", 4, good},
		{"a deflated bomb", "unpacks to more bytes than it may", 1 << 20, bomb(t, ocf.DeflateCodec(9))},
		{"a zstd bomb", "", 1 << 20, bomb(t, ocf.MustZstdCodec(nil, nil))},
		{"a snappy bomb", "", 1 << 20, bomb(t, ocf.SnappyCodec())},
	} {
		_, err := split(NewFiles(tt.max), tt.payload)
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "secr") {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}

func bomb(t testing.TB, c ocf.Codec) []byte {
	return container(t, point, []any{map[string]any{"n": int64(1), "s": strings.Repeat("b", 2<<20)}}, ocf.WithCodec(c))
}

// FuzzFiles holds that no file does more than it may, and that those that twmb/avro reads are read.
func FuzzFiles(f *testing.F) {
	values := []any{map[string]any{"n": int64(1), "s": "a"}, map[string]any{"n": int64(2), "s": "b"}}
	f.Add(container(f, point, values))
	f.Add(container(f, point, values, ocf.WithCodec(ocf.DeflateCodec(6))))
	f.Add(container(f, point, values, ocf.WithCodec(ocf.SnappyCodec())))
	nothing, _ := base64.StdEncoding.DecodeString("T2JqAQAA")
	f.Add(nothing)
	files := NewFiles(1 << 16)
	f.Fuzz(func(t *testing.T, payload []byte) {
		got, err := split(files, payload)
		r, libErr := ocf.NewReader(bytes.NewReader(payload))
		if libErr != nil {
			return
		}
		var want []string
		for err == nil {
			var v any
			if libErr = r.Decode(&v); libErr != nil {
				break
			}
			want = append(want, "")
		}
		if err == nil && len(want) != len(got) {
			t.Fatalf("got %d records, the library %d (%v)", len(got), len(want), libErr)
		}
	})
}
