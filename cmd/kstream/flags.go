package main

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kstream/kstream/internal/config"
)

// allVariableFlags gives c a flag for every variable.
func allVariableFlags(c *cobra.Command) {
	for _, v := range config.Variables() {
		if v.Flag == "" {
			continue
		}
		c.Flags().Var(newVariableFlag(v, v.Default), v.Flag, v.Text)
		fileFlag(c, v)
	}
}

// fileFlag gives c the flag that names a file with v's value, if there is one.
func fileFlag(c *cobra.Command, v config.Variable) {
	if name := v.FileFlag(); name != "" {
		c.Flags().Var(&variableFlag{kind: "path"}, name, "a file with --"+v.Flag)
	}
}

// variableFlags gives c, which a person runs, the flags of these variables.
func variableFlags(c *cobra.Command, flags ...string) {
	variableFlagsWith(c, terminalDefaults(), flags...)
}

// variableFlagsWith gives c the flags of these variables, whose defaults are own, where it has them.
func variableFlagsWith(c *cobra.Command, own map[string]string, flags ...string) {
	for _, v := range config.Variables() {
		if slices.Contains(flags, v.Flag) {
			c.Flags().Var(newVariableFlag(v, cmp.Or(own[v.Name], v.Default)), v.Flag, v.Text)
			fileFlag(c, v)
		}
	}
}

// variableFlag is the flag of a variable: a text, which config reads. Its default is shown and not set, since the variable
// comes first.
type variableFlag struct{ text, shown, kind string }

var kinds = regexp.MustCompile(`^[A-Z]+$`)

func newVariableFlag(v config.Variable, shown string) *variableFlag {
	f := &variableFlag{shown: shown, kind: "string"}
	if kinds.MatchString(v.Values) {
		f.kind = strings.ToLower(v.Values)
	}
	return f
}

// String is what pflag takes the default from, before anything is set.
func (f *variableFlag) String() string { return cmp.Or(f.text, f.shown) }
func (f *variableFlag) Type() string   { return f.kind }
func (f *variableFlag) Set(s string) error {
	f.text = s
	return nil
}

// given returns the flags of variables that the user gave.
func given(c *cobra.Command) map[string]string {
	flags := map[string]string{}
	for _, v := range config.Variables() {
		for _, name := range []string{v.Flag, v.FileFlag()} {
			if f := c.Flags().Lookup(name); name != "" && f != nil && f.Changed {
				if variable, ok := f.Value.(*variableFlag); ok { // else a command's own flag of that name
					flags[name] = variable.text
				}
			}
		}
	}
	return flags
}

func flagNames(c *cobra.Command) (names []string) {
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

// streamArgument puts the stream that args name, if they do, where its flag would.
func streamArgument(flags map[string]string, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if _, both := flags["stream"]; both {
		return errors.New("the stream stands behind the command and in --stream: give one of them")
	}
	flags["stream"] = strings.Join(args, ",")
	return nil
}

// atMost refuses more than n arguments.
func atMost(n int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) <= n {
			return nil
		}
		return wrong(fmt.Errorf("%q is more than `%s` takes (`%s --help` says what it does)", args[n], c.CommandPath(), c.CommandPath()))
	}
}
