package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/internal/quantity"
	"github.com/kstream/kstream/pkg/awserror"
)

// lagOptions are the flags that only lag has.
type lagOptions struct {
	addr, stateDir, group string // where to look; one of them
	stream, output        string
	watch                 bool
	interval              time.Duration // between two looks
	most                  string        // --max
}

// watchInterval is how often --watch looks anew.
const watchInterval = 2 * time.Second

func newLag(t *terminal) *cobra.Command {
	var o lagOptions
	c := &cobra.Command{
		Use:   "lag [STREAM]",
		Short: "Show how far each shard is behind",
		Long: `Shows for each shard how far behind the tip it is in time, how long its next records are still kept, and the sequence number
that was handled last.

It asks the running kstream at --addr (KSTREAM_HTTP_ADDR unless said); or, with --state-dir, looks into the folder of one that does
not run, which falls behind for as long as it stands still. Whether a shard is closed is asked of the stream, and not said where that
does not answer within a second.

With --group it reads the DynamoDB lease table of an application that uses the Kinesis Client Library, 2.x or 3.x, and asks the
stream for the first record behind each checkpoint. That is one call of GetRecords for each shard and look, out of the five a second
that a shard allows; --read-share makes looks rarer. A lease that does not change while --watch looks has a worker that is gone. Where
the table does not say which stream it is about, name it. It takes dynamodb:DescribeTable and Scan, and kinesis:DescribeStreamSummary,
ListShards, GetShardIterator and GetRecords.`,
		Example: `  kstream lag --addr 127.0.0.1:8080 --watch
  kstream lag --state-dir /var/lib/kstream --max 6h || echo 'start it again'
  kstream lag orders --group orders-app -o json | jq -r 'select(.behind_seconds > 60).shard'`,
		Args: atMost(1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.stream = args[0]
			}
			look, err := o.look(c, t)
			if err != nil {
				return err
			}
			return o.show(c.Context(), t, look)
		},
	}
	f := c.Flags()
	f.StringVar(&o.addr, "addr", "", "host:port at which a running kstream serves its status")
	f.StringVar(&o.stateDir, "state-dir", "", "the folder of a kstream that does not run")
	f.StringVar(&o.group, "group", "", "a KCL application's name, which is that of its lease table in DynamoDB")
	choiceFlag(f, &o.output, "output", "o", "table", "wide has more columns, json is an object a shard", "table", "wide", "json")
	f.BoolVar(&o.watch, "watch", false, "look again every 2s, until Ctrl-C")
	f.StringVar(&o.most, "max", "", "exit with 3 if a shard is further behind, or it is not known how far")
	variableFlags(c, "read-share", "role-arn", "role-external-id", "log-level", "log-format")
	return c
}

// look returns what finds out how the shards stand.
func (o *lagOptions) look(c *cobra.Command, t *terminal) (func(context.Context) (*lag, error), error) {
	if o.most != "" {
		if _, err := config.ParseDuration(o.most); err != nil {
			return nil, wrong(fmt.Errorf("--max: %w", err))
		}
	}
	if o.addr != "" && o.stateDir != "" || o.group != "" && o.addr+o.stateDir != "" {
		return nil, wrong(errors.New("--addr asks a running kstream, --state-dir looks at one that does not run, and --group at a lease table: give one of them"))
	}
	o.interval = watchInterval
	conf, err := config.Load(config.Options{Flags: given(c), Defaults: terminalDefaults()})
	if err != nil {
		return nil, err
	}
	open := &openness{source: conf.Source}
	switch {
	case o.stateDir != "":
		return open.beside(func(ctx context.Context) (*lag, error) { return lagOfFolder(ctx, c, t, conf.Source) }), nil
	case o.group != "":
		g, err := newGroupLag(c.Context(), o.group, o.stream, conf.Source, t.err)
		if err != nil {
			return nil, err
		}
		o.interval = g.interval()
		return g.look, nil
	}
	addr := o.addr
	if addr == "" {
		if addr, err = healthAddr(c); err != nil {
			return nil, err
		}
	}
	return open.beside(func(ctx context.Context) (*lag, error) { return lagOfRun(ctx, addr) }), nil
}

// show prints what look finds, once or until the terminal says stop.
func (o *lagOptions) show(ctx context.Context, t *terminal, look func(context.Context) (*lag, error)) error {
	for {
		l, err := look(ctx)
		if o.watch && t.stop.Err() != nil && errors.Is(err, context.Canceled) {
			return nil // the look that the stop cut off has nothing to say
		}
		if err == nil {
			l.narrow(o.stream)
			err = o.print(t, l)
		}
		var status *statusError
		switch {
		case !o.watch || errors.As(err, &status) || err != nil && readerGone(err):
			return err
		case err != nil:
			fmt.Fprintln(t.err, "kstream: "+awserror.Text(err)) // it may be starting anew
		}
		select {
		case <-t.stop.Done():
			return nil
		case <-time.After(o.interval):
		}
	}
}

// print prints l, and says whether it is within --max.
func (o *lagOptions) print(t *terminal, l *lag) error {
	if o.watch && o.output != "json" && isTerminal(t.out) {
		const home, wipe = "\x1b[H", "\x1b[2J"
		fmt.Fprint(t.out, wipe+home)
	}
	var err error
	if o.output == "json" {
		err = printJSON(t.out, l.rows)
	} else {
		err = l.table(t.out, o.output == "wide")
	}
	if err != nil || o.most == "" {
		return err
	}
	return o.judge(l)
}

// judge returns what is further behind than --max allows.
func (o *lagOptions) judge(l *lag) error {
	most, err := config.ParseDuration(o.most)
	if err != nil {
		return err
	}
	if len(l.rows) == 0 {
		return &statusError{exitCheck, errors.New("no shard is being read: how far behind it is isn't known")}
	}
	var worst *lagRow
	for i := range l.rows {
		r := &l.rows[i]
		switch {
		case r.State == lagEnded || r.State == lagWaits || r.State == lagGone:
		case r.Behind == nil:
			return &statusError{exitCheck, fmt.Errorf("%s/%s: how far behind it is isn't known yet", r.Stream, r.Shard)}
		case worst == nil || cmp.Compare(*r.Behind, *worst.Behind) > 0:
			worst = r
		}
	}
	if worst == nil || *worst.Behind <= most.Seconds() {
		return nil
	}
	return &statusError{exitCheck, fmt.Errorf("%s/%s is %s behind, more than --max %s", worst.Stream, worst.Shard, quantity.Span(*worst.Behind), o.most)}
}
