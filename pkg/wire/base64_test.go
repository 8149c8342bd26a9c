package wire

import (
	"bytes"
	"encoding/base64"
	"testing"
)

// FuzzBase64 holds that both decoders take the same, and give the same.
func FuzzBase64(f *testing.F) {
	for n := range 40 {
		f.Add([]byte(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{0xff, 0x00, 0x5a, 0xc3}, n)[:3*n])))
		f.Add([]byte(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{0xfb, 0x3e}, n))))
	}
	for _, wrong := range []string{"=", "AAA", "AA=A", "AAAAAAA=AAAA", "AAAAAAAAAA!A", "AAAAAAAA\nAAAA", "AAAAAAAA====", "AAAAAAAAAB==", "AAAA\xc3AAAAAAA"} {
		f.Add([]byte(wrong))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		want, theirs := base64.StdEncoding.DecodeString(string(text))
		got, ours := decodeBase64(bytes.Clone(text))
		if bytes.ContainsAny(text, "\r\n") {
			if ours == nil {
				t.Fatalf("%q: an end of line was taken", text)
			}
			return
		}
		if (theirs == nil) != (ours == nil) || ours == nil && !bytes.Equal(got, want) {
			t.Fatalf("%q: the standard library gives %q, %v; we %q, %v", text, want, theirs, got, ours)
		}
	})
}
