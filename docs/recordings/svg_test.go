package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestDraw(t *testing.T) {
	s := newScreen(6, 2)
	s.write([]byte("\x1b[?25l\x1b[31ma&b\x1b[0m  "))
	first := frame{50 * time.Millisecond, s.picture()}
	s.write([]byte("\r\n  \x1b[1mc"))
	got := draw("two <frames>", []frame{first, {550 * time.Millisecond, s.picture()}}, 2*time.Second)
	wellFormed(t, got)
	for _, want := range []string{
		"<title id=\"t\">two &lt;frames&gt;</title>",
		`<text x="0" y="14" textLength="25.2" style="fill:#ff7b72">a&amp;b</text>`,
		`<text x="16.8" y="14" textLength="8.4" class="b">c</text>`,
		"@keyframes m{0%{transform:translateY(-0px)}25%{transform:translateY(-38px)}}",
		".s{transform:translateY(-38px)}", // the fuller frame, for whoever wants no movement
		"<use href=\"#r0\" y=\"0\"/>\n<use href=\"#r0\" y=\"38\"/><use href=\"#r1\" y=\"57\"/>\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("it lacks %s:\n%s", want, got)
		}
	}
}

func TestColour(t *testing.T) {
	for n, want := range map[int]string{
		0: "none", 2: "#ff7b72", 16: "#ffffff", 17: "#000000", 197: "#ff0000", 233: "#080808", 256: "#eeeeee", trueColour + 0x0a0b0c: "#0a0b0c",
	} {
		if got := colour(n, "none"); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}

// outside is what a picture must not have: what is fetched from elsewhere, and paths of the machine that it was made on.
var outside = regexp.MustCompile(`(?i)<script|href="[^#]|url\(|@import|/(root|home|work|tmp|Users)/`)

func TestPicturesAreGood(t *testing.T) {
	for _, s := range scenes {
		name := filepath.Join("..", "pictures", s.name+".svg")
		text, err := os.ReadFile(name)
		if err != nil {
			t.Errorf("make recordings: %v", err)
			continue
		}
		wellFormed(t, string(text))
		if found := outside.Find(text); found != nil {
			t.Errorf("%s has %q", name, found)
		}
		if most := 150 << 10; len(text) > most {
			t.Errorf("%s has %d bytes, more than a page should have to load", name, len(text))
		}
		if !strings.Contains(string(text), escaped(s.title)) {
			t.Errorf("%s is not called %q", name, s.title)
		}
	}
}

func wellFormed(t *testing.T, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("the picture is no XML: %v", err)
		}
	}
}
