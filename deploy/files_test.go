// Package deploy holds what people copy from this folder to kstream as it is: the metrics and labels that it exports, its
// variables, its pages, its times, the calls that it makes, and the documents that alerts lead to.
package deploy

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"go.yaml.in/yaml/v3"
)

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	must(t, err)
	return text
}

// readYAML reads every document of a file into a T of its own. A field that T does not have is an error.
func readYAML[T any](t *testing.T, name string) (list []T) {
	t.Helper()
	d := yaml.NewDecoder(bytes.NewReader(read(t, name)))
	d.KnownFields(true)
	for {
		var one T
		err := d.Decode(&one)
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		list = append(list, one)
	}
}

// readJSON is the same for the one document of a JSON file.
func readJSON[T any](t *testing.T, name string) (one T) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(read(t, name)))
	d.DisallowUnknownFields()
	if err := d.Decode(&one); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		t.Fatalf("%s goes on behind its end", name)
	}
	return one
}

// outlives checks that who stops kstream waits for longer than kstream takes.
func outlives(t *testing.T, grace time.Duration, variables map[string]string) {
	t.Helper()
	own, err := time.ParseDuration(variables["KSTREAM_SHUTDOWN_TIMEOUT"])
	must(t, err)
	if grace < own+5*time.Second {
		t.Errorf("it is killed after %s, and SHUTDOWN_TIMEOUT is %s: its last checkpoint may be cut off", grace, own)
	}
}

var headings = regexp.MustCompile(`(?m)^#+ (.*)$`)

// leads checks that a link to a document of ours leads to a heading of it.
func leads(t *testing.T, link string) {
	t.Helper()
	path, ours := strings.CutPrefix(link, "https://github.com/kstream/kstream/blob/main/")
	file, heading, _ := strings.Cut(path, "#")
	if !ours || heading == "" {
		t.Errorf("%q is no link to a heading of a document of ours", link)
		return
	}
	for _, m := range headings.FindAllStringSubmatch(string(read(t, "../"+file)), -1) {
		if anchor(m[1]) == heading {
			return
		}
	}
	t.Errorf("%s: there is no such heading", link)
}

// anchor returns what a heading is called in a link.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-', unicode.IsLetter(r), unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}
