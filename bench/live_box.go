package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	// glance is how often the box is looked at.
	glance = 100 * time.Millisecond
	// livePoll is kstream's POLL_INTERVAL: its share of calls is no limit here.
	livePoll = 20 * time.Millisecond
	// liveIdle ends a run in which nothing moves.
	liveIdle = 2 * time.Minute
)

// box is a kstream as it would run in a container of limit bytes, and what is seen of it from outside. One goroutine looks,
// one uses it.
type box struct {
	kstream, dir, url string
	limit             int64
	interval          time.Duration // between checkpoints

	process *exec.Cmd
	errOut  bytes.Buffer
	metrics string
	stopped context.CancelFunc
	watcher sync.WaitGroup

	mu    sync.Mutex
	seen  view          // guarded by mu
	saves []save        // all checkpoints seen; guarded by mu
	most  int64         // bytes resident since the last mark; guarded by mu
	high  int64         // the most bytes resident, by the kernel's count; guarded by mu
	moved chan struct{} // closed, and made anew, at each view; guarded by mu
}

// save is a checkpoint.
type save struct {
	took  time.Duration
	begun time.Time // at the earliest
}

// view is what was seen at one time.
type view struct {
	at          time.Time
	cpu         time.Duration
	resident    int64
	disk        int64
	read        int64
	keys        int64
	checkpoints float64
	checkpointS float64 // seconds, in all
}

// start starts kstream and returns how long it was until it was ready to read.
func (b *box) start(ctx context.Context) (time.Duration, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return 0, err
	}
	part := strconv.FormatInt(b.limit/4>>20, 10) + "MiB" // what kstream takes by itself in a container
	b.process = exec.CommandContext(ctx, b.kstream, "run")
	b.process.Env = environment(map[string]string{
		"KSTREAM_STREAM": inStream, "KSTREAM_POLL_INTERVAL": livePoll.String(), "KSTREAM_HTTP_ADDR": address, "KSTREAM_LOG_LEVEL": "warn",
		"KSTREAM_OPERATORS": liveChain, "KSTREAM_SINK": "file", "KSTREAM_FILE_PATH": written(b.dir), "KSTREAM_STATE_DIR": b.state(),
		"KSTREAM_CHECKPOINT_INTERVAL": b.interval.String(), "KSTREAM_BUFFER": part, "KSTREAM_STATE_MEMORY": part, "GOMEMLIMIT": strconv.FormatInt(b.limit/10*9, 10),
		"AWS_ENDPOINT_URL": b.url, "AWS_REGION": region, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
	})
	b.errOut.Reset()
	b.process.Stderr = &b.errOut
	began := time.Now()
	if err := b.process.Start(); err != nil {
		return 0, fmt.Errorf("starting kstream: %w", err)
	}
	b.metrics = "http://" + address + "/metrics"
	if err := ready(ctx, "http://"+address+"/readyz"); err != nil {
		return 0, errors.Join(err, b.kill())
	}
	took := time.Since(began)
	watching, cancel := context.WithCancel(ctx)
	b.stopped, b.moved, b.seen = cancel, make(chan struct{}), view{}
	if err := b.look(watching); err != nil {
		return 0, errors.Join(err, b.kill())
	}
	b.watcher.Go(func() { b.watch(watching) })
	return took, nil
}

func (b *box) state() string { return filepath.Join(b.dir, "state") }

