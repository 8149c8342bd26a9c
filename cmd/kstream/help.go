package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// helpWidth is the widest line of help: what fits beside something else on a laptop's screen.
const helpWidth = 100

// writeHelp tells what c does, how it is called, with examples, and what there is below it or which flags it has.
func writeHelp(w io.Writer, c *cobra.Command) {
	text := c.Long
	if text == "" {
		text = c.Short + "."
	}
	fmt.Fprintln(w, filled(text, helpWidth))
	writeUsage(w, c)
}

func writeUsage(w io.Writer, c *cobra.Command) {
	fmt.Fprintln(w, "\nUsage:")
	if c.Runnable() && c.HasParent() {
		fmt.Fprintf(w, "  %s\n", c.UseLine())
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(w, "  %s COMMAND\n", c.CommandPath())
	}
	if len(c.Aliases) > 0 {
		fmt.Fprintf(w, "\nThe same: kstream %s\n", strings.Join(c.Aliases, ", kstream "))
	}
	if c.HasExample() {
		fmt.Fprintf(w, "\nExamples:\n%s\n", c.Example)
	}
	writeCommands(w, c)
	for _, s := range flagSections(c) {
		fmt.Fprintf(w, "\n%s:\n", s.title)
		for _, f := range s.flags {
			writeEntry(w, flagHead(f), flagText(f), flagColumn)
		}
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\n`%s COMMAND --help` says more of each.\n", c.CommandPath())
	}
}

// writeCommands lists what is below c, by groups where it has some.
func writeCommands(w io.Writer, c *cobra.Command) {
	group := func(id, title string) {
		for _, sub := range c.Commands() {
			if sub.GroupID != id || !sub.IsAvailableCommand() || sub.Name() == "help" {
				continue
			}
			if title != "" {
				fmt.Fprintf(w, "\n%s:\n", title)
				title = ""
			}
			writeEntry(w, "  "+sub.Name(), sub.Short, commandColumn)
		}
	}
	for _, g := range c.Groups() {
		group(g.ID, g.Title)
	}
	group("", "Commands")
}

// The columns at which the texts of commands and flags begin.
const (
	commandColumn = 14
	flagColumn    = 30
)

// writeEntry writes a name and, from the column on, its text; below it, where the name is too long.
func writeEntry(w io.Writer, head, text string, column int) {
	lines := strings.Split(filled(text, helpWidth-column), "\n")
	if utf8.RuneCountInString(head) > column-2 {
		fmt.Fprintln(w, head)
		head = ""
	}
	for _, line := range lines {
		fmt.Fprintf(w, "%-*s%s\n", column, head, line)
		head = ""
	}
}

// filled breaks paragraphs anew at width. A line that begins with a space stays as it is.
func filled(text string, width int) string {
	var lines []string
	line := ""
	flush := func() {
		if line != "" {
			lines, line = append(lines, line), ""
		}
	}
	for given := range strings.SplitSeq(text, "\n") {
		if given == "" || given[0] == ' ' {
			flush()
			lines = append(lines, given)
			continue
		}
		for word := range strings.FieldsSeq(given) {
			if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
				flush()
			}
			line = strings.TrimPrefix(line+" "+word, " ")
		}
	}
	flush()
	return strings.Join(lines, "\n")
}
