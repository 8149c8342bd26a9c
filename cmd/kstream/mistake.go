package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/operator/nearest"
)

// later are the commands and flags that this version does not have yet.
var later = []string{"top"}

func unknownCommand(root *cobra.Command, name string) error {
	if slices.Contains(later, name) {
		return fmt.Errorf("`kstream %s` comes with a later version", name)
	}
	var names []string
	for _, c := range root.Commands() {
		names = append(append(names, c.Name()), c.Aliases...)
	}
	if near := nearest.Of(name, names); near != "" {
		return fmt.Errorf("there is no command %q; did you mean `kstream %s`?", name, near)
	}
	return fmt.Errorf("there is no command %q: `kstream --help` lists them", name)
}

// flagError says what pflag says in words for users: the nearest flag to an unknown one, and what a value should be.
func flagError(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var value *pflag.InvalidValueError
	var faults *config.Faults
	switch {
	case errors.As(err, &faults):
		return faults
	case errors.As(err, &value):
		f := value.GetFlag()
		return fmt.Errorf("--%s: %q is no %s", f.Name, value.GetValue(), cmp.Or(valueKinds[f.Value.Type()], f.Value.Type()))
	case !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "":
		return fmt.Errorf("%w (`%s --help` lists the flags)", err, c.CommandPath())
	}
	name := unknown.GetSpecifiedName()
	if slices.Contains(later, "--"+name) {
		return fmt.Errorf("--%s comes with a later version", name)
	}
	if near := nearest.Of(name, flagNames(c)); near != "" {
		return fmt.Errorf("there is no flag --%s; did you mean --%s?", name, near)
	}
	return fmt.Errorf("there is no flag --%s: `%s --help` lists them", name, c.CommandPath())
}

// valueKinds are what pflag's types of values are called.
var valueKinds = map[string]string{"int64": "whole number", "bool": "true or false", "duration": "duration such as 30s or 5m"}
