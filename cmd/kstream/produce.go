package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kstream/kstream/internal/awsclient"
	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/internal/synthetic"
	sinkkinesis "github.com/kstream/kstream/pkg/sink/kinesis"
)

// produceOptions are the flags that only produce has.
type produceOptions struct {
	generate  string
	rate      string
	count     int64
	aggregate bool
	quiet     bool
}

func newProduce(t *terminal) *cobra.Command {
	var o produceOptions
	c := &cobra.Command{
		Use:   "produce STREAM",
		Short: "Write lines of standard input, or made-up records, to a stream",
		Example: `  echo '{"level":"error"}' | kstream produce logs
  kstream produce logs --generate logs --rate 500/s`,
		Args: atMost(1),
	}
	variableFlags(c, "stream", "role-arn", "role-external-id", "log-level", "log-format")
	f := c.Flags()
	choiceFlag(f, &o.generate, "generate", "", "", "make records up, of this kind", synthetic.Kinds()...)
	f.StringVar(&o.rate, "rate", "", "records a second, such as 500/s; not given: 100/s of made-up ones, lines as they come")
	f.Int64VarP(&o.count, "count", "n", 0, "stop after this many records; 0 is no bound")
	f.BoolVar(&o.aggregate, "kpl", false, "pack records as the KPL does")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "do not say what got in")
	c.RunE = func(c *cobra.Command, args []string) error {
		flags := given(c)
		if err := streamArgument(flags, args); err != nil {
			return wrong(err)
		}
		conf, err := config.Load(config.Options{Flags: flags, Defaults: terminalDefaults()})
		if err != nil {
			return err
		}
		if len(conf.Source.Streams) != 1 {
			return wrong(errors.New("which stream? `kstream produce STREAM` writes to one"))
		}
		next, perSecond, err := o.input(t)
		if err != nil {
			return wrong(err)
		}
		return o.produce(c.Context(), t, conf, next, perSecond)
	}
	return c
}

// input returns what makes records, and how many a second there are to be, 0 for as many as come.
func (o *produceOptions) input(t *terminal) (next func() (key string, data []byte, err error), perSecond float64, err error) {
	if o.count < 0 {
		return nil, 0, fmt.Errorf("-n can't be %d", o.count)
	}
	if o.rate != "" {
		if perSecond, err = parseRate(o.rate); err != nil {
			return nil, 0, err
		}
	}
	if o.generate == "" {
		return lines(t.stop, t.in), perSecond, nil
	}
	g, err := synthetic.New(o.generate, uint64(time.Now().UnixNano()))
	if err != nil {
		return nil, 0, fmt.Errorf("--generate: %w", err)
	}
	if perSecond == 0 {
		perSecond = 100
	}
	return func() (string, []byte, error) {
		key, data := g.Next(time.Now())
		return key, data, nil
	}, perSecond, nil
}

// parseRate reads 500/s, 30/m or 500.
func parseRate(s string) (float64, error) {
	number, unit, _ := strings.Cut(s, "/")
	n, err := strconv.ParseFloat(number, 64)
	per := map[string]float64{"": 1, "s": 1, "m": 60, "h": 3600}[unit]
	if err != nil || per == 0 || !(n > 0) || n > 1e6 {
		return 0, fmt.Errorf("--rate: %q is no rate: write it as 500/s or 30/m", s)
	}
	return n / per, nil
}

// produce writes until the input ends, enough has been written, or the terminal says stop; then it waits for what is
// under way, until ctx ends. It says what got in whatever becomes of it.
func (o *produceOptions) produce(ctx context.Context, t *terminal, conf *config.Config, next func() (string, []byte, error), perSecond float64) error {
	stream := conf.Source.Streams[0]
	starting, started := context.WithCancel(ctx)
	defer started()
	defer context.AfterFunc(t.stop, started)() // a service that can't be reached is tried for ever
	client, err := awsclient.New(starting, clientConfig(conf.Source, stream))
	if err != nil {
		return err
	}
	p := &producer{next: next, most: o.count, noun: "line"}
	if o.generate != "" {
		p.noun = "record"
	}
	const linger, inFlight, batch = 50 * time.Millisecond, 4, 1 << 20
	p.sink, err = sinkkinesis.Open(starting, sinkkinesis.Config{
		Stream: stream, Aggregate: o.aggregate, BatchBytes: batch, Linger: linger, InFlight: inFlight, Log: newLogs(t.err, conf.Run).sampled,
		Took: p.took,
	}, client)
	if err != nil {
		if t.stop.Err() != nil && ctx.Err() == nil {
			return fmt.Errorf("stopped before the stream could be opened: %w", err)
		}
		return explain(ctx, err, clientConfig(conf.Source, stream), stream)
	}
	defer p.sink.Close()
	if perSecond > 0 {
		p.limiter = newLimiter(perSecond)
	}
	err = p.run(ctx, t.stop)
	if !o.quiet {
		fmt.Fprintf(t.err, "kstream: %s\n", p.report(stream))
	}
	return err
}
