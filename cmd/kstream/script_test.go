package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/kinesislocal"
	"github.com/kstream/kstream/pkg/kinesislocal/kinesistest"
)

var update = flag.Bool("update", false, "write what commands print into the scripts")

// TestScripts runs testdata/script. A script is lines of
//
//	# a comment
//	stream NAME SHARDS        makes a stream in an embedded Kinesis
//	split STREAM SHARD        splits a shard in its middle
//	merge STREAM SHARD SHARD  merges two
//	put STREAM KEY DATA       puts a record; \n and \xff in DATA are as in Go
//	set NAME=VALUE            sets a variable, for the rest of the script; \n as in Go
//	fault TEXT                lets calls fail, as kinesislocal.ParseFaults reads it
//	input TEXT                is what the commands behind it read from standard input; \n as in Go
//	file NAME TEXT            writes a file in the script's folder, which is $DIR
//	$ kstream …               runs a command; words are parted as a shell does with single quotes
//
// and behind a command what it printed: its stdout, its stderr with "2> " in front, and its exit status if it is not 0.
// Times, sequence numbers, ports and the like are masked.
func TestScripts(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("testdata", "script", "*.txt"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) { runScript(t, name) })
	}
}

func runScript(t *testing.T, name string) {
	text, err := os.ReadFile(name)
	must(t, err)
	s := &script{t: t, server: embedded(t), dir: t.TempDir(), input: "from standard input\n"}
	var got strings.Builder
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if s.isOutput(line) {
			continue // of the run before
		}
		got.WriteString(line + "\n" + s.step(line))
	}
	if *update {
		must(t, os.WriteFile(name, []byte(got.String()), 0o644))
		return
	}
	if diff := cmp.Diff(string(text), got.String()); diff != "" {
		t.Errorf("the script (-) and what happened (+) differ; -update writes it:\n%s", diff)
	}
}

type script struct {
	t      *testing.T
	server *kinesislocal.Server
	dir    string
	input  string
}

var steps = regexp.MustCompile(`^(#|stream |split |merge |put |set |fault |input |file |\$ |$)`)

func (s *script) isOutput(line string) bool { return !steps.MatchString(line) }

// step does one line and returns what it printed.
func (s *script) step(line string) string {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "stream":
		var name string
		var shards int
		_, err := fmt.Sscan(rest, &name, &shards)
		must(s.t, err)
		must(s.t, s.server.CreateStream(name, shards))
	case "split", "merge":
		parts := strings.Fields(rest)
		var err error
		if word == "split" {
			_, _, err = s.server.Split(parts[0], parts[1])
		} else {
			_, err = s.server.Merge(parts[0], parts[1], parts[2])
		}
		must(s.t, err)
	case "put":
		parts := strings.SplitN(rest, " ", 3)
		_, _, err := s.server.Put(parts[0], parts[1], []byte(unescape(parts[2])))
		must(s.t, err)
	case "set":
		name, value, _ := strings.Cut(rest, "=")
		s.t.Setenv(name, unescape(s.here(value)))
	case "fault":
		kinesistest.Inject(s.t, s.server, rest)
	case "input":
		s.input = unescape(rest)
	case "file":
		name, content, _ := strings.Cut(rest, " ")
		must(s.t, os.WriteFile(filepath.Join(s.dir, name), []byte(unescape(content)), 0o644))
	case "$":
		return s.command(words(s.here(rest)))
	}
	return ""
}

func (s *script) here(text string) string { return strings.ReplaceAll(text, "$DIR", s.dir) }

func unescape(text string) string {
	return strings.NewReplacer(`\n`, "\n", `\xff`, "\xff", `\x00`, "\x00").Replace(text)
}

// command runs kstream, or cat, in this process.
func (s *script) command(args []string) string {
	if args[0] == "cat" {
		text, err := os.ReadFile(args[1])
		must(s.t, err)
		return s.mask(string(text))
	}
	var out, errOut bytes.Buffer
	status := execute(args[1:], strings.NewReader(s.input), &out, &errOut)
	text := out.String()
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	for line := range strings.Lines(errOut.String()) {
		text += "2> " + strings.TrimSuffix(line, "\n") + "\n"
	}
	if status != 0 {
		text += fmt.Sprintf("exit %d\n", status)
	}
	return s.mask(text)
}

// words parts a command line; single quotes keep words together.
func words(line string) (list []string) {
	var word strings.Builder
	quoted, begun := false, false
	for _, c := range line {
		switch {
		case c == '\'':
			quoted, begun = !quoted, true
		case c == ' ' && !quoted:
			if begun {
				list = append(list, word.String())
				word.Reset()
			}
			begun = false
		default:
			word.WriteRune(c)
			begun = true
		}
	}
	if begun {
		list = append(list, word.String())
	}
	return list
}

var masks = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`\b4\d{55}\b`), "SEQUENCE"},
	{regexp.MustCompile(`\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)`), "TIME"},
	{regexp.MustCompile(`\b1\d{12}\b`), "MILLIS"},
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "ADDRESS"},
	{regexp.MustCompile(`RequestID: [0-9a-f-]+`), "RequestID: ID"},
	{regexp.MustCompile(`go1\.[0-9.]+`), "goVERSION"},
	{regexp.MustCompile(`and \d+ bytes`), "and SIZE bytes"},
	{regexp.MustCompile(`\d+ bytes on disk`), "SIZE bytes on disk"},
	{regexp.MustCompile(`(behind|left|age)_seconds":[0-9.e-]+`), `${1}_seconds":SPAN`},
	{regexp.MustCompile(`\b\d+(?:\.\d)?s (ago|behind)`), "SPAN $1"},
	{regexp.MustCompile(`shardId-\d{12} is SPAN behind`), "SHARD is SPAN behind"}, // which of two that are read side by side is furthest
	{regexp.MustCompile(`  \d\.\ds +(23h59m|1d0h)`), "  SPAN  LEFT"},
	{regexp.MustCompile(`"disk_bytes":\d+`), `"disk_bytes":SIZE`},
}

// columns are as wide as what is masked in them.
var columns = regexp.MustCompile(`(\S) {2,}`)

func (s *script) mask(text string) string {
	text = strings.ReplaceAll(text, s.dir, "$DIR")
	for _, m := range masks {
		text = m.pattern.ReplaceAllString(text, m.with)
	}
	// What begins as a step would is told apart by a space.
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "2> ") {
			line = columns.ReplaceAllString(line, "$1  ")
		}
		if !s.isOutput(strings.TrimSuffix(line, "\n")) {
			b.WriteByte(' ')
		}
		b.WriteString(line)
	}
	return b.String()
}
