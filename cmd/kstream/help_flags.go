package main

import (
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kstream/kstream/internal/config"
)

// The headings under which help lists flags, in this order. A command's own flags stand first.
const (
	ownFlags    = "Flags"
	whatToRead  = "What to read"
	whichOnes   = "Which records, and what becomes of them"
	howTheyLook = "How they look"
	whereTheyGo = "Where records go"
	howToRead   = "How it reads"
	howItRuns   = "How it runs"
	awsAndLogs  = "AWS and the log"
)

var headings = []string{ownFlags, whatToRead, whichOnes, howTheyLook, whereTheyGo, howToRead, howItRuns, awsAndLogs}

// headingOf are the headings of variables' flags that are not under their group's.
var headingOf = map[string]string{
	"poll-interval": howToRead, "read-share": howToRead, "deaggregate": howToRead, "wire": howToRead, "buffer": howToRead, "read": howToRead,
	"role-arn": awsAndLogs, "role-external-id": awsAndLogs, "sink-role-arn": awsAndLogs, "sink-endpoint-url": awsAndLogs,
	"log-level": awsAndLogs, "log-format": awsAndLogs,
	"dead-letter": whereTheyGo,
	"parallelism": howItRuns, "idle-timeout": howItRuns, "max-drift": howItRuns, "state-memory": howItRuns,
	"operators-file": whichOnes,
}

// headingOfGroup are those of the groups of variables.
var headingOfGroup = map[string]string{"Source": whatToRead, "Chain": whichOnes, "Sink": whereTheyGo, "Run": howItRuns}

const headingAnnotation = "kstream_heading"

// under puts flags of a command's own under a heading of its help.
func under(f *pflag.FlagSet, heading string, names ...string) {
	for _, name := range names {
		if err := f.SetAnnotation(name, headingAnnotation, []string{heading}); err != nil {
			panic(err) // there is no such flag
		}
	}
}

// flagSection is a heading of help with its flags.
type flagSection struct {
	title string
	flags []*pflag.Flag
}

// flagSections returns the flags that c takes, but for --help, by headings.
func flagSections(c *cobra.Command) (list []flagSection) {
	by := map[string][]*pflag.Flag{}
	add := func(f *pflag.Flag) {
		if f.Name != "help" && !f.Hidden {
			by[heading(f)] = append(by[heading(f)], f)
		}
	}
	c.LocalFlags().VisitAll(add)
	c.InheritedFlags().VisitAll(add)
	for _, title := range headings {
		if len(by[title]) > 0 {
			list = append(list, flagSection{title, by[title]})
		}
	}
	return list
}

func heading(f *pflag.Flag) string {
	if a := f.Annotations[headingAnnotation]; len(a) > 0 {
		return a[0]
	}
	switch f.Value.(type) {
	case *stageFlag:
		return whichOnes
	case *variableFlag:
		if h := headingOf[f.Name]; h != "" {
			return h
		}
		return headingOfGroup[variableOf(f.Name).Group]
	}
	return ownFlags
}

// inOrder lets flags be listed in the order in which c and what is below it define them, and not by name.
func inOrder(c *cobra.Command) {
	c.Flags().SortFlags = false
	for _, sub := range c.Commands() {
		inOrder(sub)
	}
}

// variableOf returns the variable whose flag has that name, an empty one where there is none.
func variableOf(flag string) config.Variable {
	for _, v := range config.Variables() {
		if v.Flag == flag {
			return v
		}
	}
	return config.Variable{}
}

// flagHead is "  -n, --count N".
func flagHead(f *pflag.Flag) string {
	head := "      --" + f.Name
	if f.Shorthand != "" {
		head = "  -" + f.Shorthand + ", --" + f.Name
	}
	if name, _ := pflag.UnquoteUsage(f); name != "" {
		head += " " + valueName(f, name)
	}
	return head
}

// valueNames are what help calls the values of flags, and of pflag's types.
var (
	valueNames = map[string]string{
		"stream": "STREAM", "sink-stream": "STREAM", "role-arn": "ARN", "sink-role-arn": "ARN", "since": "TIME", "shard": "SHARD",
		"format": "FORMAT", "grep": "REGEXP", "exclude": "REGEXP", "state-dir": "PATH", "addr": "HOST:PORT", "group": "NAME", "input": "FILE", "rate": "N/s", "generate": "KIND", "fault": "FAULT", "max": "DURATION",
	}
	valueKindNames = map[string]string{"string": "TEXT", "stringArray": "TEXT", "strings": "LIST", "int": "N", "float": "X"}

	kindOfValue = regexp.MustCompile(`^[A-Z]+(:[A-Z]+)?$`)
)

// valueName is how help calls the value of f: what it may be where that is a few words, else of which kind it is.
func valueName(f *pflag.Flag, kind string) string {
	const most = 24 // letters
	if text := strings.Join(choicesOf(f), "|"); text != "" && len(text) <= most {
		return text
	}
	if name := valueNames[f.Name]; name != "" {
		return name
	}
	for value := range strings.SplitSeq(variableOf(f.Name).Values, ", ") {
		if kindOfValue.MatchString(value) {
			return value
		}
	}
	if name := valueKindNames[kind]; name != "" {
		return name
	}
	return strings.ToUpper(kind)
}

// flagText is what f means, and its default where that is not plainly nothing.
func flagText(f *pflag.Flag) string {
	_, text := pflag.UnquoteUsage(f)
	if !slices.Contains([]string{"", "0", "0s", "false", "[]"}, f.DefValue) {
		text += " (" + f.DefValue + " unless set)"
	}
	return text
}
