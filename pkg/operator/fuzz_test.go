package operator

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/kstream/kstream/pkg/record"
)

// FuzzChain holds that no text takes the compiler down, that every fault has its place inside the text, and that a chain
// without faults takes any payload, and leaves it alone where it says so.
func FuzzChain(f *testing.F) {
	keyed, err := filepath.Glob("testdata/keyed/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range append(keyed, "testdata/chains/stages.txt", "testdata/chains/lookups.txt", "testdata/faults.txt") {
		for _, s := range readScripts(f, path, []string{"chain", "in", "out", "dead", "mismatches", "late", "fault"}) {
			f.Add(s.parts["chain"], strings.TrimSpace(s.parts["in"]))
		}
	}
	f.Fuzz(func(t *testing.T, chain, payload string) {
		p, err := Compile(Config{Chain: chain, Name: "chain"})
		if err != nil {
			placed(t, chain, err)
			return
		}
		if p.Parts() > 1 {
			throughTasks(t, p, payload)
			return
		}
		l := newLane(p)
		res := l.run(t, payload)
		if len(p.Describe()) == 0 && res.out[0] != payload {
			t.Errorf("a chain without stages changed %q to %q", payload, res.out[0])
		}
		if !p.Changes() && len(res.out) > 0 && res.out[0] != payload {
			t.Errorf("a chain that changes nothing changed %q to %q", payload, res.out[0])
		}
	})
}

// throughTasks holds that a chain with keyed stages takes any payload, to the end of time, and state that it has written.
func throughTasks(t *testing.T, p *Plan, payload string) {
	r := newRig(t, p, newDisk(), 2, []string{"a"}, nil)
	r.say, r.dead = func(string) {}, func(string) {}
	one := func(r *rig) {
		r.slice(r.lanes["a"], []record.Record{{Data: []byte(payload), Key: []byte("pk"), Sequence: []byte("7"), Arrival: 1_700_000_000_000}})
		r.drain()
	}
	one(r)
	again := newRig(t, p, r.disk, 3, []string{"a"}, r.save())
	again.say, again.dead = r.say, r.dead
	one(again)
	again.end()
}

func placed(t *testing.T, chain string, err error) {
	var faults *Faults
	if !errors.As(err, &faults) || len(*faults) == 0 {
		t.Fatalf("the error is %v", err)
	}
	lines := strings.Split(chain, "\n")
	for _, f := range *faults {
		if f.Line < 1 || f.Line > len(lines) {
			t.Fatalf("line %d of %d: %s", f.Line, len(lines), f.Message)
		}
		if n := utf8.RuneCountInString(lines[f.Line-1]); f.Column < 1 || f.Column > n+1 || f.Width < 1 || f.Width > max(1, n-f.Column+1) {
			t.Fatalf("column %d and width %d of %d: %s", f.Column, f.Width, n, f.Message)
		}
		if f.Message == "" {
			t.Fatal("a fault without a message")
		}
	}
}
