package framing_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/format/framing"
	"github.com/kstream/kstream/pkg/record"
)

func payload(dst []byte, _ *record.Batch, r *record.Record) ([]byte, error) {
	return append(dst, r.Data...), nil
}

func TestLines(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		binary         bool
		notices        int
	}{
		{name: "plain", in: "hello, world", want: "hello, world\n"},
		{name: "empty", in: "", want: "\n"},
		{name: "with its own end", in: "hello\n", want: "hello\n"},
		{name: "with the end of another system", in: "hello\r\n", want: "hello\n"},
		{name: "tabs", in: "a\tb\tc\td\te\tf", want: "a\tb\tc\td\te\tf\n"},
		{name: "not ASCII", in: "Grüße, 世界", want: "Grüße, 世界\n"},
		{name: "JSON over several lines", in: "{\n  \"a\": [1,\n 2]\n}\n", want: "{\"a\":[1,2]}\n"},
		{name: "text over several lines", in: "panic: x\n\tat y", want: "panic: x\n\tat y\n", notices: 1},
		{name: "FIX", in: "8=FIX.4.4\x019=65\x0135=A", want: "8=FIX.4.4\x019=65\x0135=A\n"},
		{name: "colours", in: "\x1b[31mred\x1b[0m", want: "\x1b[31mred\x1b[0m\n"},
		{name: "protobuf", in: "\x0a\x07testing\x10\x05", binary: true, notices: 1},
		{name: "gzip", in: "\x1f\x8b\x08\x00", binary: true, notices: 1},
		{name: "a NUL far behind", in: strings.Repeat("x", 100) + "\x00", binary: true, notices: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			notices := 0
			frame := framing.Lines.Frame(payload, false, func(string) { notices++ })
			for range 2 { // the notice is said once
				got, err := frame([]byte("before|"), nil, &record.Record{Data: []byte(c.in)})
				if c.binary {
					if !errors.Is(err, framing.ErrBinary) {
						t.Fatalf("got %q, %v, want ErrBinary", got, err)
					}
					continue
				}
				if err != nil || string(got) != "before|"+c.want {
					t.Fatalf("got %q, %v, want %q", got, err, c.want)
				}
			}
			if notices != c.notices {
				t.Errorf("%d notices, want %d", notices, c.notices)
			}
		})
	}
}

func TestLengthAndBase64(t *testing.T) {
	for _, size := range []int{0, 1, 127, 128, 70_000} {
		data := bytes.Repeat([]byte{0, '\n', 0xff}, size)[:size]
		r := &record.Record{Data: data}
		got, err := framing.Length.Frame(payload, false, nil)([]byte("x"), nil, r)
		if err != nil {
			t.Fatal(err)
		}
		n, head := binary.Uvarint(got[1:])
		if int(n) != size || !bytes.Equal(got[1+head:], data) {
			t.Errorf("length: %d bytes came back as %d", size, n)
		}
		got, err = framing.Base64.Frame(payload, false, nil)([]byte("x"), nil, r)
		if err != nil {
			t.Fatal(err)
		}
		back, err := base64.StdEncoding.DecodeString(string(bytes.TrimSuffix(got[1:], []byte("\n"))))
		if err != nil || !bytes.Equal(back, data) {
			t.Errorf("base64: %d bytes came back as %d, %v", size, len(back), err)
		}
	}
}

func BenchmarkLines(b *testing.B) {
	r := &record.Record{Data: []byte(strings.Repeat(`{"level":"error","n":1}`, 43))}
	frame := framing.Lines.Frame(payload, false, nil)
	var dst []byte
	b.SetBytes(int64(len(r.Data)))
	for b.Loop() {
		dst, _ = frame(dst[:0], nil, r)
	}
}
