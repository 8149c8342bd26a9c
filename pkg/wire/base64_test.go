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
	every := make([]byte, 0, 512)
	for c := range 256 { // each byte somewhere in a block
		every = append(append(every[:0], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/QUJD"...), "QUJDREVGR0hJSktMTU5PUFFSU1RVVldY"...)
		every[c%len(every)] = byte(c)
		f.Add(bytes.Clone(every))
	}
	for _, wrong := range []string{"=", "AAA", "AA=A", "AAAAAAA=AAAA", "AAAAAAAAAA!A", "AAAAAAAA\nAAAA", "AAAAAAAA====", "AAAAAAAAAB==", "AAAA\xc3AAAAAAA"} {
		f.Add([]byte(wrong))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		want, theirs := base64.StdEncoding.DecodeString(string(text))
		got, ours := decodeBase64(bytes.Clone(text))
		alone, scalar := decodeRest(bytes.Clone(text), 0)
		if (ours == nil) != (scalar == nil) || ours == nil && !bytes.Equal(got, alone) {
			t.Fatalf("%q: by blocks %q, %v; without %q, %v", text, got, ours, alone, scalar)
		}
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

// Without the processor's help the answer is the same.
func TestBlocks(t *testing.T) {
	if !hasBlocks {
		t.Skip("there are no blocks on this processor")
	}
	text := []byte(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("kstream \x00\xff\xfb\xef"), 30)))
	for at := range text {
		for c := range 256 {
			in := bytes.Clone(text)
			in[at] = byte(c)
			want := decodedTo(in)
			if read := decodeBlocks(in); read != want {
				t.Fatalf("with %#x at %d it read %d characters, want %d", c, at, read, want)
			}
		}
	}
}

// decodedTo returns where decodeBlocks has to stop: at the block of 32 characters with the first that is none.
func decodedTo(text []byte) int {
	for i, c := range text {
		if sextets[0][c]&notSextet != 0 {
			return i / 32 * 32
		}
	}
	return len(text) / 32 * 32
}

func BenchmarkBase64(b *testing.B) {
	text := []byte(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte(`{"level":"info"}`), 64)))
	in := make([]byte, len(text))
	b.SetBytes(1024)
	for b.Loop() {
		copy(in, text)
		if _, err := decodeBase64(in); err != nil {
			b.Fatal(err)
		}
	}
}
