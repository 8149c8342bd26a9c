package operator

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/record"
)

var update = flag.Bool("update", false, "write what the scripts in testdata should expect")

// lane runs a plan as the engine does, one batch after the other.
type lane struct {
	plan  *Plan
	chain *Chain
	batch *record.Batch
	part  *record.Partition
	next  int
}

func newLane(p *Plan) *lane {
	l := &lane{
		plan: p, chain: laneChain(p), batch: record.NewBatch(p.Slots()),
		part: &record.Partition{Stream: "logs", Shard: "shardId-000000000000"},
	}
	l.batch.InRounds = true
	return l
}

// laneChain returns a chain for a lane.
func laneChain(p *Plan) *Chain {
	c, err := p.Instance(0, nil)
	if err != nil {
		panic(err)
	}
	return c
}

// outcome is what became of a batch.
type outcome struct {
	out, keys, dead []string
	mismatches      uint64
	rounds          int // in which it was handled
	most            int // bytes that were kept in one of them
}

func (l *lane) records(payloads []string) []record.Record {
	recs := make([]record.Record, len(payloads))
	for i, p := range payloads {
		l.next++
		recs[i] = record.Record{
			Data: []byte(p), Key: []byte("pk"), Sequence: fmt.Appendf(nil, "4950000000%d", l.next),
			Arrival: 1_700_000_000_000 + record.Millis(l.next), Subsequence: uint32(i),
		}
	}
	return recs
}

func (l *lane) run(t testing.TB, payloads ...string) (res outcome) {
	recs := l.records(payloads)
	l.batch.Fill(l.part, recs)
	l.batch.Now = 1_700_000_002_500
	from := 0
	for more := true; more; more = l.batch.Resume() {
		from = l.round(t, from, &res)
	}
	return res
}

// round runs the stages from the from-th on, as far as there is room, and returns the one that has postponed records.
func (l *lane) round(t testing.TB, from int, res *outcome) (postponed int) {
	res.rounds++
	for i, s := range l.chain.Stages[from:] {
		before := l.batch.Postponed()
		if err := s.Stage.Process(context.Background(), l.batch); err != nil {
			t.Fatalf("%s: %v", s.Label, err)
		}
		if l.batch.Postponed() > before {
			postponed = from + i
		}
		if m, ok := s.Stage.(Mismatcher); ok {
			res.mismatches += m.Mismatches()
		}
	}
	res.most = max(res.most, l.batch.Size())
	for i := range l.batch.Records {
		r := &l.batch.Records[i]
		data, err := l.chain.Encode(nil, l.batch, r)
		if err != nil {
			l.batch.Reject(r, "encode", err)
			continue
		}
		res.out = append(res.out, string(data))
		if l.chain.Key != nil {
			key, err := l.chain.Key(nil, l.batch, r)
			if err != nil {
				key = []byte("error: " + err.Error())
			}
			res.keys = append(res.keys, string(key))
		}
	}
	for _, d := range l.batch.Rejected {
		res.dead = append(res.dead, fmt.Sprintf("%s: %v", d.Stage, d.Err))
	}
	return postponed
}

func compile(t testing.TB, chain string) *Plan {
	t.Helper()
	p, err := Compile(Config{Chain: chain, Name: "KSTREAM_OPERATORS"})
	if err != nil {
		t.Fatalf("compiling %q:\n%v", chain, err)
	}
	return p
}

// script is one case of a file in testdata: named sections, each headed by its name and a colon on a line of its own.
type script struct {
	name  string
	parts map[string]string
}

func readScripts(t testing.TB, path string, sections []string) []script {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []script
	section := ""
	for _, line := range strings.SplitAfter(string(data), "\n") {
		if name, ok := strings.CutPrefix(line, "=== "); ok {
			all = append(all, script{strings.TrimSpace(name), map[string]string{}})
			section = ""
			continue
		}
		if head := strings.TrimSuffix(strings.TrimSpace(line), ":"); slices.Contains(sections, head) && strings.HasSuffix(strings.TrimSpace(line), ":") {
			section = head
			continue
		}
		if section != "" {
			all[len(all)-1].parts[section] += line
		}
	}
	return all
}

func writeScripts(t *testing.T, path string, all []script, sections []string) {
	t.Helper()
	var b strings.Builder
	for _, s := range all {
		fmt.Fprintf(&b, "=== %s\n", s.name)
		for _, name := range sections {
			if body := strings.TrimRight(s.parts[name], "\n"); body != "" {
				fmt.Fprintf(&b, "%s:\n%s\n", name, body)
			}
		}
		b.WriteString("\n")
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestScripts runs each chain of testdata over its lines.
func TestScripts(t *testing.T) {
	sections := []string{"chain", "in", "out", "dead", "mismatches"}
	files, err := filepath.Glob("testdata/chains/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, path := range files {
		all := readScripts(t, path, sections)
		for i := range all {
			s := &all[i]
			t.Run(filepath.Base(path)+"/"+s.name, func(t *testing.T) {
				l := newLane(compile(t, s.parts["chain"]))
				res := l.run(t, lines(s.parts["in"])...)
				got := map[string]string{"out": strings.Join(res.out, "\n"), "dead": strings.Join(res.dead, "\n")}
				if res.mismatches > 0 {
					got["mismatches"] = fmt.Sprint(res.mismatches)
				}
				for _, name := range sections[2:] {
					if *update {
						s.parts[name] = got[name]
					} else if diff := cmp.Diff(lines(s.parts[name]), lines(got[name])); diff != "" {
						t.Errorf("%s (-want +got):\n%s", name, diff)
					}
				}
			})
		}
		if *update {
			writeScripts(t, path, all, sections)
		}
	}
}

// lines returns the lines of a section, which end in a last one and may be followed by an empty one.
func lines(text string) []string {
	text = strings.TrimRight(text, "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// TestFaults holds what a user reads of a wrong chain.
func TestFaults(t *testing.T) {
	sections := []string{"chain", "fault"}
	path := "testdata/faults.txt"
	all := readScripts(t, path, sections)
	for i := range all {
		s := &all[i]
		t.Run(s.name, func(t *testing.T) {
			_, err := Compile(Config{Chain: strings.TrimRight(s.parts["chain"], "\n"), Name: "KSTREAM_OPERATORS"})
			if err == nil {
				t.Fatal("no fault")
			}
			var faults *Faults
			if !errors.As(err, &faults) {
				t.Fatalf("the error is a %T", err)
			}
			if *update {
				s.parts["fault"] = err.Error()
				return
			}
			if diff := cmp.Diff(lines(s.parts["fault"]), lines(err.Error())); diff != "" {
				t.Errorf("fault (-want +got):\n%s", diff)
			}
		})
	}
	if *update {
		writeScripts(t, path, all, sections)
	}
}
