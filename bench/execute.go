package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// settings are the flags of all commands; each reads those it needs.
type settings struct {
	bytes   int64
	shards  int
	rounds  int
	kstream string

	url, stream, file string
	output            int64
	as                string

	keys     int
	limit    int64 // bytes
	interval time.Duration

	tips   []int // numbers of shards
	idling time.Duration
}

// commands are the program's own processes, by name. The one without a name measures and starts the others.
var commands = map[string]func(ctx context.Context, s *settings, in io.Reader, out, errOut io.Writer) error{
	"": measure, "serve": serve, "sdk": readWithSDK, "bodies": readBodies, "digest": printDigests,
	"live": live, "idle": atTheTip,
}

// execute runs the command line and returns its exit status: 2 for one that is wrong.
func execute(args []string, in io.Reader, out, errOut io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	name := ""
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
		name, args = args[0], args[1:]
	}
	run, ok := commands[name]
	if !ok {
		fmt.Fprintf(errOut, "bench: there is no command %q\n", name)
		return 2
	}
	s, err := parse(args, errOut)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintln(errOut, "bench: "+err.Error())
		return 2
	}
	if err := run(ctx, s, in, out, errOut); err != nil {
		fmt.Fprintln(errOut, "bench: "+err.Error())
		return 1
	}
	return 0
}

func parse(args []string, errOut io.Writer) (*settings, error) {
	s := new(settings)
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(errOut)
	f.Int64Var(&s.bytes, "bytes", 400_000_000, "payload in the stream")
	f.IntVar(&s.shards, "shards", 4, "shards of the stream")
	f.IntVar(&s.rounds, "rounds", 5, "rounds that count; one more comes before them, to warm up and to check what is written")
	f.StringVar(&s.kstream, "kstream", "bin/kstream", "the kstream that is measured")
	f.StringVar(&s.url, "url", "", "sdk, bodies: where Kinesis answers")
	f.StringVar(&s.stream, "stream", inStream, "sdk, bodies: what is read")
	f.StringVar(&s.file, "file", "", "sdk, bodies: what is written; digest: what is read")
	f.Int64Var(&s.output, "output", 0, "bodies: bytes to write")
	f.StringVar(&s.as, "as", "raw", "sdk: what is made of the records: raw, count, p99; digest: what is made of the lines: filter and map too, or several by commas")
	f.IntVar(&s.keys, "keys", 10_000_000, "live: keys that are held")
	f.DurationVar(&s.interval, "interval", 10*time.Second, "live: kstream's CHECKPOINT_INTERVAL")
	f.DurationVar(&s.idling, "idling", 30*time.Second, "idle: how long kstream is watched at the tip")
	tips := f.String("tips", "1,100,1000,10000", "idle: the numbers of shards, by commas")
	mib := f.Int64("limit", 512, "live: MiB of memory that kstream is given")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	s.limit = *mib << 20
	for tip := range strings.SplitSeq(*tips, ",") {
		n, err := strconv.Atoi(tip)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("-tips: %q is no number of shards", tip)
		}
		s.tips = append(s.tips, n)
	}
	switch {
	case f.NArg() > 0:
		return nil, fmt.Errorf("what is %q?", f.Arg(0))
	case s.keys < 1000 || *mib < 64:
		return nil, errors.New("-keys is at least 1000, -limit at least 64")
	case s.bytes < eventBytes || s.shards < 1 || s.rounds < 1:
		return nil, fmt.Errorf("-bytes is at least %d, -shards and -rounds are at least 1", eventBytes)
	}
	return s, nil
}
