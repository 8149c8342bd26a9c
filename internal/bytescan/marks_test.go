package bytescan

import (
	"bytes"
	"testing"
)

// marked returns the places that marks tell of.
func marked(t testing.TB, marks []uint64, size int) (places []int) {
	t.Helper()
	if want := (size + markedAtOnce - 1) / markedAtOnce; len(marks) != want {
		t.Fatalf("%d bytes have %d words of marks, want %d", size, len(marks), want)
	}
	for i := range len(marks) * markedAtOnce {
		if marks[i/markedAtOnce]>>(i%markedAtOnce)&1 != 0 {
			places = append(places, i)
		}
	}
	return places
}

func checkMarks(t testing.TB, dst []uint64, p []byte) []uint64 {
	t.Helper()
	marks := Marks(dst, p)
	if !hasBlocks {
		if len(marks) != 0 {
			t.Fatalf("%d words of marks where there are no blocks", len(marks))
		}
		return marks
	}
	got := marked(t, marks, len(p))
	for i, c := range p {
		if c != '"' && c != '\\' && c >= ' ' {
			continue
		}
		if len(got) == 0 || got[0] != i {
			t.Fatalf("%q has no mark at %d; the next are %v", p, i, got)
		}
		got = got[1:]
	}
	if len(got) > 0 {
		t.Fatalf("%q has marks at %v", p, got)
	}
	return marks
}

// Every byte at every place of texts of every length up to some words, in memory that had other marks before.
func TestMarksOfEveryByteEverywhere(t *testing.T) {
	dst := []uint64{1<<64 - 1, 1<<64 - 1, 1<<64 - 1, 1<<64 - 1}
	for size := range 3*markedAtOnce + 2 {
		text := bytes.Repeat([]byte("x"), size)
		checkMarks(t, dst, text)
		for at := range size {
			for _, c := range []byte{0, '\n', 0x1f, ' ', '!', '"', '#', '[', '\\', ']', 0x7f, 0x80, 0xff} {
				text[at] = c
				checkMarks(t, dst, text)
			}
			text[at] = 'x'
		}
	}
	for c := range 256 {
		checkMarks(t, dst, bytes.Repeat([]byte{byte(c), 'x'}, markedAtOnce))
	}
}

func FuzzMarks(f *testing.F) {
	f.Add([]byte(`{"a": "text of more than 64 bytes, with a \"quote\" in it, and more behind it", "b": "c"}`))
	f.Add([]byte("\x00\x1f\x20\x7f\x80\xff"))
	f.Fuzz(func(t *testing.T, p []byte) { checkMarks(t, nil, p) })
}

func BenchmarkMarks(b *testing.B) {
	text := bytes.Repeat([]byte(`"name":"value of some length",`), 33)
	var marks []uint64
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		marks = Marks(marks, text)
	}
}
