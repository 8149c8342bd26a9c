package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/operator/expression"
)

// pages are the documents whose examples are run.
var pages = []string{
	"README.md", "docs/operators.md", "docs/time.md", "docs/recipes.md", "docs/coming-from-sql.md", "docs/getting-started.md",
	"examples/iot/README.md",
}

// TestPages runs all that the documents show, and sees to it that docs/operators.md shows everything that there is.
func TestPages(t *testing.T) {
	for _, name := range pages {
		t.Run(name, func(t *testing.T) {
			path, err := filepath.Abs(filepath.Join("..", "..", filepath.FromSlash(name)))
			must(t, err)
			t.Chdir(t.TempDir()) // where the files of the page's examples lie
			for _, name := range []string{"STAGE", "REDACT_KEY"} {
				t.Setenv(name, "") // whose defaults the page shows
			}
			text, err := os.ReadFile(path)
			must(t, err)
			p := &page{t: t}
			got := p.run(string(text))
			if *update {
				must(t, os.WriteFile(path, []byte(got), 0o644))
			} else if diff := cmp.Diff(strings.Split(string(text), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("the page (-) and what its examples give (+) differ; make generate writes it:\n%s", diff)
			}
			if len(p.chains) == 0 {
				t.Error("the page has no examples")
			}
			if name == "docs/operators.md" {
				p.isWhole(got)
			}
		})
	}
}

// binary are the formats whose payloads are no lines, which an example could show.
var binary = []string{"protobuf", "avro", "msgpack", "cbor", "parquet"}

// isWhole reports what of the language the page has no example of.
func (p *page) isWhole(text string) {
	if !strings.Contains(text, aggregatesBegin) {
		p.t.Errorf("the page has no table of aggregate functions: %s", aggregatesBegin)
	}
	stages := map[string][]string{} // by their word
	for _, chain := range p.chains {
		for _, stage := range regexp.MustCompile(`\n| \| `).Split(chain, -1) {
			word, rest, _ := strings.Cut(stage, " ")
			stages[word] = append(stages[word], rest)
		}
	}
	for _, word := range operator.Stages() {
		if len(stages[word]) == 0 {
			p.t.Errorf("no example has a stage %s", word)
		}
	}
	has := func(word, part string) {
		if !slices.ContainsFunc(stages[word], func(s string) bool { return strings.Contains(s+" ", part+" ") }) {
			p.t.Errorf("no example has a stage %s with %q", word, part)
		}
	}
	for _, kind := range hinted(p.t, "window zzz 1m", "there are ") {
		has("window", kind)
		for _, option := range hinted(p.t, "window "+kind+" 1m, zzz 1", "there is ") {
			has("window", ", "+option)
		}
	}
	for _, stage := range []string{"timestamp ts", "dedupe id", "table t"} {
		word, _, _ := strings.Cut(stage, " ")
		for _, option := range hinted(p.t, stage+", zzz 1", "there is ") {
			has(word, ", "+option)
		}
	}
	for _, word := range []string{"decode", "encode"} {
		for _, format := range hinted(p.t, word+" zzz", "there are ") {
			if slices.Contains(binary, format) {
				if !strings.Contains(text, "`"+word+" "+format) {
					p.t.Errorf("the page says nothing of %s %s", word, format)
				}
				continue
			}
			named := regexp.MustCompile("^" + format + `\b`)
			if !slices.ContainsFunc(stages[word], named.MatchString) {
				p.t.Errorf("no example has %s %s", word, format)
			}
		}
	}
	for _, name := range expression.Functions() {
		call := regexp.MustCompile(`\b` + name + `\(`)
		if !slices.ContainsFunc(p.calls, call.MatchString) {
			p.t.Errorf("no table has a call of %s", name)
		}
	}
	for _, name := range hinted(p.t, "map x = meta", "meta has ") {
		if !strings.Contains(text, "| `meta."+name+"` |") {
			p.t.Errorf("the page says nothing of meta.%s", name)
		}
	}
}

// hinted returns the words that the checker knows at a place, out of what it says about another one there.
func hinted(t *testing.T, chain, behind string) []string {
	t.Helper()
	_, err := operator.Compile(operator.Config{Chain: chain})
	var faults *operator.Faults
	if !errors.As(err, &faults) {
		t.Fatalf("%s: got %v, want faults", chain, err)
	}
	for _, f := range *faults {
		if rest, ok := strings.CutPrefix(f.Hint, behind); ok {
			rest, _, _ = strings.Cut(rest, ";")
			return regexp.MustCompile(`, | and `).Split(rest, -1)
		}
	}
	t.Fatalf("%s: no hint begins with %q: %v", chain, behind, err)
	return nil
}
