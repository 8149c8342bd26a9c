package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shown returns a screen's rows as text, less the spaces at their ends.
func shown(s *screen) (lines []string) {
	for _, row := range s.cells {
		var b strings.Builder
		for _, c := range row {
			b.WriteRune(c.char)
		}
		lines = append(lines, strings.TrimRight(b.String(), " "))
	}
	return lines
}

func TestScreen(t *testing.T) {
	for _, c := range []struct {
		name, written string
		want          []string
	}{
		{"lines", "ab\r\ncd", []string{"ab", "cd", ""}},
		{"a line feed alone", "ab\ncd", []string{"ab", "  cd", ""}},
		{"it scrolls", "1\r\n2\r\n3\r\n4", []string{"2", "3", "4"}},
		{"a full line waits for the next character", "12345678\r\nx", []string{"12345678", "x", ""}},
		{"and goes on in the next one", "123456789", []string{"12345678", "9", ""}},
		{"back from a full line", "12345678\bx", []string{"123456x8", "", ""}},
		{"back and tab", "abc\b\bX\tY\rZ", []string{"ZXc    Y", "", ""}},
		{"places", "\x1b[2;3Ha\x1b[Hb\x1b[3dc\x1b[5Gd", []string{"b", "  a", " c  d"}},
		{"moves", "\x1b[B\x1b[2Ca\x1b[A\x1b[3Db", []string{"b", "  a", ""}},
		{"erased to the end", "abcdef\x1b[3D\x1b[K\r\nx\x1b[1K", []string{"abc", "", ""}},
		{"erased whole", "abc\r\ndef\x1b[2J", []string{"", "", ""}},
		{"characters out and in", "abcdef\r\x1b[2P\x1b[C\x1b[1@", []string{"c def", "", ""}},
		{"erased in the middle", "abcdef\r\x1b[C\x1b[2X", []string{"a  def", "", ""}},
		{"again", "ab\x1b[3b", []string{"abbbb", "", ""}},
		{"lines in and out", "1\r\n2\r\n3\x1b[H\x1b[L\x1b[3H\x1b[M", []string{"", "1", ""}},
		{"up at the top", "1\r\n2\x1b[H\x1bM", []string{"", "1", "2"}},
		{"a full screen begins empty", "abc\x1b[?1049hx", []string{"x", "", ""}},
		{"and leaves what was there", "abc\x1b[?1049hx\x1b[?1049ld", []string{"abcd", "", ""}},
		{"saved", "ab\x1b7\r\ncd\x1b8e", []string{"abe", "cd", ""}},
		{"passed over", "\x1b]0;title\x07a\x1b]11;?\x1b\\b\x1b[>4;1mc\x1b[?2026$pd\x1b(Be", []string{"abcde", "", ""}},
		{"letters beyond ASCII", "grö█", []string{"grö█", "", ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			whole, split := newScreen(8, 3), newScreen(8, 3)
			whole.write([]byte(c.written))
			for i := range len(c.written) { // as a terminal may give it
				split.write([]byte{c.written[i]})
			}
			if diff := cmp.Diff(c.want, shown(whole)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(shown(whole), shown(split)); diff != "" {
				t.Errorf("byte by byte: %s", diff)
			}
		})
	}
}

func TestLook(t *testing.T) {
	for _, c := range []struct {
		written string
		want    style
	}{
		{"", style{}},
		{"\x1b[31m", style{fg: 2}},
		{"\x1b[1;4;92;44m", style{fg: 11, bg: 5, bold: true, underline: true}},
		{"\x1b[38;5;196;2m", style{fg: 197, faint: true}},
		{"\x1b[48;2;1;2;3m", style{bg: trueColour + 0x010203}},
		{"\x1b[38:2:255:0:16m", style{fg: trueColour + 0xff0010}},
		{"\x1b[1;7;31m\x1b[22;27;39m", style{}},
		{"\x1b[1;31m\x1b[m", style{}},
	} {
		s := newScreen(2, 1)
		s.write([]byte(c.written + "x"))
		if got := s.cells[0][0].style; got != c.want {
			t.Errorf("%q: got %+v, want %+v", c.written, got, c.want)
		}
	}
}

func FuzzScreen(f *testing.F) {
	f.Add([]byte("a\x1b[2;3Hb\x1b[99;99H\x1b[0K\x1b[-1;5m\x1b[4294967296b"))
	f.Add([]byte("\x1b[999P\x1b[999@\x1b[38;5m\x1b[48;2;300;1m\x1b]x"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := newScreen(7, 3)
		s.write(data)
		if s.row < 0 || s.row >= 3 || s.column < 0 || s.column >= 7 || len(s.cells) != 3 {
			t.Fatalf("the cursor is at %d, %d of %d rows", s.row, s.column, len(s.cells))
		}
		_ = drawRow(s.picture()[0])
	})
}
