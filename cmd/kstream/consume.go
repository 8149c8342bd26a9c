package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/pipeline"
	"github.com/kstream/kstream/pkg/sink/stdout"
)

// consumeOptions are the flags that only consume has.
type consumeOptions struct {
	count  int64
	exit   bool
	format string
	output string
	shards []string
	quiet  bool
	stages *[]string
}

func newConsume(t *terminal) *cobra.Command {
	var o consumeOptions
	c := &cobra.Command{
		Use:     "consume STREAM…",
		Aliases: []string{"tail"},
		Short:   "Print a stream's records as they come",
		Example: `  kstream consume logs --from -10m --filter 'level == "error"'
  kstream consume logs --from oldest -e -f '%T %p %k %s\n'`,
		Args: cobra.ArbitraryArgs,
	}
	variableFlags(c, "stream", "from", "until", "poll-interval", "read-share", "deaggregate", "wire", "buffer", "role-arn", "role-external-id",
		"operators", "dead-letter", "http-addr", "shutdown-timeout", "log-level", "log-format")
	o.stages = stageFlags(c)
	f := c.Flags()
	f.String("since", "", "the same as --from")
	f.Int64VarP(&o.count, "count", "n", 0, "stop after this many records in all; 0 is no bound")
	f.BoolVarP(&o.exit, "exit", "e", false, "stop at what is the tip now: --until now")
	f.StringVarP(&o.format, "format", "f", "", `print each record so: %s payload, %k key, %t stream, %p shard, %o sequence, %T arrival in ms, %S size, \n \t`)
	f.StringVarP(&o.output, "output", "o", "raw", "raw (payloads), json (with all that is known of the record) or pretty (indented JSON)")
	f.StringSliceVar(&o.shards, "shard", nil, "read these shards, and what they split and merge into, only")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "say nothing but errors on stderr")
	c.RunE = func(c *cobra.Command, args []string) error {
		flags, err := o.flags(c, args)
		if err != nil {
			return wrong(err)
		}
		conf, confErr := config.Load(config.Options{Flags: flags, Defaults: o.defaults()})
		encode, err := o.encoder(t)
		if err := errors.Join(confErr, o.check(conf), err); err != nil {
			return wrong(err)
		}
		stages := *o.stages
		if o.count > 0 {
			stages = append(stages, fmt.Sprintf("limit %d", o.count))
		}
		j, err := newJob(t, conf, nil, stages)
		if err != nil {
			return err
		}
		j.notice = func(text string) {
			if !o.quiet {
				fmt.Fprintln(t.err, "kstream: "+text)
			}
		}
		return j.beside(c.Context(), func(ctx context.Context) error { return j.consume(ctx, t, &o, encode) })
	}
	return c
}

// flags returns the flags of variables, with what consume has other names for.
func (o *consumeOptions) flags(c *cobra.Command, args []string) (map[string]string, error) {
	flags := given(c)
	if since := c.Flags().Lookup("since"); since.Changed {
		if _, both := flags["from"]; both {
			return nil, errors.New("--since is --from: give one of them")
		}
		flags["from"] = since.Value.String()
	}
	if o.exit {
		if _, both := flags["until"]; both {
			return nil, errors.New("-e is --until now: give one of them")
		}
		flags["until"] = "now"
	}
	return flags, streamArgument(flags, args)
}

func (o *consumeOptions) defaults() map[string]string {
	defaults := terminalDefaults()
	if o.quiet {
		defaults["LOG_LEVEL"] = "error"
	}
	return defaults
}

// terminalDefaults are those of commands that a person runs.
func terminalDefaults() map[string]string {
	return map[string]string{
		"FROM": "latest", "READ_SHARE": "0.5", "DEAD_LETTER": "discard", "HTTP_ADDR": "none", "LOG_LEVEL": "warn",
	}
}

func (o *consumeOptions) check(conf *config.Config) error {
	switch {
	case len(conf.Source.Streams) == 0:
		return errors.New("which stream? `kstream consume STREAM`, or KSTREAM_STREAM (`kstream streams` lists them)")
	case o.count < 0:
		return fmt.Errorf("-n can't be %d", o.count)
	case conf.Source.From.Shard != "" && len(conf.Source.Streams) > 1:
		return errors.New("--from SHARD:SEQUENCE goes with one stream")
	case conf.Source.From.Shard != "" && o.shards != nil && !slices.Contains(o.shards, conf.Source.From.Shard):
		return fmt.Errorf("--from is in %s, and --shard names another", conf.Source.From.Shard)
	}
	return nil
}

// consume runs the job onto the terminal. A reader that has gone away ends it quietly.
func (j *job) consume(ctx context.Context, t *terminal, o *consumeOptions, encode encoderOf) (err error) {
	source, err := j.source(ctx, t.in, o.shards)
	if err != nil {
		return err
	}
	store, giveUp, err := j.store(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, giveUp()) }()
	c := j.pipelineConfig(source, store)
	c.Sink = pipeline.Output{Name: "stdout", Sink: stdout.New(t.out), Encode: encode}
	if c.DeadLetters, err = j.deadLetters(ctx); err != nil {
		return err
	}
	if !o.quiet && o.exit && j.conf.Source.From == (config.From{Position: latest}) {
		fmt.Fprintln(t.err, "kstream: from latest until now there is nothing: --from oldest, or --from -10m, begins earlier")
	}
	err = j.executeWithHints(ctx, t, c)
	if errors.Is(err, stdout.ErrClosed) {
		return nil
	}
	if !o.quiet {
		j.sumUp(t)
	}
	return err
}

// executeWithHints runs c, which tries for a minute to find a stream that is not there, and says at once which one a person
// may have meant.
func (j *job) executeWithHints(ctx context.Context, t *terminal, c pipeline.Config) error {
	hinting, done := context.WithCancel(ctx)
	var hints errgroup.Group
	hints.Go(func() error {
		for _, stream := range j.conf.Source.Streams {
			client := clientConfig(j.conf.Source, stream)
			_, err := describe(hinting, client, stream)
			if near := nearestStream(hinting, err, client, stream); near != "" {
				j.notice(fmt.Sprintf("there is no stream %q here; did you mean %q?", stream, near))
			}
		}
		return nil
	})
	err := j.execute(ctx, t, c)
	done()
	return errors.Join(err, hints.Wait())
}

// sumUp says what could not be handled and was not printed.
func (j *job) sumUp(t *terminal) {
	r := j.run.Load()
	if r == nil {
		return
	}
	for _, m := range r.Stats().Stages {
		if n := m.DeadLetters.Load(); n > 0 {
			records := "records"
			if n == 1 {
				records = "record"
			}
			fmt.Fprintf(t.err, "kstream: %d %s could not be handled by stage %s (--dead-letter log says which)\n", n, records, m.Label)
		}
	}
}
