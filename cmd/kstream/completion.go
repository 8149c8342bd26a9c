package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kstream/kstream/internal/config"
)

// shells are those that completion can be had for.
var shells = []string{"bash", "zsh", "fish"}

func newCompletion(t *terminal) *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish",
		Short: "Print the script with which a shell completes commands, flags and streams",
		Long: `Prints a script for the shell to read at its start. With it, Tab completes commands, flags and what they may be set to, and asks
the service for the names of streams and shards, which it then remembers for some seconds. Where there is no answer, nothing is
completed.`,
		Example: `  source <(kstream completion bash)        in ~/.bashrc
  kstream completion zsh > "${fpath[1]}/_kstream"
  kstream completion fish > ~/.config/fish/completions/kstream.fish`,
		Args: cobra.ArbitraryArgs, ValidArgs: shells,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return wrong(fmt.Errorf("for which shell? `kstream completion %s`, or one of %s", shells[0], config.OneOf(shells)))
			}
			root := c.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(t.out, true)
			case "zsh":
				return root.GenZshCompletion(t.out)
			case "fish":
				return root.GenFishCompletion(t.out, true)
			}
			return wrong(fmt.Errorf("there is no completion for %q: it is for %s", args[0], config.OneOf(shells)))
		},
	}
}
