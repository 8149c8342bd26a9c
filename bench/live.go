package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/kstream/kstream/pkg/kinesislocal"
)

// liveChain keeps every key alive: its window ends in 2069.
const liveChain = `timestamp ts | key_by device | window tumbling 36500d | aggregate events = count(), slowest = max(latency_ms)`

const (
	// ahead is how many records may be in the stream that kstream has not read: several pages of each shard.
	ahead = 200_000
	// heldBytes bounds what the server holds: many times what may be unread, so that it drops only what has been read.
	heldBytes = 256 << 20
	// chunk is how many records are put between two looks at how far kstream is.
	chunk = 5_000
)

// live has a kstream of a container's size hold more keys than its memory, and prints what that takes: to bring them in, to
// change some of them between two checkpoints, and to start again. It fails where the container would have been killed, or
// a key is missing.
func live(ctx context.Context, s *settings, _ io.Reader, out, errOut io.Writer) (err error) {
	kstream, err := filepath.Abs(s.kstream)
	if err != nil {
		return err
	}
	busy := observe()
	version, err := versionOf(ctx, kstream)
	if err != nil {
		return fmt.Errorf("%w (make build makes it)", err)
	}
	dir, err := os.MkdirTemp("", "kstream-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	server, err := kinesislocal.New(kinesislocal.Config{Limits: &kinesislocal.Limits{}, MaxBytes: heldBytes})
	if err != nil {
		return err
	}
	if err := errors.Join(server.CreateStream(inStream, s.shards), server.Start()); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	l := &liveRun{
		settings: s, server: server, errOut: errOut,
		box: box{kstream: kstream, dir: dir, url: server.URL(), limit: s.limit, interval: s.interval},
	}
	err = l.run(ctx)
	if len(l.steps) == 0 {
		return err
	}
	fmt.Fprintf(out, "%s\n%s\n%s\n%s", busy.report(version), l.scene(), l.table(), l.startTable())
	return err
}

// liveRun is one run of live.
type liveRun struct {
	*settings
	server *kinesislocal.Server
	errOut io.Writer
	box    box
	put    int // records so far
	steps  []*step
	starts []time.Duration // until each start was ready
}

func (l *liveRun) run(ctx context.Context) (err error) {
	if err := l.start(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.box.kill()) }()
	if err := l.do(ctx, "all keys come in", l.keys, 1); err != nil {
		return err
	}
	for _, part := range []int{0, 1000, 100, 10} {
		name, n := "nothing changes", 0
		if part > 0 {
			n = l.keys / part
			name = fmt.Sprintf("%v %% of the keys change", 100/float64(part))
		}
		if err := l.box.nextCheckpoint(ctx); err != nil {
			return err
		}
		if err := l.do(ctx, name, n, part); err != nil {
			return err
		}
	}
	if err := l.box.stop(); err != nil {
		return err
	}
	if err := l.start(ctx); err != nil {
		return err
	}
	return errors.Join(l.check(), l.box.stop())
}

func (l *liveRun) start(ctx context.Context) error {
	fmt.Fprintln(l.errOut, "starting kstream")
	took, err := l.box.start(ctx)
	l.starts = append(l.starts, took)
	return err
}

// check looks whether what had to be there is: every key, in the memory of a container.
func (l *liveRun) check() error {
	if got := l.box.now().keys; got != int64(l.keys) {
		return fmt.Errorf("kstream has %d keys, and not %d", got, l.keys)
	}
	if got := l.box.peak(); got > l.limit {
		return fmt.Errorf("kstream took up to %d MiB of memory: a container of %d MiB would have been killed", got>>20, l.limit>>20)
	}
	return nil
}

// do puts a record for each of n keys, evenly spread over all of them, waits until all have been handled and saved, and
// keeps what that took.
func (l *liveRun) do(ctx context.Context, name string, n, every int) error {
	fmt.Fprintln(l.errOut, name)
	st := &step{name: name, records: n, before: l.box.mark()}
	for i := range n {
		if i%chunk == 0 {
			if err := l.box.read(ctx, l.put-ahead); err != nil {
				return err
			}
		}
		key := fmt.Sprintf("d%08d", l.device(i*every))
		data := fmt.Appendf(nil, `{"ts":%q,"device":%q,"latency_ms":%d}`, epoch.Add(time.Duration(l.put)*time.Millisecond).Format(time.RFC3339Nano), key, l.put%997)
		if _, _, err := l.server.Put(inStream, key, data); err != nil {
			return err
		}
		l.put++
	}
	if err := l.box.read(ctx, l.put); err != nil {
		return err
	}
	st.handled = l.box.now()
	if err := l.box.nextCheckpoint(ctx); err != nil {
		return err
	}
	st.after = l.box.mark()
	for _, save := range l.box.savesFrom(st.before.saves) {
		st.saves = append(st.saves, save.took)
	}
	l.steps = append(l.steps, st)
	return nil
}

// device scatters the keys: no two neighbours in the stream are neighbours on disk, or in one shard.
func (l *liveRun) device(i int) int {
	const prime = 179_424_673
	return int(int64(i) * prime % int64(l.keys))
}
