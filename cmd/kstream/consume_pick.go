package main

import (
	"context"
	"errors"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/kstream/kstream/internal/awsclient"
	"github.com/kstream/kstream/internal/config"
)

// errNonePicked says that a person was asked for a stream and wants none.
var errNonePicked = errors.New("no stream was picked")

// pick asks for the stream that nobody named, where a person sits at a terminal who can be asked.
func (o *consumeOptions) pick(ctx context.Context, t *terminal, conf *config.Config) error {
	if len(conf.Source.Streams) > 0 || !isTerminal(t.in) || !isTerminal(t.err) {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(t.stop, cancel)()
	client, err := awsclient.New(ctx, clientConfig(conf.Source, ""))
	if err != nil {
		return err
	}
	names, err := streamNames(ctx, client)
	switch {
	case t.stop.Err() != nil:
		return errNonePicked
	case err != nil:
		return fmt.Errorf("listing the streams to pick from: %w", err)
	case len(names) == 0:
		return errors.New("there are no streams in this account and region: AWS_REGION and AWS_PROFILE say which these are")
	}
	program := tea.NewProgram(picker{question: "Which stream?", names: names},
		tea.WithContext(t.stop), tea.WithInput(t.in), tea.WithOutput(t.err), tea.WithoutSignalHandler())
	last, err := program.Run()
	switch {
	case t.stop.Err() != nil:
		return errNonePicked
	case err != nil:
		return fmt.Errorf("asking for a stream: %w", err)
	}
	picked := last.(picker).picked
	if picked == "" {
		return errNonePicked
	}
	conf.Source.Streams = []string{picked}
	if !o.quiet {
		fmt.Fprintf(t.err, "kstream consume %s\n", picked) // what to type the next time
	}
	return nil
}
