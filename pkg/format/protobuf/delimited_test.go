package protobuf_test

import (
	"bytes"
	"errors"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/kstream/kstream/pkg/format/protobuf"
)

func split(payload []byte) (parts [][]byte, err error) {
	err = protobuf.Delimited{}.Split(payload, nil, func(part []byte) error {
		parts = append(parts, part)
		return nil
	})
	return parts, err
}

func TestDelimited(t *testing.T) {
	for name, tc := range map[string]struct {
		payload string
		want    []string
		err     string
	}{
		"nothing":          {"", nil, ""},
		"three":            {"\x01a\x00\x02bc", []string{"a", "", "bc"}, ""},
		"longer than left": {"\x01a\x05bc", []string{"a"}, "a message is said to be longer than what is left of the payload, at byte 2"},
		"a bomb":           {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", nil, "a message is said to be longer than what is left of the payload, at byte 0"},
		"half a length":    {"\x80", nil, "the message ends early at byte 1"},
	} {
		t.Run(name, func(t *testing.T) {
			parts, err := split([]byte(tc.payload))
			if tc.err == "" && err != nil || tc.err != "" && (err == nil || err.Error() != tc.err) {
				t.Errorf("got error %v, want %q", err, tc.err)
			}
			if got, want := bytes.Join(parts, []byte("|")), bytes.Join(slicesOf(tc.want), []byte("|")); !bytes.Equal(got, want) || len(parts) != len(tc.want) {
				t.Errorf("got %q, want %q", parts, tc.want)
			}
		})
	}
	stop := errors.New("enough")
	if err := (protobuf.Delimited{}).Split([]byte("\x01a\x01b"), nil, func([]byte) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v, want the caller's error", err)
	}
}

func slicesOf(list []string) (out [][]byte) {
	for _, s := range list {
		out = append(out, []byte(s))
	}
	return out
}

// FuzzDelimited splits any bytes: what came out, put together again in the shortest form, splits the same.
func FuzzDelimited(f *testing.F) {
	f.Add([]byte("\x01a\x00\x02bc"))
	f.Add([]byte("\x80\x00"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		parts, err := split(payload)
		if err != nil {
			return
		}
		var again []byte
		for _, p := range parts {
			again = protowire.AppendBytes(again, p)
		}
		same, err := split(again)
		if err != nil || len(again) > len(payload) || !bytes.Equal(bytes.Join(same, []byte{'|'}), bytes.Join(parts, []byte{'|'})) {
			t.Fatalf("%x: got %x, %v, want %x", payload, same, err, parts)
		}
	})
}
