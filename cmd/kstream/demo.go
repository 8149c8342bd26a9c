package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/internal/synthetic"
	"github.com/kstream/kstream/pkg/kinesislocal"
)

// demoChains are what the four demos do with their records.
var demoChains = map[string]string{
	"logs":   `filter level == "error" | map ts, service, status, latency_ms, message`,
	"iot":    `filter temperature_c > 22 | map ts, device_id, site, fahrenheit = temperature_c * 1.8 + 32`,
	"quotes": `filter symbol in ["AMZN", "SAP"] | map ts, symbol, last, spread = round((ask - bid) * 100) / 100`,
	"posts":  `filter lang == "en" && author.followers > 1000 | encode text "{author.name}: {text} ({likes} likes)"`,
}

type demoOptions struct {
	kind     string
	serve    bool
	addr     string
	rate     string
	duration time.Duration
	faults   []string
}

func newDemo(t *terminal) *cobra.Command {
	var o demoOptions
	c := &cobra.Command{
		Use:   "demo [logs|iot|quotes|posts]",
		Short: "See it work, without AWS: an embedded Kinesis, a producer, and a pipeline over it",
		Example: `  kstream demo iot
  kstream demo --serve        leaves the endpoint up for the other commands`,
		Args: atMost(1), ValidArgs: synthetic.Kinds(),
		RunE: func(c *cobra.Command, args []string) error {
			o.kind = "logs"
			if len(args) == 1 {
				o.kind = args[0]
			}
			return o.run(c.Context(), t)
		},
	}
	f := c.Flags()
	f.BoolVar(&o.serve, "serve", false, "only make the stream and feed it, so that other commands can be tried against it")
	f.StringVar(&o.addr, "addr", "127.0.0.1:0", "where the embedded Kinesis listens; port 0 is any that is free (--serve: 4567)")
	f.StringVar(&o.rate, "rate", "50/s", "records a second that are fed into it")
	f.DurationVar(&o.duration, "for", 0, "stop after this time; 0 is when you stop it")
	f.StringArrayVar(&o.faults, "fault", nil, "let calls fail, such as 'GetRecords times=3 error=ProvisionedThroughputExceededException'")
	return c
}

func (o *demoOptions) run(ctx context.Context, t *terminal) error {
	generator, err := synthetic.New(o.kind, uint64(time.Now().UnixNano()))
	if err != nil {
		return wrong(err)
	}
	perSecond, err := parseRate(o.rate)
	if err != nil {
		return wrong(err)
	}
	if o.serve && o.addr == "127.0.0.1:0" {
		o.addr = "127.0.0.1:4567"
	}
	server, err := o.server()
	if err != nil {
		return err
	}
	defer server.Close()
	// The demo's own clients find the server by the SDK's variables, as a user's would.
	for name, value := range demoVariables(server) {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	if o.duration > 0 {
		stop, cancel := context.WithTimeout(t.stop, o.duration)
		defer cancel()
		t = &terminal{t.in, t.out, t.err, stop, t.abandoned}
	}
	feed := produceOptions{quiet: true}
	g, ctx := errgroup.WithContext(ctx)
	fed, stopFeeding := context.WithCancel(t.stop)
	defer stopFeeding()
	g.Go(func() error {
		feeder := &terminal{t.in, t.out, t.err, fed, t.abandoned}
		conf := &config.Config{Source: config.Source{Streams: []string{o.kind}}, Run: config.Run{LogLevel: "error"}}
		return feed.produce(ctx, feeder, conf, generated(generator), &form{name: "lines"}, perSecond)
	})
	g.Go(func() error {
		defer stopFeeding()
		o.explain(t, server)
		if o.serve {
			<-t.stop.Done()
			return nil
		}
		return o.consume(ctx, t)
	})
	return g.Wait()
}

// server starts the embedded Kinesis with one stream of two shards. It forgets its oldest records rather than grow.
func (o *demoOptions) server() (*kinesislocal.Server, error) {
	const most = 256 << 20
	server, err := kinesislocal.New(kinesislocal.Config{Addr: o.addr, MaxBytes: most})
	if err != nil {
		return nil, err
	}
	faults, err := kinesislocal.ParseFaults(strings.Join(o.faults, "\n"))
	if err != nil {
		return nil, wrong(fmt.Errorf("--fault: %w", err))
	}
	for _, f := range faults {
		if _, err := server.Inject(f); err != nil {
			return nil, wrong(fmt.Errorf("--fault: %w", err))
		}
	}
	if err := server.CreateStream(o.kind, 2); err != nil {
		return nil, err
	}
	return server, server.Start()
}

func demoVariables(server *kinesislocal.Server) map[string]string {
	return map[string]string{
		"AWS_ENDPOINT_URL_KINESIS": server.URL(), "AWS_REGION": server.Region(),
		"AWS_ACCESS_KEY_ID": "demo", "AWS_SECRET_ACCESS_KEY": "demo",
	}
}

// consume runs the demo's pipeline as `kstream consume` would.
func (o *demoOptions) consume(ctx context.Context, t *terminal) error {
	args := []string{"consume", o.kind, "--from", "oldest", "--poll-interval", "200ms", "--operators", demoChains[o.kind]}
	root := newRoot(t)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// explain says on stderr what is to be seen, and how to do the same to one's own stream.
func (o *demoOptions) explain(t *terminal, server *kinesislocal.Server) {
	w := t.err
	number, unit, _ := strings.Cut(o.rate, "/")
	every := map[string]string{"": "a second", "s": "a second", "m": "a minute", "h": "an hour"}[unit]
	fmt.Fprintf(w, "An embedded Kinesis listens on %s. %s made-up %s %s go into its stream %q, two shards.\n", server.URL(), number, o.kind, every, o.kind)
	if o.serve {
		fmt.Fprintf(w, "\nIn another terminal:\n\n  export AWS_ENDPOINT_URL_KINESIS=%s AWS_REGION=%s AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo\n", server.URL(), server.Region())
		fmt.Fprintf(w, "  kstream streams\n  kstream consume %s --from oldest --operators '%s'\n\nCtrl-C ends it.\n", o.kind, demoChains[o.kind])
		return
	}
	fmt.Fprintf(w, `kstream reads them, runs this chain, and prints what comes out:

  %s

The same over a stream of yours:

  export AWS_REGION=eu-west-1
  export KSTREAM_STREAM=your-stream
  export KSTREAM_OPERATORS='%s'
  kstream run

Ctrl-C ends it.

`, strings.ReplaceAll(demoChains[o.kind], " | ", "\n  | "), demoChains[o.kind])
}
