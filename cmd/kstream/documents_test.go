package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/kstream/kstream/internal/config"
)

var (
	consoleBlock = regexp.MustCompile("(?ms)^```console\n(.*?\n)```$")
	commandEnd   = regexp.MustCompile(`^(\||\|\||&&|;|&)$`)
	redirection  = regexp.MustCompile(`^[<>]`)
	assignment   = regexp.MustCompile(`^[A-Z_]+=`)
)

// TestCommandsOfDocuments sees to it that each kstream command that a document shows would start: that there is such a command
// with such flags, and that run's configuration is right. Nothing is run.
func TestCommandsOfDocuments(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	must(t, err)
	seen := 0
	must(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		must(t, err)
		for _, line := range shownCommands(string(text)) {
			for _, command := range simpleCommands(line) {
				seen += startable(t, path, line, command)
			}
		}
		return nil
	}))
	if seen < 30 {
		t.Errorf("saw %d commands: these are not the documents", seen)
	}
}

// shownCommands returns what a text has behind "$ " in its blocks of kind console, a command a line.
func shownCommands(text string) (lines []string) {
	for _, block := range consoleBlock.FindAllStringSubmatch(text, -1) {
		body := strings.ReplaceAll(block[1], "\\\n", " ")
		for line := range strings.Lines(body) {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				lines = append(lines, strings.TrimSuffix(command, "\n"))
			}
		}
	}
	return lines
}

// simpleCommands parts a line at pipes and the like, and leaves redirections and the comment away.
func simpleCommands(line string) (list [][]string) {
	var command []string
	skip := false
	for _, word := range words(strings.ReplaceAll(line, `"`, "'")) {
		switch {
		case skip:
			skip = false
		case word == "#":
			return append(list, command)
		case commandEnd.MatchString(word):
			list, command = append(list, command), nil
		case redirection.MatchString(word):
			skip = word == "<" || word == ">" || word == ">>"
		default:
			command = append(command, word)
		}
	}
	return append(list, command)
}

// startable reports what keeps a command from starting, and returns 1 if it is one of kstream.
func startable(t *testing.T, path, line string, args []string) int {
	t.Helper()
	first := slices.IndexFunc(args, func(a string) bool { return !assignment.MatchString(a) })
	if first < 0 || filepath.Base(args[first]) != "kstream" {
		return 0
	}
	t.Run(filepath.Base(path)+"/"+line, func(t *testing.T) {
		t.Chdir(t.TempDir())
		for _, a := range args {
			if name := a[strings.IndexByte(a, '=')+1:]; strings.HasSuffix(name, ".kstream") {
				must(t, os.MkdirAll(filepath.Dir(name), 0o750))
				must(t, os.WriteFile(name, []byte("decode json\n"), 0o600))
			}
		}
		t.Setenv("KSTREAM_STREAM", "logs") // where the page has set it before, or leaves it to the reader
		for _, a := range args[:first] {
			name, value, _ := strings.Cut(a, "=")
			t.Setenv(name, value)
		}
		var out bytes.Buffer
		root := newRoot(&terminal{strings.NewReader(""), &out, &out, context.Background(), new(atomic.Int32)})
		c, rest, err := root.Find(args[first+1:])
		must(t, err)
		if err := c.ParseFlags(rest); err != nil {
			t.Fatal(err)
		}
		if c.Args != nil {
			must(t, c.Args(c, c.Flags().Args()))
		}
		if c.Name() == "run" {
			_, err := config.Load(config.Options{Flags: given(c), Everything: true})
			must(t, err)
		}
	})
	return 1
}
