package operator

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/operator/lookup"
)

// TestTableDescribed holds what people see of a table, and that it is neither counted nor kept.
func TestTableDescribed(t *testing.T) {
	p := compile(t, "table customers,file 'testdata/lookups/customers.csv',key id\nfilter customers[a]!=nil | dedupe customers[b].tier, within 1m | filter customers[a].x == 1")
	want := []string{
		`table customers, file "testdata/lookups/customers.csv", key id`,
		"decode json, assumed",
		"filter customers[a] != nil",
		"dedupe customers[b].tier, within 1m",
		"filter customers[a].x == 1",
	}
	if diff := cmp.Diff(want, p.Describe()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"dedupe customers[b].tier, within 1m"}, p.Stateful()); diff != "" {
		t.Errorf("Stateful (-want +got):\n%s", diff)
	}
	if _, err := OpenKept(p.Stateful()); err != nil {
		t.Errorf("showing its state: %v", err)
	}
	for part := range p.Parts() {
		looks := 0
		for _, s := range p.steps {
			if s.part == part && s.label == "1:table" && s.stage != nil {
				looks++
				if !s.half {
					t.Errorf("part %d counts what passes its table", part)
				}
			}
		}
		if looks != 1 {
			t.Errorf("part %d looks after the table %d times, want once", part, looks)
		}
	}
}

// TestTableChanges holds that a chain that runs has a changed file, a second later, in lanes and in tasks alike.
func TestTableChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "levels.json")
		put := func(text string) {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		put(`{"a":1,"b":2}`)
		var said []string
		p, err := Compile(Config{
			Chain:  fmt.Sprintf("table levels, file %q\nset v = levels[k]", path),
			Notice: func(msg string) { said = append(said, strings.ReplaceAll(msg, path, "FILE")) },
		})
		if err != nil {
			t.Fatal(err)
		}
		one, two := newLane(p), newLane(p)
		expect := func(l *lane, want string) {
			t.Helper()
			if got := l.run(t, `{"k":"a"}`).out[0]; got != `{"k":"a","v":`+want+`}` {
				t.Errorf("got %s, want v to be %s", got, want)
			}
		}
		expect(one, "1")
		put(`{"a":"more"}`)
		expect(one, "1") // within the second
		time.Sleep(lookup.Interval)
		expect(two, `"more"`)
		expect(one, `"more"`)
		put(`{"a":`)
		time.Sleep(lookup.Interval)
		expect(one, `"more"`)
		expect(two, `"more"`)
		want := []string{"table levels stays as it was: FILE can't be read again: it is not JSON: the document ends early at byte 5"}
		if diff := cmp.Diff(want, said); diff != "" {
			t.Errorf("notices (-want +got):\n%s", diff)
		}
	})
}

// TestSecretsStay holds that what the environment holds is nowhere to be seen but where a record shows it.
func TestSecretsStay(t *testing.T) {
	cfg := Config{
		Chain: `key_by who = redact(user, env("REDACT_KEY")) | dedupe id, within 1m | set x = env("REDACT_KEY")`,
		Env:   func(name string) string { return map[string]string{"REDACT_KEY": "s3cret"}[name] },
	}
	p, err := Compile(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if shown := strings.Join(append(p.Describe(), p.Stateful()...), "\n"); strings.Contains(shown, "s3cret") || !strings.Contains(shown, `env("REDACT_KEY")`) {
		t.Errorf("the plan shows\n%s", shown)
	}
	if _, err := OpenKept(p.Stateful()); err != nil {
		t.Errorf("showing state without the environment: %v", err)
	}
	cfg.Env = func(string) string { return "" }
	if _, err := Compile(cfg); err == nil || !strings.Contains(err.Error(), "the environment has no variable REDACT_KEY") {
		t.Errorf("without the variable: %v", err)
	}
}
