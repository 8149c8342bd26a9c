package main

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/window"
)

// page is a document whose examples are run. Besides prose it has
//
//   - blocks of kind example: a chain, an empty line, and lines that begin with "in", "then" (what another read of the source
//     gives, later), "out" and "dead" (the stage and the error of a dead letter); binary payloads are base64, behind "in64",
//     and in "out" where the chain encodes to a binary format;
//   - blocks of kind "json records": what the tables behind them are computed over;
//   - blocks of a kind and a file's name, "csv customers.csv": a file that lies where the examples are run;
//   - tables of "expression | gives", and the table of aggregates between two comments.
//
// What comes out is put in the place of what the document has, so that it is right where nothing has changed.
type page struct {
	t       *testing.T
	records []string // of the last block of them
	chains  []string // that were run as examples
	calls   []string // the expressions of tables
	out     strings.Builder
}

const (
	aggregatesBegin = "<!-- aggregates: made by make generate -->"
	aggregatesEnd   = "<!-- end of aggregates -->"
	expressionTable = "| expression | gives |"
)

// fileBlock is the first line of a block that is a file.
var fileBlock = regexp.MustCompile("^```[a-z]+ ([a-z_]+\\.[a-z]+)$")

// file puts a file where the examples are run.
func (p *page) file(name string, body []string) []string {
	must(p.t, os.WriteFile(name, []byte(strings.Join(body, "\n")+"\n"), 0o600))
	return body
}

// run returns the text as it has to be.
func (p *page) run(text string) string {
	lines := strings.Split(text, "\n")
	for len(lines) > 0 {
		n := 1
		switch line := lines[0]; {
		case line == "```example":
			n = p.block(lines, p.example)
		case line == "```json records":
			n = p.block(lines, func(body []string) []string { p.records = body; return body })
		case fileBlock.MatchString(line):
			n = p.block(lines, func(body []string) []string { return p.file(fileBlock.FindStringSubmatch(line)[1], body) })
		case strings.HasPrefix(line, expressionTable):
			n = p.table(lines)
		case line == aggregatesBegin:
			n = slices.Index(lines, aggregatesEnd)
			if n < 0 {
				p.t.Fatalf("the page has no %s", aggregatesEnd)
			}
			p.write(line)
			p.aggregates()
		default:
			p.write(line)
		}
		lines = lines[n:]
	}
	return strings.TrimSuffix(p.out.String(), "\n")
}

func (p *page) write(lines ...string) {
	for _, line := range lines {
		p.out.WriteString(line + "\n")
	}
}

// block writes a fenced block with what change makes of its body, and returns how many lines it had.
func (p *page) block(lines []string, change func(body []string) []string) int {
	end := slices.Index(lines, "```")
	if end < 0 {
		p.t.Fatalf("the block %q is never closed", lines[:min(3, len(lines))])
	}
	p.write(lines[0])
	p.write(change(lines[1:end])...)
	p.write(lines[end])
	return end + 1
}

// example runs a chain over the lines that it has.
func (p *page) example(body []string) []string {
	cut := slices.Index(body, "")
	if cut < 0 {
		p.t.Fatalf("the example %q has no empty line behind its chain", body)
	}
	chain := strings.Join(body[:cut], "\n")
	p.chains = append(p.chains, chain)
	made, reads := body[:cut+1:cut+1], []string{""}
	for _, line := range body[cut+1:] {
		label, data, _ := strings.Cut(line, " ")
		switch data = strings.TrimLeft(data, " "); label {
		case "then":
			reads = append(reads, "")
		case "in64":
			payload, err := base64.StdEncoding.DecodeString(data)
			must(p.t, err)
			data = string(payload)
		case "in":
		case "out", "dead":
			continue
		default:
			p.t.Fatalf("the example %q has a line %q", chain, line)
		}
		reads[len(reads)-1] += data + "\n"
		made = append(made, line)
	}
	out, dead := runChain(p.t, chain, reads)
	for _, line := range out {
		made = append(made, "out  "+line)
	}
	for _, line := range dead {
		made = append(made, "dead "+line)
	}
	return made
}

