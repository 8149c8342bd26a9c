package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/kstream/kstream/pkg/kinesislocal"
)

// atTheTip has kstream read streams to which nothing is written, of more and more shards, and prints what that takes: to begin,
// and at the tip.
func atTheTip(ctx context.Context, s *settings, _ io.Reader, out, errOut io.Writer) error {
	kstream, err := filepath.Abs(s.kstream)
	if err != nil {
		return err
	}
	busy := observe()
	version, err := versionOf(ctx, kstream)
	if err != nil {
		return fmt.Errorf("%w (make build makes it)", err)
	}
	var rows []*idleRow
	for _, shards := range s.tips {
		fmt.Fprintf(errOut, "%d shards\n", shards)
		row, err := idleAt(ctx, kstream, shards, s.idling)
		if err != nil {
			return fmt.Errorf("reading %d shards at the tip: %w", shards, err)
		}
		rows = append(rows, row)
	}
	fmt.Fprintf(out, "%s\n%s", busy.report(version), idleTable(rows))
	return nil
}

// idleRow is what one number of shards took.
type idleRow struct {
	shards     int
	ready      time.Duration // from the start
	readyCPU   time.Duration
	lists      int64 // calls of ListShards until then
	cores      float64
	calls      float64 // of GetRecords, a second
	goroutines float64
	resident   int64
	anonymous  int64 // of it what is not the binary's pages, which all that run it share
}

// calls counts what the server is asked.
type calls struct{ lists, records atomic.Int64 }

func (c *calls) of(server *kinesislocal.Server) error {
	_, lists := server.Inject(kinesislocal.Fault{Operation: "ListShards", Do: func(kinesislocal.Call) { c.lists.Add(1) }})
	_, records := server.Inject(kinesislocal.Fault{Operation: "GetRecords", Do: func(kinesislocal.Call) { c.records.Add(1) }})
	return errors.Join(lists, records)
}

func idleAt(ctx context.Context, kstream string, shards int, watched time.Duration) (row *idleRow, err error) {
	server, err := kinesislocal.New(kinesislocal.Config{Limits: &kinesislocal.Limits{}})
	if err != nil {
		return nil, err
	}
	var asked calls
	if err := errors.Join(server.CreateStream(inStream, shards), asked.of(server), server.Start()); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	dir, err := os.MkdirTemp("", "kstream-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	p := exec.CommandContext(ctx, kstream, "run")
	p.Env = environment(map[string]string{
		"KSTREAM_STREAM": inStream, "KSTREAM_HTTP_ADDR": address, "KSTREAM_LOG_LEVEL": "warn", "KSTREAM_SINK": "file",
		"KSTREAM_FILE_PATH": written(dir), "KSTREAM_STATE_DIR": filepath.Join(dir, "state"),
		"AWS_ENDPOINT_URL": server.URL(), "AWS_REGION": region, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
	})
	var said bytes.Buffer
	p.Stderr = &said
	began := time.Now()
	if err := p.Start(); err != nil {
		return nil, fmt.Errorf("starting kstream: %w", err)
	}
	defer func() {
		ended := errors.Join(p.Process.Signal(syscall.SIGTERM), p.Wait())
		if ended != nil {
			err = errors.Join(err, fmt.Errorf("running kstream: %w: %s", ended, strings.TrimSpace(said.String())))
		}
	}()
	if err := ready(ctx, "http://"+address+"/readyz"); err != nil {
		return nil, err
	}
	row = &idleRow{shards: shards, ready: time.Since(began), lists: asked.lists.Load()}
	return row, row.watch(ctx, "http://"+address+"/metrics", p.Process.Pid, &asked, watched)
}

// watch looks at kstream when it is ready, and before and behind a while at the tip, for which it gives it a third of that while to
// settle: what a start leaves behind, garbage and connections, has gone then.
func (r *idleRow) watch(ctx context.Context, url string, pid int, asked *calls, while time.Duration) error {
	begun, err := scrape(ctx, url)
	if err != nil {
		return err
	}
	if err := pause(ctx, while/3); err != nil {
		return err
	}
	before, err := scrape(ctx, url)
	if err != nil {
		return err
	}
	from, records := time.Now(), asked.records.Load()
	if err := pause(ctx, while); err != nil {
		return err
	}
	after, err := scrape(ctx, url)
	if err != nil {
		return err
	}
	took := time.Since(from).Seconds()
	const cpu = "process_cpu_seconds_total"
	r.readyCPU = time.Duration(begun[cpu] * float64(time.Second))
	r.cores, r.calls = (after[cpu]-before[cpu])/took, float64(asked.records.Load()-records)/took
	r.goroutines = after["go_goroutines"]
	r.resident = int64(after["process_resident_memory_bytes"])
	r.anonymous, err = memoryOf(pid, "RssAnon")
	return err
}

// memoryOf returns the bytes that the kernel says of a process under that name.
func memoryOf(pid int, name string) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := bytes.Cut(text, []byte(name+":"))
	fields := strings.Fields(string(rest[:min(len(rest), 40)]))
	if len(fields) == 0 {
		return 0, fmt.Errorf("process %d does not say its %s", pid, name)
	}
	n, err := strconv.ParseInt(fields[0], 10, 64)
	return n << 10, err
}

func idleTable(rows []*idleRow) string {
	table := [][]string{{"shards", "ms to be ready", "CPU s to be ready", "ListShards", "cores at the tip", "calls/s", "goroutines", "MiB", "MiB of its own"}}
	for _, r := range rows {
		table = append(table, []string{
			thousands(float64(r.shards)), milliseconds(r.ready), fmt.Sprintf("%.2f", r.readyCPU.Seconds()), fmt.Sprint(r.lists),
			fmt.Sprintf("%.3f", r.cores), thousands(r.calls), thousands(r.goroutines), thousands(float64(r.resident >> 20)), thousands(float64(r.anonymous >> 20)),
		})
	}
	return markdown(table)
}
