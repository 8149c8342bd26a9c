package checkpoint

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// What DiskConfig's zeros stand for: enough for positions, which are read once, and for little state.
const (
	defaultCacheBytes    = 8 << 20
	defaultMemTableBytes = 8 << 20
)

// memTables is how many memtables there may be: one that is written to, and one on its way to the disk.
const memTables = 2

// bloomBits is how many bits a key the filters take: one look in a hundred for a key that is not there reads the disk. Most
// looks are such, since a key's first record finds nothing.
const bloomBits = 10

// fileBytes is how large files get. A file has one filter, which is read and kept as a whole: of 128 MiB, as Pebble's lowest
// level would have them, it is larger than the cache's parts.
const fileBytes = 4 << 20

// DiskConfig is what OpenDisk needs.
type DiskConfig struct {
	FS vfs.FS
	// Dir is the state folder, made where it is missing. The caller holds its lock.
	Dir string
	// Held is that lock. A save fails where it is no longer the folder's; nil is not looked at.
	Held *Held
	// CacheBytes is how much of what lies on disk is kept in memory, filters and indexes included. 0: 8 MiB.
	CacheBytes int64
	// MemTableBytes is how much is sorted in memory before it becomes a file; two such may be in memory on top of the
	// cache, and a batch of more than half of it becomes a file by itself. 0: 8 MiB.
	MemTableBytes uint64
	// ReadOnly writes nothing, and fails where there is no database.
	ReadOnly bool
	// Fatal is called, from any goroutine, when the disk refuses what has begun to be written: it must not return.
	Fatal func(msg string)
}

// OpenDisk opens the database of a state folder. One that can't be read is an error, and is left as it is.
func OpenDisk(c DiskConfig) (*Disk, error) {
	dir := filepath.Join(c.Dir, "db")
	if _, err := c.FS.Stat(dir); c.ReadOnly && errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("opening the state in %s: nothing was saved there", c.Dir)
	}
	memTable := orDefault(c.MemTableBytes, defaultMemTableBytes)
	// Pebble takes its memtables out of the cache's budget, which nothing would be left of: those that are written, and as
	// many that iterators hold until the next save.
	cacheBytes := orDefault(c.CacheBytes, defaultCacheBytes)
	cache := pebble.NewCache(cacheBytes + 2*memTables*int64(memTable))
	defer cache.Unref()
	o := &pebble.Options{
		FS:                          c.FS,
		ReadOnly:                    c.ReadOnly,
		Cache:                       cache,
		MemTableSize:                memTable,
		MemTableStopWritesThreshold: memTables,
		FormatMajorVersion:          pebble.FormatNewest,
		// The second compaction is for when writes outrun the first: the chain needs the cores more.
		CompactionConcurrencyRange: func() (lower, upper int) { return 1, 2 },
		Logger:                     quiet{c.Fatal},
		// A flush that fails, on a full disk, is tried again at once and for ever, in Open too: no use, and a whole core.
		EventListener: &pebble.EventListener{BackgroundError: func(err error) { c.Fatal("writing the state: " + err.Error()) }},
	}
	for i := range o.Levels {
		o.Levels[i].FilterPolicy = bloom.FilterPolicy(bloomBits)
		o.TargetFileSizes[i] = fileBytes
	}
	db, err := pebble.Open(dir, o)
	if err != nil {
		return nil, fmt.Errorf("opening the state in %s: %w", c.Dir, readable(err))
	}
	d := &Disk{db: db, held: c.Held, looks: looks{cacheBytes: cacheBytes}}
	d.looks.filters = d.looks.filtersFit(db)
	return d, nil
}

func orDefault[T int64 | uint64](n, otherwise T) T {
	if n == 0 {
		return otherwise
	}
	return n
}

// readable puts Pebble's errors into a person's words where it can.
func readable(err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w (the folder must be writable by the user that kstream runs as)", err)
	case pebble.IsCorruptionError(err):
		return fmt.Errorf("the database is damaged, and is left as it is: restore it from a copy, or start over with another STATE_DIR: %w", err)
	}
	return err
}

// quiet keeps Pebble's own log, which speaks of compactions, away from the user.
type quiet struct{ fatal func(msg string) }

func (quiet) Infof(string, ...any)  {}
func (quiet) Errorf(string, ...any) {}
func (q quiet) Fatalf(format string, args ...any) {
	q.fatal(fmt.Sprintf("writing the state: "+format, args...))
	panic("unreachable: fatal returned")
}
