package main

import (
	"context"
	"fmt"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/spf13/cobra"

	"github.com/kstream/kstream/internal/top"
	"github.com/kstream/kstream/pkg/status"
)

func newTop(t *terminal) *cobra.Command {
	var addr string
	c := &cobra.Command{
		Use:   "top",
		Short: "Watch a running kstream: shards, lag, rates, stages, checkpoints",
		Long: `Shows the running kstream at --addr (KSTREAM_HTTP_ADDR unless said) on the whole screen, anew every two seconds: each shard with
its lag and rate, each stage with what goes in and out, outputs, checkpoints, watermark and buffer. When it goes away, top says so
and goes on asking. ? tells the keys. NO_COLOR is honoured.

Where the output is no terminal, it is printed once, as text.`,
		Example: `  kstream top --addr 127.0.0.1:9090
  kstream top | grep BEHIND -A 20`,
		Args: atMost(0),
		RunE: func(c *cobra.Command, _ []string) error {
			if addr == "" {
				var err error
				if addr, err = healthAddr(c); err != nil {
					return err
				}
			}
			return watchTop(c.Context(), t, addr)
		},
	}
	c.Flags().StringVar(&addr, "addr", "", "host:port at which a running kstream serves its status")
	return c
}

// watchTop shows the kstream at addr, once where nobody can look on.
func watchTop(ctx context.Context, t *terminal, addr string) error {
	if !isTerminal(t.out) || os.Getenv("TERM") == "dumb" {
		report, err := askStatus(ctx, addr, 0)
		if err != nil {
			return err
		}
		_, err = fmt.Fprint(t.out, top.Snapshot(addr, top.Answer{At: time.Now(), Report: report}))
		return err
	}
	ask := func(ctx context.Context, since int64) (*status.Report, error) { return askStatus(ctx, addr, since) }
	p := tea.NewProgram(top.New(addr, ask), tea.WithInput(t.in), tea.WithOutput(t.out), tea.WithoutSignalHandler())
	defer context.AfterFunc(t.stop, p.Quit)()
	if _, err := p.Run(); err != nil {
		return fmt.Errorf("showing kstream top: %w", err)
	}
	return nil
}
