package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kstream/kstream/internal/config"
)

// variableFlags gives c a flag for each variable that it reads: all of them, or those of the connection.
func variableFlags(c *cobra.Command, everything bool) {
	for _, v := range config.Variables() {
		if everything || v.Everywhere {
			addVariableFlag(c, v)
		}
	}
}

// variableFlag gives c the flag of one variable that it would not have otherwise.
func variableFlag(c *cobra.Command, names ...string) {
	for _, v := range config.Variables() {
		for _, name := range names {
			if v.Flag == name {
				addVariableFlag(c, v)
			}
		}
	}
}

func addVariableFlag(c *cobra.Command, v config.Variable) {
	if c.Flags().Lookup(v.Flag) == nil {
		c.Flags().String(v.Flag, "", v.Text)
	}
}

// given returns the flags of variables that the user gave.
func given(c *cobra.Command) map[string]string {
	flags := map[string]string{}
	for _, v := range config.Variables() {
		if f := c.Flags().Lookup(v.Flag); f != nil && f.Changed {
			flags[v.Flag] = f.Value.String()
		}
	}
	return flags
}

func flagNames(c *cobra.Command) (names []string) {
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

// choices refuses a flag's value that is none of those there are.
func choice(flag, value string, choices ...string) error {
	for _, c := range choices {
		if c == value {
			return nil
		}
	}
	faults := &config.Faults{List: []config.Fault{{Name: "--" + flag, Message: "it can't be \"" + value + "\": it is " + join(choices, " or ")}}}
	return faults
}

func join(list []string, last string) string {
	text := ""
	for i, s := range list {
		switch {
		case i == 0:
		case i == len(list)-1:
			text += last
		default:
			text += ", "
		}
		text += s
	}
	return text
}
