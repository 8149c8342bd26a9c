package bytescan

import (
	"bytes"
	"fmt"
	"testing"
)

// kinds are the functions, and what they stop at, byte by byte.
var kinds = []struct {
	name  string
	scan  func([]byte) int
	stops func(c byte) bool
}{
	{"Unquoted", Unquoted, func(c byte) bool { return c == '"' || c == '\\' || c < ' ' }},
	{"Printable", Printable, func(c byte) bool { return c < ' ' || c >= 0x80 }},
}

// Every byte at every place of texts of every length up to some blocks, two of them so that the first counts.
func TestEveryByteEverywhere(t *testing.T) {
	for _, k := range kinds {
		for size := range 100 {
			text := bytes.Repeat([]byte("x"), size)
			if got := k.scan(text); got != size {
				t.Fatalf("%s of %d plain bytes is %d", k.name, size, got)
			}
			for at := range size {
				for c := range 256 {
					text[at] = byte(c)
					want := size
					if k.stops(byte(c)) {
						want = at
					}
					if got := k.scan(text); got != want {
						t.Fatalf("%s of %d bytes with %#x at %d is %d, want %d", k.name, size, c, at, got, want)
					}
				}
				text[at] = 'x'
			}
		}
	}
}

func FuzzScan(f *testing.F) {
	f.Add([]byte("a text of more than 32 bytes, with a \"quote\" and a \\ in it, and more behind them"))
	f.Add([]byte("\x00\x1f\x20\x7f\x80\xff"))
	f.Fuzz(func(t *testing.T, p []byte) {
		for _, k := range kinds {
			want := 0
			for want < len(p) && !k.stops(p[want]) {
				want++
			}
			if got := k.scan(p); got != want {
				t.Fatalf("%s of %q is %d, want %d", k.name, p, got, want)
			}
		}
	})
}

func BenchmarkUnquoted(b *testing.B) {
	for _, size := range []int{8, 40, 600} {
		text := append(bytes.Repeat([]byte("x"), size), '"', ',')
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				if Unquoted(text) != size {
					b.Fatal("the quote was not found")
				}
			}
		})
	}
}
