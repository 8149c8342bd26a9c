package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/kstream/kstream/internal/config"
)

// choice is the value of a flag that is one of a few words. Help lists them, the shell completes them, and others are refused
// as soon as flags are read.
type choice struct {
	name  string
	value *string
	words []string
}

// choiceFlag gives f a flag of that kind; fallback, one of the words or "", is its value where it is not given.
func choiceFlag(f *pflag.FlagSet, value *string, name, short, fallback, usage string, words ...string) {
	*value = fallback
	f.VarP(&choice{name, value, words}, name, short, usage)
}

func (c *choice) String() string { return *c.value }
func (c *choice) Type() string   { return "string" }

// Set takes one of the words.
func (c *choice) Set(s string) error {
	if !slices.Contains(c.words, s) {
		text := fmt.Sprintf("it can't be %q: it is %s", s, config.OneOf(c.words))
		return &config.Faults{List: []config.Fault{{Name: "--" + c.name, Message: text}}}
	}
	*c.value = s
	return nil
}

// choicesOf returns the words that f takes, none where it takes others too.
func choicesOf(f *pflag.Flag) []string {
	switch v := f.Value.(type) {
	case *choice:
		return v.words
	case *variableFlag:
		if words, whole := wordsOf(variableOf(f.Name)); whole {
			return words
		}
	}
	return nil
}

var word = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)

// wordsOf returns the words that a variable's values may be; whole where they are all that it takes.
func wordsOf(v config.Variable) (words []string, whole bool) {
	whole = true
	for value := range strings.SplitSeq(v.Values, ", ") {
		if word.MatchString(value) {
			words = append(words, value)
		} else {
			whole = false
		}
	}
	return words, whole && len(words) > 0
}
