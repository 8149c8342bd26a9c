package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/cockroachdb/pebble/v2/vfs"
	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/checkpoint"
)

// store opens the checkpoints, waiting for their lock, or keeps them for as long as the process lives. What it returns gives
// them up.
func (j *job) store(ctx context.Context) (checkpoint.Store, func() error, error) {
	dir := j.conf.Run.StateDir
	switch {
	case dir == "" && j.plan.KeyedState():
		return j.scratch()
	case dir == "":
		return new(checkpoint.Memory), func() error { return nil }, nil
	}
	held, err := checkpoint.Lock(ctx, dir, func(holder string) {
		j.logs.whole.Info("the state folder is in use: waiting for it", zap.String("folder", dir), zap.String("by", holder))
	})
	if err != nil {
		return nil, nil, err
	}
	disk := j.disk(dir)
	disk.Held = held
	store, err := checkpoint.OpenDisk(disk)
	if err != nil {
		return nil, nil, errors.Join(err, held.Close())
	}
	return store, func() error { return errors.Join(store.Close(), held.Close()) }, nil
}

// scratch holds the keyed state of a run without STATE_DIR: it may outgrow memory, and lies in a folder of its own until the
// process ends.
func (j *job) scratch() (checkpoint.Store, func() error, error) {
	dir, remove, err := checkpoint.Scratch("")
	if err != nil {
		return nil, nil, fmt.Errorf("keeping the state of windows (TMPDIR, or a STATE_DIR, says where it may be): %w", err)
	}
	store, err := checkpoint.OpenDisk(j.disk(dir))
	if err != nil {
		return nil, nil, errors.Join(err, remove())
	}
	return store, func() error { return errors.Join(store.Close(), remove()) }, nil
}

// disk says how the database in dir is opened. What it caches is on top of STATE_MEMORY, an eighth of it: the filters
// and indexes of ten times as much state on disk.
func (j *job) disk(dir string) checkpoint.DiskConfig {
	c := checkpoint.DiskConfig{FS: vfs.Default, Dir: filepath.Clean(dir)}
	if j.plan.KeyedState() {
		const sorted = 16 << 20 // what a few seconds of changes come to, so that they lie in order in few files
		c.CacheBytes, c.MemTableBytes = int64(j.conf.Chain.StateMemory/8), sorted
	}
	c.Fatal = func(msg string) {
		j.logs.whole.Fatal(strings.TrimSpace(msg)) // exits with 1: what was saved before stays
	}
	return c
}
