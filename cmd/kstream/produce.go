package main

import (
	"context"
	"errors"
	"fmt"
	"os"
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
	form      string
	key       string
	aggregate bool
	quiet     bool
}

func newProduce(t *terminal) *cobra.Command {
	var o produceOptions
	c := &cobra.Command{
		Use:   "produce STREAM [FILE…]",
		Short: "Write lines of standard input or files, or made-up records, to a stream",
		Long: `Write the lines of files (.gz and .zst are unpacked), or of standard input, to a stream: each line is a record. A line of JSON
that says key and data, as ` + "`kstream consume -o json`" + ` prints it, is written with that key and that data; other lines get keys that
spread them over the shards, unless --key says how to make one. Records that the service refuses for the moment are sent again, in
the order of their keys. At the end it says what got in; exit status 1 if something did not.`,
		Example: `  echo '{"level":"error"}' | kstream produce logs --key level
  kstream produce logs events.jsonl.gz --rate 500/s
  kstream consume logs --from -1h -e -o json | kstream produce copy
  kstream produce logs --generate logs --rate 500/s`,
		Args: cobra.ArbitraryArgs,
	}
	variableFlags(c, "stream", "role-arn", "role-external-id", "log-level", "log-format")
	f := c.Flags()
	f.Lookup("stream").Usage = "the stream to write to, by name or ARN"
	under(f, ownFlags, "stream")
	choiceFlag(f, &o.generate, "generate", "", "", "make records up, of this kind", synthetic.Kinds()...)
	f.StringVar(&o.rate, "rate", "", "records a second, such as 500/s; not given: 100/s of made-up ones, lines as they come")
	f.Int64VarP(&o.count, "count", "n", 0, "stop after this many records; 0 is no bound")
	choiceFlag(f, &o.form, "format", "", "auto", "what lines are: payloads (lines), all with key and data (json), or auto: with "+
		"key and data where they have these and nothing else", forms...)
	f.StringVar(&o.key, "key", "", "the partition key: an expression over the fields of a JSON payload")
	f.BoolVar(&o.aggregate, "kpl", false, "pack records as the KPL does")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "do not say what got in")
	c.RunE = func(c *cobra.Command, args []string) error {
		flags := given(c)
		files := args
		if _, named := flags["stream"]; !named && len(args) > 0 {
			flags["stream"], files = args[0], args[1:]
		}
		conf, confErr := config.Load(config.Options{Flags: flags, Defaults: terminalDefaults()})
		if confErr == nil && len(conf.Source.Streams) != 1 {
			confErr = errors.New("which stream? `kstream produce STREAM` writes to one")
		}
		next, form, perSecond, err := o.input(t, files)
		if err := errors.Join(confErr, err); err != nil {
			return wrong(err)
		}
		return o.produce(c.Context(), t, conf, next, form, perSecond)
	}
	return c
}

// input returns what gives lines, what makes records of them, and how many a second there are to be, 0 for as many as come.
func (o *produceOptions) input(t *terminal, files []string) (next feed, f *form, perSecond float64, err error) {
	f = &form{name: o.form}
	if o.key != "" {
		if f.keys, err = newKeyer(o.key); err != nil {
			return nil, nil, 0, err
		}
	}
	if o.count < 0 {
		return nil, nil, 0, fmt.Errorf("-n can't be %d", o.count)
	}
	if o.rate != "" {
		if perSecond, err = parseRate(o.rate); err != nil {
			return nil, nil, 0, err
		}
	}
	if o.generate == "" {
		inputs, err := inputsOf(t, files)
		return readLines(t.stop, inputs), f, perSecond, err
	}
	if len(files) > 0 {
		return nil, nil, 0, fmt.Errorf("--generate makes records up, and %s has some: give one of them", files[0])
	}
	g, err := synthetic.New(o.generate, uint64(time.Now().UnixNano()))
	if err != nil {
		return nil, nil, 0, fmt.Errorf("--generate: %w", err)
	}
	if perSecond == 0 {
		perSecond = 100
	}
	f.name = "lines"
	return generated(g), f, perSecond, nil
}

// generated gives made-up records without end.
func generated(g *synthetic.Generator) feed {
	return func() ([]line, error) {
		key, data := g.Next(time.Now())
		return []line{{key: key, data: data}}, nil
	}
}

// inputsOf returns what files name, in their order: - and no file at all are standard input. A file that can't be read is
// said before anything is written.
func inputsOf(t *terminal, files []string) ([]input, error) {
	if len(files) == 0 {
		return []input{{in: t.in}}, nil
	}
	var list []input
	for _, name := range files {
		if name == "-" {
			list = append(list, input{in: t.in})
			continue
		}
		f, err := os.Open(name)
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("there is no file %s (what stands behind the stream's name are files to write to it)", name)
		} else if err != nil {
			return nil, err
		}
		info, err := f.Stat()
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, err
		}
		if info.IsDir() {
			return nil, fmt.Errorf("%s is a folder: name the files in it", name)
		}
		list = append(list, input{name: name})
	}
	return list, nil
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
func (o *produceOptions) produce(ctx context.Context, t *terminal, conf *config.Config, next feed, f *form, perSecond float64) error {
	stream := conf.Source.Streams[0]
	starting, started := context.WithCancel(ctx)
	defer started()
	defer context.AfterFunc(t.stop, started)() // a service that can't be reached is tried for ever
	client, err := awsclient.New(starting, clientConfig(conf.Source, stream))
	if err != nil {
		return err
	}
	p := newProducer(next, f, o.count, t.err)
	if perSecond > 0 {
		p.limiter = newLimiter(perSecond)
	}
	const linger, inFlight, batch = 50 * time.Millisecond, 4, 1 << 20
	p.sink, err = openStream(starting, sinkkinesis.Config{
		Stream: stream, Aggregate: o.aggregate, BatchBytes: batch, Linger: linger, InFlight: inFlight, Log: newLogs(t.err, conf.Run).sampled,
		Took: p.took.add, Again: p.took.repeat,
	}, client, func(text string) { fmt.Fprintln(t.err, "kstream: "+text) })
	if err != nil {
		if t.stop.Err() != nil && ctx.Err() == nil {
			return fmt.Errorf("stopped before stream %q could be opened: nothing was written", stream)
		}
		return err
	}
	defer p.sink.Close()
	err = p.runInSight(ctx, t, o.quiet)
	if !o.quiet {
		p.report(t.err, stream)
	}
	return err
}
