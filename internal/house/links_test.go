package house

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

var (
	fences   = regexp.MustCompile("(?ms)^```.*?\n```$")
	links    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	headings = regexp.MustCompile(`(?m)^#+ (.*)$`)
)

// TestLinksLeadSomewhere follows the documents' links to files of ours, and to headings in them.
func TestLinksLeadSomewhere(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".md" {
			return nil
		}
		for _, m := range links.FindAllStringSubmatch(prose(t, path), -1) {
			if link := m[1]; !strings.Contains(link, "://") {
				seen++
				follow(t, path, link)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 20 {
		t.Errorf("saw %d links: these are not the documents", seen)
	}
}

// prose returns a document less its blocks of code.
func prose(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return fences.ReplaceAllString(string(text), "")
}

func follow(t *testing.T, from, link string) {
	t.Helper()
	file, heading, _ := strings.Cut(link, "#")
	to := from
	if file != "" {
		to = filepath.Join(filepath.Dir(from), filepath.FromSlash(file))
	}
	if _, err := os.Stat(to); err != nil {
		t.Errorf("%s links to %s: there is no such file", from, link)
		return
	}
	if heading == "" {
		return
	}
	for _, m := range headings.FindAllStringSubmatch(prose(t, to), -1) {
		if anchor(m[1]) == heading {
			return
		}
	}
	t.Errorf("%s links to %s: there is no such heading", from, link)
}

// anchor returns what a heading is called in a link, as forges have it.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-', r == '_', unicode.IsLetter(r), unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}
