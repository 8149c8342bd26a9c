package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kstream/kstream/internal/config"
)

func newMan(*terminal) *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write the manual pages into a folder",
		Long: `Writes a manual page for each command into a folder, which is made. They say what --help does; kstream(1) has the variables and
the exit statuses as well.`,
		Example: `  kstream man /usr/local/share/man/man1
  kstream man ./man && man ./man/kstream-consume.1`,
		Args: atMost(1), Hidden: true,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return wrong(errors.New("where to? `kstream man DIR` writes the pages into DIR"))
			}
			return writePages(c.Root(), args[0])
		},
	}
}

// writePages writes the pages of c and of all below it.
func writePages(c *cobra.Command, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making a folder for manual pages: %w", err)
	}
	name := filepath.Join(dir, pageName(c)+".1")
	if err := os.WriteFile(name, []byte(manPage(c)), 0o644); err != nil {
		return fmt.Errorf("writing a manual page: %w", err)
	}
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "help" {
			if err := writePages(sub, dir); err != nil {
				return err
			}
		}
	}
	return nil
}

func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manPage returns the manual page of c.
func manPage(c *cobra.Command) string {
	r := &roff{}
	r.macro("TH", strings.ToUpper(pageName(c)), "1", "", "kstream "+buildVersion(), "kstream manual")
	r.macro("SH", "NAME")
	r.lines(pageName(c) + " - " + strings.ToLower(c.Short[:1]) + c.Short[1:])
	r.macro("SH", "SYNOPSIS")
	if c.Runnable() && c.HasParent() {
		r.macro("B", c.UseLine())
	} else {
		r.macro("B", c.CommandPath()+" COMMAND")
	}
	r.macro("SH", "DESCRIPTION")
	if c.Long != "" {
		r.text(c.Long)
	} else {
		r.text(c.Short + ".")
	}
	manCommands(r, c)
	if sections := flagSections(c); len(sections) > 0 {
		r.macro("SH", "OPTIONS")
		for _, s := range sections {
			if s.title != ownFlags {
				r.macro("SS", s.title)
			}
			for _, f := range s.flags {
				r.entry(strings.TrimSpace(flagHead(f)), flagText(f))
			}
		}
	}
	r.macro("SH", "EXAMPLES")
	r.verbatim(c.Example)
	if !c.HasParent() {
		manVariables(r)
	}
	r.macro("SH", "EXIT STATUS")
	manStatuses(r)
	manRelated(r, c)
	return r.b.String()
}

func manCommands(r *roff, c *cobra.Command) {
	if !c.HasAvailableSubCommands() {
		return
	}
	r.macro("SH", "COMMANDS")
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "help" {
			r.entry(pageName(sub)+"(1)", sub.Short)
		}
	}
}

// manVariables lists the variables of run and check, by their groups.
func manVariables(r *roff) {
	r.macro("SH", "ENVIRONMENT")
	r.text("Each has a flag of the same name in small letters: KSTREAM_FILE_PATH is --file-path, which wins over it. NAME_FILE reads a " +
		"value from a file. AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL and AWS' other variables are heeded as by its own tools.")
	group := ""
	for _, v := range config.Variables() {
		if v.Group != group {
			group = v.Group
			r.macro("SS", group)
		}
		text := v.Text
		if v.Values != "" {
			text += ". One of: " + v.Values
		}
		if v.Default != "" {
			text += ". " + v.Default + " unless set"
		}
		r.entry(v.FullName(), text+".")
	}
}

// statuses are the exit statuses that users rely on, in their words.
var statuses = []struct {
	status  int
	meaning string
}{
	{exitDone, "done, or stopped by a signal after a clean last checkpoint"},
	{exitFailed, "a run failed, or its last epoch was abandoned"},
	{exitWrong, "the configuration or the chain is wrong"},
	{exitCheck, "a condition that was to be checked did not hold"},
}

func manStatuses(r *roff) {
	for _, s := range statuses {
		r.entry(fmt.Sprint(s.status), s.meaning)
	}
	r.entry("130, 143", "a second signal")
}

func manRelated(r *roff, c *cobra.Command) {
	r.macro("SH", "SEE ALSO")
	var pages []string
	if c.HasParent() {
		pages = append(pages, pageName(c.Parent())+"(1)")
	}
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "help" {
			pages = append(pages, pageName(sub)+"(1)")
		}
	}
	r.lines(strings.Join(pages, ",\n"))
}