// ready waits until kstream is.
func ready(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
		if err != nil {
			return err
		}
		answer, err := http.DefaultClient.Do(r)
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		if err := pause(ctx, glance/5); err != nil {
			return fmt.Errorf("waiting for kstream to be ready: %w", err)
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// watch looks until ctx ends. A look that fails is one that was not made: the process may just be gone.
func (b *box) watch(ctx context.Context) {
	for pause(ctx, glance) == nil {
		_ = b.look(ctx)
	}
}

func (b *box) look(ctx context.Context) error {
	v := view{at: time.Now()}
	m, err := scrape(ctx, b.metrics)
	if err != nil {
		return err
	}
	v.read, v.keys = int64(m["kstream_records_read_total"]), int64(m["kstream_state_keys"])
	v.checkpoints, v.checkpointS = m["kstream_checkpoint_duration_seconds_count"], m["kstream_checkpoint_duration_seconds_sum"]
	v.cpu = time.Duration(m["process_cpu_seconds_total"] * float64(time.Second))
	v.resident = int64(m["process_resident_memory_bytes"])
	v.disk = sizeOf(b.state())
	high, err := memoryOf(b.process.Process.Pid, "VmHWM") // the most that it has had at once
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if n := v.checkpoints - b.seen.checkpoints; n > 0 && !b.seen.at.IsZero() {
		took := time.Duration((v.checkpointS - b.seen.checkpointS) / n * float64(time.Second))
		for range int(n) {
			b.saves = append(b.saves, save{took, b.seen.at.Add(-took)})
		}
	}
	b.seen, b.most, b.high = v, max(b.most, v.resident), max(b.high, high)
	close(b.moved)
	b.moved = make(chan struct{})
	return nil
}

// sizeOf returns the bytes of the files below dir. Files may come and go meanwhile.
func sizeOf(dir string) (n int64) {
	_ = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil //nolint:nilerr // gone
		}
		if info, err := e.Info(); err == nil {
			n += info.Size()
		}
		return nil
	})
	return n
}

// now returns what was seen last.
func (b *box) now() view {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.seen
}

// peak returns the most memory that kstream has taken at once, over all its starts.
func (b *box) peak() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.high
}

// mark is a place between two steps.
type mark struct {
	view
	saves int   // how many there had been
	most  int64 // bytes resident since the mark before
}

func (b *box) mark() mark {
	b.mu.Lock()
	defer b.mu.Unlock()
	m := mark{b.seen, len(b.saves), b.most}
	b.most = b.seen.resident
	return m
}

// savesFrom returns the checkpoints behind the first n.
func (b *box) savesFrom(n int) []save {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.saves[n:len(b.saves):len(b.saves)]
}

// read waits until kstream has read n records since its first start.
func (b *box) read(ctx context.Context, n int) error {
	return b.until(ctx, fmt.Sprintf("kstream to read %d records", n), func(v *view) bool { return v.read >= int64(n) })
}

// nextCheckpoint waits until one has been saved that was begun after the call.
func (b *box) nextCheckpoint(ctx context.Context) error {
	from := time.Now()
	return b.until(ctx, "a checkpoint", func(*view) bool {
		n := len(b.saves)
		return n > 0 && b.saves[n-1].begun.After(from)
	})
}

// until waits for a view that will do; will is called with mu held.
func (b *box) until(ctx context.Context, what string, will func(v *view) bool) error {
	ctx, cancel := context.WithTimeout(ctx, liveIdle)
	defer cancel()
	for {
		b.mu.Lock()
		done, moved := will(&b.seen), b.moved
		b.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w: %s", what, ctx.Err(), strings.TrimSpace(b.errOut.String()))
		}
	}
}

// stop ends kstream as an orchestrator does.
func (b *box) stop() error {
	b.stopped()
	b.watcher.Wait()
	err := b.process.Process.Signal(syscall.SIGTERM)
	if ended := b.process.Wait(); ended != nil {
		err = errors.Join(err, fmt.Errorf("running kstream: %w: %s", ended, bytes.TrimSpace(b.errOut.Bytes())))
	}
	b.process = nil
	return err
}

// kill ends kstream if it still runs.
func (b *box) kill() error {
	if b.process == nil {
		return nil
	}
	if b.stopped != nil {
		b.stopped()
		b.watcher.Wait()
	}
	err := b.process.Process.Kill()
	_ = b.process.Wait() // it was killed
	b.process = nil
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}
