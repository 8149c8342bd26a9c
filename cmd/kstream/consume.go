package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/kstream/kstream/internal/config"
)

// consumeOptions are the flags that only consume has.
type consumeOptions struct {
	count     int64
	last      int64
	exit      bool
	format    string
	output    string
	colour    string
	grep      []string
	exclude   []string
	shards    []string
	quiet     bool
	fromGiven bool
	stages    *[]string
}

func newConsume(t *terminal) *cobra.Command {
	var o consumeOptions
	c := o.command()
	c.RunE = func(c *cobra.Command, args []string) error {
		j, v, err := o.job(t, c, args)
		switch {
		case errors.Is(err, errNonePicked):
			return nil
		case err != nil:
			return err
		}
		return j.beside(c.Context(), func(ctx context.Context) error { return j.consume(ctx, t, &o, v) })
	}
	return c
}

// command returns the command with its flags, which go into o.
func (o *consumeOptions) command() *cobra.Command {
	c := &cobra.Command{
		Use:     "consume STREAM…",
		Aliases: []string{"tail"},
		Short:   "Print a stream's records as they come",
		Long: `Print a stream's records as they come, from now on unless --from or --last says otherwise, until Ctrl-C unless
--until, -e or -n does. Where no stream is said, a terminal shows a list to pick from.

At a terminal JSON is indented and coloured, what is no text is a hex dump (base64 by -f), and control characters are shown
and never sent. A pipe gets the payloads as they are, a line each.

With --until or -e the records of all shards come in the order in which they arrived, and -n counts in that order: shards
that are ahead wait for the others, as far as --buffer goes; where it is too small, that is said, and shards go on side by
side. While following, and behind a key_by, records come as they are read.`,
		Example: `  kstream consume logs --last 20 --grep timeout --filter 'level == "error"'
  kstream consume logs --from oldest -e -f '%T %p %k %s\n'`,
		Args: cobra.ArbitraryArgs,
	}
	variableFlags(c, "stream", "from", "until", "poll-interval", "read-share", "deaggregate", "wire", "buffer", "role-arn", "role-external-id",
		"operators", "dead-letter", "state-dir", "http-addr", "shutdown-timeout", "log-level", "log-format")
	o.stages = stageFlags(c)
	f := c.Flags()
	f.String("since", "", "the same as --from")
	f.Int64VarP(&o.count, "count", "n", 0, "stop after this many records in all; 0 is no bound")
	f.Int64Var(&o.last, "last", 0, "begin with the last so many records before the end, over all shards; --filter and --grep choose among all of them")
	f.BoolVarP(&o.exit, "exit", "e", false, "stop at what is the tip now: --until now")
	f.StringVarP(&o.format, "format", "f", "", `print each record so: %s payload, %k key, %t stream, %p shard, %o sequence, %T arrival in ms, %S size, \n \t; also %s{hex}, %s{base64}, %T{rfc3339}`)
	choiceFlag(f, &o.output, "output", "o", "", "payloads, JSON with all that is known of the record, or indented JSON; not set: pretty at a terminal, raw in a pipe",
		"raw", "json", "pretty")
	choiceFlag(f, &o.colour, "color", "", "auto", "by shard, and by the log level of JSON; auto: at a terminal, unless NO_COLOR is set", "auto", "always", "never")
	f.StringArrayVar(&o.grep, "grep", nil, "print records only whose payloads match this regular expression as they go out; more than once: all of them")
	f.StringArrayVar(&o.exclude, "exclude", nil, "print no records whose payloads match this regular expression")
	f.StringSliceVar(&o.shards, "shard", nil, "read these shards, and what they split and merge into, only")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "say nothing but errors on stderr")
	under(f, whatToRead, "since", "last", "count", "exit", "shard")
	under(f, whichOnes, "grep", "exclude")
	under(f, howTheyLook, "format", "output", "color", "quiet")
	return c
}

// job returns the job that c's flags and args describe, and what is seen of it.
func (o *consumeOptions) job(t *terminal, c *cobra.Command, args []string) (*job, *view, error) {
	flags, err := o.flags(c, args)
	if err != nil {
		return nil, nil, wrong(err)
	}
	conf, confErr := config.Load(config.Options{Flags: flags, Defaults: o.defaults()})
	v, err := o.view(t)
	if confErr == nil && err == nil {
		if err := o.pick(c.Context(), t, conf); err != nil {
			return nil, nil, err
		}
	}
	if err := errors.Join(confErr, o.check(conf), err); err != nil {
		return nil, nil, wrong(err)
	}
	j, err := newJob(t, conf, nil, *o.stages)
	if err != nil {
		return nil, nil, err
	}
	j.notice = func(text string) {
		if !o.quiet { // names in it may be those of a payload
			fmt.Fprintf(t.err, "kstream: %s\n", safe([]byte(text)))
		}
	}
	return j, v, nil
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
	if _, o.fromGiven = flags["from"]; o.last > 0 && !o.fromGiven {
		flags["from"] = "oldest" // which no --until is before
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
	case o.count > 0 && conf.Run.StateDir != "":
		return errors.New("-n ends in the middle of what was read, which a checkpoint in --state-dir would then pass over: give one of them")
	case conf.Source.From.Shard != "" && len(conf.Source.Streams) > 1:
		return errors.New("--from SHARD:SEQUENCE goes with one stream")
	case conf.Source.From.Shard != "" && o.shards != nil && !slices.Contains(o.shards, conf.Source.From.Shard):
		return fmt.Errorf("--from is in %s, and --shard names another", conf.Source.From.Shard)
	}
	return o.checkLast(conf)
}
