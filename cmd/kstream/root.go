package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/kstream/kstream/internal/awsclient"
	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/awserror"
	"github.com/kstream/kstream/pkg/operator"
)

// The exit statuses that users rely on.
const (
	exitDone   = 0
	exitFailed = 1 // a run failed, or its last epoch was abandoned
	exitWrong  = 2 // the configuration or the chain is wrong
	exitCheck  = 3 // a checked condition did not hold
)

// statusError is an error with an exit status of its own.
type statusError struct {
	status int
	err    error
}

func (e *statusError) Error() string { return e.err.Error() }
func (e *statusError) Unwrap() error { return e.err }

// wrong marks err as a fault of what the user set.
func wrong(err error) error { return &statusError{exitWrong, err} }

// terminal is where a command talks to: its streams, and the two ways in which a user ends it.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	// stop ends at the first SIGINT or SIGTERM: drain, take a last checkpoint, and go.
	stop context.Context //nolint:containedctx // it is the process's own, and each command is handed it once
	// abandoned is the signal that came second, 0 before.
	abandoned *atomic.Int32
}

// execute runs the command line and returns its exit status.
func execute(args []string, in io.Reader, out, errOut io.Writer) int {
	if limit := config.MemoryLimit(); limit > 0 && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(limit)
	}
	// net/http says here what comes unasked on a connection, payloads included: in no format of ours, and whatever LOG_LEVEL is.
	log.SetOutput(io.Discard)
	// A reader that goes away (head) is an error of Write, and no sudden death.
	signal.Ignore(syscall.SIGPIPE)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	t := &terminal{in: in, out: out, err: errOut, abandoned: new(atomic.Int32)}
	var stop context.CancelFunc
	t.stop, stop = context.WithCancel(ctx)
	defer t.watch(stop, cancel)()
	root := newRoot(t)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if s := t.abandoned.Load(); s != 0 {
		fmt.Fprintln(errOut, "kstream: a second signal: the last epoch is abandoned, and done again at the next start")
		return 128 + int(s)
	}
	if err == nil || readerGone(err) {
		return exitDone
	}
	fmt.Fprintf(errOut, "kstream: %s\n", safe([]byte(awserror.Text(err)))) // it may quote a payload
	return statusOf(err)
}

// readerGone tells a table whose reader has seen enough (head) from a failure.
func readerGone(err error) bool {
	var p *fs.PathError
	return errors.As(err, &p) && p.Path == os.Stdout.Name() && errors.Is(err, syscall.EPIPE)
}

func statusOf(err error) int {
	var s *statusError
	var faults *config.Faults
	var chain *operator.Faults
	var settings *awsclient.SettingsError
	switch {
	case errors.As(err, &s):
		return s.status
	case errors.As(err, &faults), errors.As(err, &chain), errors.As(err, &settings):
		return exitWrong
	}
	return exitFailed
}

var errStopped = errors.New("stopped before there was an answer")

// endAtStop lets a command that only looks end at the first signal: it has nothing to drain. What it did not get to say is
// no success, so that a condition which it was to check does not seem to hold.
func (t *terminal) endAtStop(c *cobra.Command) {
	look := c.RunE
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, cancel := context.WithCancel(c.Context())
		defer cancel()
		defer context.AfterFunc(t.stop, cancel)()
		c.SetContext(ctx)
		err := look(c, args)
		if t.stop.Err() != nil && errors.Is(err, context.Canceled) {
			return errStopped
		}
		return err
	}
}

// addCommands gives root all commands, as help groups them.
func addCommands(root *cobra.Command, t *terminal) {
	for _, g := range []struct {
		title    string
		commands []*cobra.Command
	}{
		{"Look", []*cobra.Command{newConsume(t), newStreams(t), newDescribe(t), newShards(t), newLag(t), newTop(t)}},
		{"Write", []*cobra.Command{newProduce(t)}},
		{"Run", []*cobra.Command{newDemo(t), newCheck(t), newRun(t)}},
		{"Operate", []*cobra.Command{newHealth(t), newState(t), newSeek(t), newReplay(t), newEnv(t), newCompletion(t), newMan(t), newVersion(t)}},
	} {
		root.AddGroup(&cobra.Group{ID: g.title, Title: g.title})
		for _, c := range g.commands {
			c.GroupID = g.title
			if slices.Contains([]string{"streams", "describe", "shards", "lag"}, c.Name()) {
				t.endAtStop(c)
			}
			inOrder(c)
			complete(c)
			root.AddCommand(c)
		}
	}
}

func newRoot(t *terminal) *cobra.Command {
	root := &cobra.Command{
		Use:   "kstream",
		Short: "Read Kinesis streams, filter and change their records, write them on",
		Long: `kstream reads Amazon Kinesis Data Streams, runs a chain of operators over the records, and writes them to
stdout, a file or another stream. Everything is set by environment variables (kstream env), each of which has a flag.`,
		Example: `  kstream demo                                  see it work, without AWS
  kstream consume logs --from -10m --filter 'level == "error"'`,
		SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.SetIn(t.in)
	root.SetOut(t.out)
	root.SetErr(t.err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return wrong(flagError(c, err)) })
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { writeHelp(t.out, c) })
	root.SetUsageFunc(func(c *cobra.Command) error {
		writeUsage(t.err, c)
		return nil
	})
	addCommands(root, t)
	root.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return c.Help()
		}
		return wrong(unknownCommand(c, args[0]))
	}
	root.Args = cobra.ArbitraryArgs
	return root
}
