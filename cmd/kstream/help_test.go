package main

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kstream/kstream/internal/config"
)

// everyCommand calls visit with each command that people see.
func everyCommand(t *testing.T, visit func(*cobra.Command)) {
	t.Helper()
	seen := 0
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		seen++
		visit(c)
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(newRoot(&terminal{}))
	if seen < 15 {
		t.Errorf("saw %d commands: these are not all", seen)
	}
}

// Every command says in a line what it does, has two examples, and help that fits on a screen.
func TestHelp(t *testing.T) {
	everyCommand(t, func(c *cobra.Command) {
		path := c.CommandPath()
		if n := utf8.RuneCountInString(c.Short); n == 0 || n > helpWidth-commandColumn || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: its short text is to be one line of a list: %q", path, c.Short)
		}
		if c.HasParent() && len(examples(c)) < 2 {
			t.Errorf("%s has %d examples, and should have two", path, len(examples(c)))
		}
		if c.HasParent() && !c.Parent().HasParent() && c.GroupID == "" {
			t.Errorf("%s is in no group of commands", path)
		}
		var help bytes.Buffer
		writeHelp(&help, c)
		for line := range strings.Lines(help.String()) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > helpWidth {
				t.Errorf("%s --help has a line of %d: %s", path, n, line)
			}
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Usage == "" {
				t.Errorf("%s --%s: nothing says what it does", path, f.Name)
			}
		})
	})
}

// Help has the defaults that hold for the command.
func TestDefaultsInHelp(t *testing.T) {
	for command, want := range map[string]string{"consume": "(latest unless set)", "run": "(oldest unless set)"} {
		var out bytes.Buffer
		root := newRoot(&terminal{out: &out, err: &out})
		root.SetArgs([]string{command, "--help"})
		must(t, root.Execute())
		if !strings.Contains(out.String(), want) {
			t.Errorf("the help of %s does not say %s", command, want)
		}
	}
}

// examples returns the command lines of c's examples.
func examples(c *cobra.Command) (lines []string) {
	text := strings.ReplaceAll(c.Example, "\\\n", "")
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// What examples type is taken: there are such commands and flags, and their values are fine.
func TestExamplesParse(t *testing.T) {
	everyCommand(t, func(c *cobra.Command) {
		for _, line := range examples(c) {
			calls := kstreamCalls(line)
			if len(calls) == 0 {
				t.Errorf("%s: the example %q does not call kstream", c.CommandPath(), line)
			}
			for _, args := range calls {
				found, rest, err := newRoot(&terminal{}).Find(args)
				if err == nil {
					err = found.ParseFlags(rest)
				}
				if err == nil {
					err = found.ValidateArgs(found.Flags().Args())
				}
				if err != nil {
					t.Errorf("%s: the example %q: %v", c.CommandPath(), line, err)
				}
			}
		}
	})
}

var explained = regexp.MustCompile(` {3,}.*`)

// kstreamCalls returns the arguments of each kstream that a line of shell calls.
func kstreamCalls(line string) (calls [][]string) {
	line = strings.NewReplacer("<(", "", ")", "").Replace(explained.ReplaceAllString(line, ""))
	var call []string
	for _, w := range append(words(line), "|") {
		if !slices.Contains([]string{"|", "||", "&&", ">", ";"}, w) {
			call = append(call, w)
			continue
		}
		if i := slices.Index(call, "kstream"); i >= 0 {
			calls = append(calls, call[i+1:])
		}
		call = nil
	}
	return calls
}

// Every variable's flag stands under a heading, and none of the headings' tables names a flag that is not there.
func TestHeadings(t *testing.T) {
	var flags []string
	for _, v := range config.Variables() {
		flags = append(flags, v.Flag, v.FileFlag())
		if headingOf[v.Flag] == "" && headingOfGroup[v.Group] == "" {
			t.Errorf("%s is under no heading of help", v.FullName())
		}
	}
	for flag := range headingOf {
		if !slices.Contains(flags, flag) {
			t.Errorf("there is no flag --%s, which is to stand under a heading", flag)
		}
	}
}

func TestFilled(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"one two three four", "one two\nthree four"},
		{"one two\nthree", "one two\nthree"},
		{"one\n\ntwo\nthree", "one\n\ntwo three"},
		{"one\n  two  three four five\nsix", "one\n  two  three four five\nsix"},
		{"averyverylongword b", "averyverylongword\nb"},
	} {
		if got := filled(c.text, 10); got != c.want {
			t.Errorf("filled(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestKstreamCalls(t *testing.T) {
	got := kstreamCalls(`A='x | y' kstream run --filter 'a || b' | jq . && kstream lag || echo no       what it is`)
	if len(got) != 2 || !slices.Equal(got[0], []string{"run", "--filter", "a || b"}) || !slices.Equal(got[1], []string{"lag"}) {
		t.Errorf("got %q", got)
	}
}
