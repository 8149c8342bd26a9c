package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kstream/kstream/internal/config"
)

// complete lets the shell complete the arguments and flags of c, and of all below it, by what they say of themselves.
func complete(c *cobra.Command) {
	if c.ValidArgsFunction == nil && len(c.ValidArgs) == 0 {
		c.ValidArgsFunction = completeArgs
	}
	// persistent flags are completed where they are defined
	for _, flags := range []*pflag.FlagSet{c.LocalFlags(), c.PersistentFlags()} {
		flags.VisitAll(func(f *pflag.Flag) {
			if f.Value.Type() != "bool" {
				_ = c.RegisterFlagCompletionFunc(f.Name, completionOf(f)) // it fails where there is one already
			}
		})
	}
	for _, sub := range c.Commands() {
		complete(sub)
	}
}

// completeArgs completes what the usage line calls STREAM, and leaves files to the shell.
func completeArgs(c *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	use := strings.NewReplacer("[", " ", "]", " ", "|", " ").Replace(c.Use)
	words := strings.Fields(use)[1:]
	for i, word := range words {
		switch {
		case i < len(args) && !strings.HasSuffix(word, "…"):
		case strings.HasPrefix(word, "STREAM"), word == "PATTERN":
			return streamCompletions(c, typed), cobra.ShellCompDirectiveNoFileComp
		case strings.HasPrefix(word, "PATH"), strings.HasPrefix(word, "FILE"):
			return nil, cobra.ShellCompDirectiveDefault
		case word == "DIR":
			return nil, cobra.ShellCompDirectiveFilterDirs
		}
	}
	return nil, cobra.ShellCompDirectiveNoFileComp
}

// completionOf returns what completes the value of f.
func completionOf(f *pflag.Flag) cobra.CompletionFunc {
	switch f.Name {
	case "stream":
		return func(c *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return inList(typed, func(last string) []string { return streamCompletions(c, last) }), cobra.ShellCompDirectiveNoFileComp
		}
	case "sink-stream":
		return func(c *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return streamCompletions(c, typed), cobra.ShellCompDirectiveNoFileComp
		}
	case "shard":
		return func(c *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return inList(typed, func(last string) []string { return shardCompletions(c, args, last) }), cobra.ShellCompDirectiveNoFileComp
		}
	case "state-dir":
		return leftToShell(cobra.ShellCompDirectiveFilterDirs)
	case "operators-file", "file-path", "input-path", "input":
		return leftToShell(cobra.ShellCompDirectiveDefault)
	}
	return func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return beginning(suggestions(f), typed), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
}

func leftToShell(directive cobra.ShellCompDirective) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return nil, directive
	}
}

// suggestions are the values of f that can be named: all of them, or a few good ones.
func suggestions(f *pflag.Flag) []cobra.Completion {
	if words := choicesOf(f); len(words) > 0 {
		return words
	}
	switch f.Name {
	case "from", "since":
		return []cobra.Completion{
			cobra.CompletionWithDesc("latest", "what comes from now on"), cobra.CompletionWithDesc("oldest", "all that is kept"),
			cobra.CompletionWithDesc("10m", "ten minutes ago"), cobra.CompletionWithDesc("1h", "an hour ago"), cobra.CompletionWithDesc("1d", "a day ago"),
		}
	case "until":
		return []cobra.Completion{cobra.CompletionWithDesc("now", "what is the tip now"), cobra.CompletionWithDesc("1h", "an hour ago")}
	case "format":
		return []cobra.Completion{
			cobra.CompletionWithDesc(`%s\n`, "payload"), cobra.CompletionWithDesc(`%k %s\n`, "key and payload"),
			cobra.CompletionWithDesc(`%T{rfc3339} %p %k %s\n`, "arrival, shard, key and payload"),
		}
	}
	words, _ := wordsOf(variableOf(f.Name))
	return words
}

// inList completes the last of what is typed, which is parted by commas.
func inList(typed string, complete func(last string) []string) []cobra.Completion {
	i := strings.LastIndexByte(typed, ',') + 1
	list := complete(typed[i:])
	for n := range list {
		list[n] = typed[:i] + list[n]
	}
	return list
}

func beginning(list []cobra.Completion, typed string) (like []cobra.Completion) {
	for _, text := range list {
		if strings.HasPrefix(text, typed) {
			like = append(like, text)
		}
	}
	return like
}

// streamCompletions asks for the names of streams, none where there is no answer soon.
func streamCompletions(c *cobra.Command, typed string) []cobra.Completion {
	return beginning(completionSource(c).streams(c.Context()), typed)
}

// shardCompletions asks for the shards of the stream that the command line names.
func shardCompletions(c *cobra.Command, args []string, typed string) []cobra.Completion {
	flags := given(c)
	if streamArgument(flags, args) != nil {
		return nil
	}
	conf, err := config.Load(config.Options{Flags: flags, Defaults: terminalDefaults()})
	if err != nil || len(conf.Source.Streams) != 1 {
		return nil
	}
	return beginning(completionSource(c).shards(c.Context(), conf.Source.Streams[0]), typed)
}
