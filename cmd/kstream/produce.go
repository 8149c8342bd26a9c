package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/time/rate"

	"github.com/kstream/kstream/internal/awsclient"
	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/internal/synthetic"
	"github.com/kstream/kstream/pkg/record"
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
		Args: cobra.MaximumNArgs(1),
	}
	variableFlags(c, false)
	f := c.Flags()
	f.StringVar(&o.generate, "generate", "", "make records up: "+join(synthetic.Kinds(), " or "))
	f.StringVar(&o.rate, "rate", "", "records a second, such as 500/s; not given: 100/s of made-up ones, lines as they come")
	f.Int64VarP(&o.count, "count", "n", 0, "stop after this many records; 0 is no bound")
	f.BoolVar(&o.aggregate, "kpl", false, "pack records as the KPL does")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "do not say what got in")
	c.RunE = func(c *cobra.Command, args []string) error {
		flags := given(c)
		if len(args) == 1 {
			flags["stream"] = args[0]
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
	if o.rate != "" {
		if perSecond, err = parseRate(o.rate); err != nil {
			return nil, 0, err
		}
	}
	if o.generate == "" {
		return lines(t.in), perSecond, nil
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

// lines returns the lines of r, less their ends, spread over the stream's shards. A line may be as long as a record.
func lines(r io.Reader) func() (string, []byte, error) {
	const most = 10 << 20
	scanner := bufio.NewScanner(r)
	scanner.Buffer(make([]byte, 0, 1<<16), most)
	n := 0
	return func() (string, []byte, error) {
		if !scanner.Scan() {
			if err := scanner.Err(); err != nil {
				return "", nil, fmt.Errorf("reading line %d: %w", n+1, err)
			}
			return "", nil, io.EOF
		}
		n++
		return strconv.FormatInt(time.Now().UnixNano()+int64(n), 36), scanner.Bytes(), nil
	}
}

// produce writes until the input ends, enough has been written, or the terminal says stop; then it waits for what is
// under way.
func (o *produceOptions) produce(ctx context.Context, t *terminal, conf *config.Config, next func() (string, []byte, error), perSecond float64) error {
	stream := conf.Source.Streams[0]
	client, err := awsclient.New(ctx, clientConfig(conf.Source, stream))
	if err != nil {
		return err
	}
	const linger, inFlight, batch = 50 * time.Millisecond, 4, 1 << 20
	sink, err := sinkkinesis.Open(ctx, sinkkinesis.Config{
		Stream: stream, Aggregate: o.aggregate, BatchBytes: batch, Linger: linger, InFlight: inFlight, Log: newLogs(t.err, conf.Run).sampled,
	}, client)
	if err != nil {
		return err
	}
	defer sink.Close()
	p := &producer{sink: sink, next: next, most: o.count}
	if perSecond > 0 {
		p.limiter = rate.NewLimiter(rate.Limit(perSecond), max(1, int(perSecond/20)))
	}
	err = p.run(ctx, t.stop)
	if !o.quiet {
		fmt.Fprintf(t.err, "kstream: %d records and %d bytes are in %s\n", p.records, p.bytes, stream)
	}
	return err
}

// producer writes records to a sink and counts what got in.
type producer struct {
	sink           *sinkkinesis.Sink
	next           func() (string, []byte, error)
	limiter        *rate.Limiter // nil: as fast as they come
	most           int64         // 0: no bound
	records, bytes int64
}

func (p *producer) run(ctx, stop context.Context) error {
	writing, done := context.WithCancel(ctx)
	defer done()
	defer context.AfterFunc(stop, done)()
	written, bytes := int64(0), int64(0)
	var failed error
	for p.most == 0 || written < p.most {
		if p.limiter != nil && p.limiter.Wait(writing) != nil || stop.Err() != nil {
			break
		}
		key, data, err := p.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = p.write(ctx, key, data)
		}
		if err != nil {
			failed = err
			break
		}
		written, bytes = written+1, bytes+int64(len(data))
	}
	if _, err := p.sink.Prepare(ctx, record.Barrier{Final: true}); err != nil {
		return errors.Join(failed, err)
	}
	p.records, p.bytes = written, bytes
	return failed
}

func (p *producer) write(ctx context.Context, key string, data []byte) error {
	if err := p.sink.Check(data, []byte(key)); err != nil {
		return fmt.Errorf("a record can't be written: %w", err)
	}
	return p.sink.Write(ctx, &record.Chunk{Items: []record.Item{{Data: data, Key: []byte(key)}}})
}