// table computes the second cell of each row out of the first, over the records.
func (p *page) table(lines []string) (n int) {
	for n = range lines {
		if !strings.HasPrefix(lines[n], "|") {
			return n
		}
		if n < 2 {
			p.write(lines[n])
			continue
		}
		cells := strings.SplitN(strings.ReplaceAll(lines[n], `\|`, "\x00"), "|", 4)
		source := strings.ReplaceAll(strings.Trim(cells[1], " `"), "\x00", "|")
		p.calls = append(p.calls, source)
		cells[2] = " " + p.value("map x = "+source, p.records, `{"x":`) + " "
		p.write(strings.ReplaceAll(strings.Join(cells, "|"), "\x00", `\|`))
	}
	return n + 1
}

// aggregates writes the table of the functions, each with what its own example gives over the records.
func (p *page) aggregates() {
	p.write("", "| function | example, and what it gives here | |", "|---|---|---|")
	for _, f := range window.Functions() {
		chain := "timestamp ts\nwindow tumbling 1m\naggregate " + f.Example
		name, _, _ := strings.Cut(f.Example, " = ")
		gives := p.value(chain+"\nmap "+name, p.records, fmt.Sprintf(`{%q:`, name))
		call := fmt.Sprintf("%s(%s)", f.Name, parameters(f))
		p.write(fmt.Sprintf("| %s | %s → %s | %s |", code(call), code(f.Example), gives, strings.ReplaceAll(f.Doc, "|", `\|`)))
	}
	p.write("")
}

func parameters(f *window.Function) string {
	var names []string
	for _, p := range f.Params {
		name := p.Name
		switch {
		case p.Option:
			name += " N"
		case p.Repeated:
			name += " …"
		}
		if p.Optional {
			name = "[" + name + "]"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// value returns the one thing that comes out, less the name of its field, as a cell of a table.
func (p *page) value(chain string, in []string, name string) string {
	out, dead := runChain(p.t, chain, []string{strings.Join(in, "\n") + "\n"})
	switch {
	case len(out) == 1 && len(dead) == 0 && strings.HasPrefix(out[0], name):
		value := strings.TrimSuffix(strings.TrimPrefix(out[0], name), "}")
		return code(strings.ReplaceAll(value, "|", "\x00"))
	case len(out) == 0 && len(dead) == 1:
		_, message, _ := strings.Cut(dead[0], ": ")
		return "dead letter: " + message
	}
	p.t.Errorf("%s\ngave %q and the dead letters %q", chain, out, dead)
	return ""
}

// runChain runs kstream over what reads of standard input give. Results of windows are put into the order of time, then of
// the text: the order of keys is not part of the answer.
func runChain(t *testing.T, chain string, reads []string) (out, dead []string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	args := []string{
		"run", "--source", "stdin", "--operators", chain, "--parallelism", "1", "--dead-letter", "log",
		"--http-addr", "none", "--log-level", "warn", "--log-format", "json",
	}
	if binaryEncoding.MatchString(chain) {
		args = append(args, "--sink-framing", "base64")
	}
	status := execute(args, &separate{reads}, &stdout, &stderr)
	if status != exitDone {
		t.Errorf("%s\nexit %d\n%s", chain, status, &stderr)
	}
	out = linesOf(stdout.String())
	if strings.Contains(chain, "window ") {
		slices.SortFunc(out, func(a, b string) int { return cmp.Or(strings.Compare(endOf(a), endOf(b)), strings.Compare(a, b)) })
	}
	for _, line := range linesOf(stderr.String()) {
		var entry struct{ Msg, Stage, Error string }
		if err := json.Unmarshal([]byte(line), &entry); err == nil && entry.Msg == "dead letter" {
			dead = append(dead, entry.Stage+": "+arrivals.ReplaceAllString(entry.Error, "arrival at …"))
		}
	}
	return out, dead
}

// binaryEncoding is a stage behind which records are no lines.
var binaryEncoding = regexp.MustCompile(`\bencode (protobuf|avro|msgpack)\b`)

// arrivals are times of the run.
var arrivals = regexp.MustCompile(`arrival at \S+`)

func endOf(line string) string {
	var result struct {
		End string `json:"window_end"`
	}
	if json.Unmarshal([]byte(line), &result) != nil {
		return ""
	}
	return result.End
}

func linesOf(text string) (list []string) {
	for line := range strings.Lines(text) {
		list = append(list, strings.TrimSuffix(line, "\n"))
	}
	return list
}

// separate is an input whose texts come one a read.
type separate struct{ texts []string }

// Read implements io.Reader.
func (s *separate) Read(p []byte) (int, error) {
	if len(s.texts) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.texts[0])
	s.texts = s.texts[1:]
	return n, nil
}
