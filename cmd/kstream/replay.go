package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/sink/file"
	"github.com/kstream/kstream/pkg/source/letters"
)

// replay is a job whose records are dead letters.
type replay struct {
	*job
	paths  []string       // of the files that they are in, in order; none: they are in the stream that the configuration reads
	choose *operator.Plan // what --filter keeps
	dry    bool
	spool  *letters.Spool
}

func newReplay(t *terminal) *cobra.Command {
	var filter string
	var dry bool
	c := &cobra.Command{
		Use:   "replay PATH…|kinesis:STREAM",
		Short: "Take dead letters through the chain once more, when it has been mended",
		Long: `Takes dead letters, from files (.gz and .zst too) or a stream, through the chain, as if they came from their own shards:
meta has their stream, shard, sequence, key and arrival, and those of one shard stay in order: files are read as they are named,
the oldest first. Chain and sink are those of run, by variables or flags; not set, the sink is stdout. What fails again goes to
DEAD_LETTER, which is the log unless it is set. The letters themselves stay where they are.

The chain can have no windows, dedupe or limit: what they have counted is the run's. A file to write to must be a new one, since
the run goes on with its own.

The exit status is 1 where something was not replayed: a line that is no dead letter, one that --filter can't judge, or a result
of a window, which is of many records and can't go through the chain again.`,
		Example: `  kstream replay dead-letters.jsonl --dry-run
  kstream replay dead-letters.jsonl --filter 'stage == "2:set" && data.total != nil' > mended.jsonl`,
		Args: cobra.ArbitraryArgs,
	}
	flags := []string{"operators", "poll-interval", "read-share", "deaggregate", "wire", "buffer", "role-arn", "role-external-id",
		"dead-letter", "shutdown-timeout", "log-level", "log-format"}
	for _, v := range config.Variables() {
		if v.Group == "Sink" && v.Flag != "" {
			flags = append(flags, v.Flag)
		}
	}
	variableFlagsWith(c, replayDefaults(), flags...)
	c.Flags().StringVar(&filter, "filter", "", "replay the letters only for which this is true: an expression over stage, error, stream, shard, sequence, partition_key, arrival and data")
	c.Flags().BoolVar(&dry, "dry-run", false, "write nothing, and say which letters there are and what the chain would do with them")
	c.RunE = func(c *cobra.Command, args []string) error {
		r, err := prepareReplay(t, given(c), args, filter)
		if err != nil {
			return err
		}
		r.dry = dry
		return r.do(c.Context(), t)
	}
	return c
}

// replayDefaults are those of commands for people, but that a record that fails again is told of.
func replayDefaults() map[string]string {
	defaults := terminalDefaults()
	defaults["DEAD_LETTER"], defaults["FROM"] = "log", "oldest"
	return defaults
}

// prepareReplay reads what is to be replayed, and how.
func prepareReplay(t *terminal, flags map[string]string, args []string, filter string) (*replay, error) {
	paths, stream, err := whichLetters(args)
	if err != nil {
		return nil, wrong(err)
	}
	r := &replay{paths: paths}
	defaults := replayDefaults()
	if stream != "" {
		defaults["STREAM"], defaults["UNTIL"] = stream, "now"
	}
	conf, err := config.Load(config.Options{Everything: true, Aside: true, Flags: flags, Defaults: defaults})
	say := func(text string) { fmt.Fprintln(t.err, "kstream: "+text) }
	if filter != "" {
		var filterErr error
		r.choose, filterErr = operator.Compile(operator.Config{Extra: []string{"filter " + filter}, Notice: say})
		err = errors.Join(err, filterErr)
	}
	if r.job, err = newJob(t, conf, err, nil); err != nil {
		return nil, err
	}
	r.notice = say
	return r, r.checkChain()
}

// checkChain refuses a chain whose answer depends on more than the record in hand.
func (r *replay) checkChain() error {
	const out = "give replay a chain without them: --operators, or --operators-file"
	if r.plan.KeyedState() {
		return wrong(fmt.Errorf("the chain keeps state (%s), and what the run has counted is not here: the answers would be wrong; %s",
			strings.Join(r.plan.Stateful(), " | "), out))
	}
	if len(r.plan.Counts()) > 0 {
		return wrong(errors.New("the chain has a limit, whose count is the run's; " + out))
	}
	return nil
}

// do replays, or says what that would do.
func (r *replay) do(ctx context.Context, t *terminal) (err error) {
	if !r.dry {
		if err := r.checkFiles(); err != nil {
			return wrong(err)
		}
	}
	r.spool = letters.NewSpool()
	defer func() { err = errors.Join(err, r.spool.Close()) }()
	found, err := r.gather(ctx, t)
	if err != nil {
		return err
	}
	if r.dry {
		return r.rehearse(ctx, t, found)
	}
	return r.write(ctx, t, found)
}

// checkFiles refuses to write into files that are there: those of the run, which goes on with them at the place that its
// checkpoint says, and the one that is being replayed.
func (r *replay) checkFiles() error {
	faults := new(config.Faults)
	check := func(variable string, c file.Config) {
		if err := r.checkFile(c); err != nil {
			faults.List = append(faults.List, config.Fault{Name: r.conf.Values[variable].Name(), Message: err.Error()})
		}
	}
	if s := r.conf.Sink; s.Kind == "file" {
		check("FILE_PATH", s.File)
	}
	if d := r.conf.Sink.DeadLetters; d.Kind == "file" {
		check("DEAD_LETTER", file.Config{Path: d.Name})
	}
	if len(faults.List) > 0 {
		return faults
	}
	return nil
}

func (r *replay) checkFile(c file.Config) error {
	taken, err := c.Taken()
	switch {
	case err != nil || taken == "":
		return err
	case slices.ContainsFunc(r.paths, func(path string) bool { return sameFile(taken, path) }):
		return fmt.Errorf("%s is a file that is being replayed: write to a new one, or to --dead-letter log", taken)
	}
	return fmt.Errorf("%s is there already, and a run that goes on with it would cut off what a replay adds: write to a new one", taken)
}
