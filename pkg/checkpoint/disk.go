package checkpoint

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"reflect"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/kstream/kstream/pkg/record"
)

// format is the version of what the keys hold. A database with a higher one was written by a newer kstream.
const format = 1

// Disk keeps the last checkpoint in a Pebble database: a save is one batch with one sync, which writes what changed and
// not what is there.
type Disk struct {
	db *pebble.DB
	// saved is what the database holds, so that a save can leave out what did not change.
	saved *Checkpoint
}

// meta is what of a checkpoint is small and has no key of its own.
type meta struct {
	Format     int                      `json:"format"`
	Epoch      record.Epoch             `json:"epoch"`
	From       record.Position          `json:"from"`
	Until      *Until                   `json:"until,omitempty"`
	Watermarks map[string]record.Millis `json:"watermarks,omitempty"`
	Counts     map[string]int64         `json:"counts,omitempty"`
	Chain      []string                 `json:"chain,omitempty"`
}

// OpenDisk opens the database in dir of fs, which is made where it is missing; the caller holds the folder's lock. A
// database that can't be read is an error, and is left as it is.
//
// fatal is called, from any goroutine, when the disk refuses what has begun to be written: it must not return.
func OpenDisk(fs vfs.FS, dir string, fatal func(msg string)) (*Disk, error) {
	const (
		cacheBytes    = 1 << 20 // positions are read once, at the start
		memTableBytes = 4 << 20
	)
	cache := pebble.NewCache(cacheBytes)
	defer cache.Unref()
	db, err := pebble.Open(filepath.Join(dir, "db"), &pebble.Options{
		FS:                 fs,
		Cache:              cache,
		MemTableSize:       memTableBytes,
		FormatMajorVersion: pebble.FormatNewest,
		Logger:             quiet{fatal},
		// A flush that fails, on a full disk, is tried again at once and for ever, in Open too: no use, and a whole core.
		EventListener: &pebble.EventListener{BackgroundError: func(err error) { fatal("writing the state: " + err.Error()) }},
	})
	if err != nil {
		return nil, fmt.Errorf("opening the state in %s: %w", dir, readable(err))
	}
	return &Disk{db: db}, nil
}

// readable puts Pebble's errors into a person's words where it can.
func readable(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w (the folder must be writable by the user that kstream runs as)", err)
	}
	if pebble.IsCorruptionError(err) {
		return fmt.Errorf("the database is damaged, and is left as it is: restore it from a copy, or start over with another STATE_DIR: %w", err)
	}
	return err
}

// Load returns what the database holds.
func (d *Disk) Load(context.Context) (*Checkpoint, error) {
	c, err := d.load()
	if err != nil {
		return nil, fmt.Errorf("reading the last checkpoint: %w", readable(err))
	}
	d.saved = c.clone()
	return c, nil
}

func (d *Disk) load() (*Checkpoint, error) {
	var m meta
	found, err := d.json([]byte(metaKey), &m)
	if err != nil || !found {
		return nil, err
	}
	if m.Format > format {
		return nil, fmt.Errorf("it has format %d, and this kstream knows no more than %d: it was written by a newer kstream", m.Format, format)
	}
	c := &Checkpoint{
		Epoch: m.Epoch, From: m.From, Until: m.Until, Watermarks: m.Watermarks, Counts: m.Counts, Chain: m.Chain,
		Partitions: map[record.PartitionID]record.State{},
		Outputs:    map[string]record.Token{},
	}
	err = d.scan(partitionPrefix, func(name string, value []byte) error {
		var s record.State
		if err := json.Unmarshal(value, &s); err != nil {
			return fmt.Errorf("partition %q: %w", name, err)
		}
		c.Partitions[record.PartitionID(name)] = s
		return nil
	})
	if err != nil {
		return nil, err
	}
	return c, d.scan(outputPrefix, func(name string, value []byte) error {
		c.Outputs[name] = append(record.Token(nil), value...)
		return nil
	})
}

// Save writes what differs from the last save in one synced batch.
func (d *Disk) Save(_ context.Context, c *Checkpoint) error {
	b := d.db.NewBatch()
	defer b.Close()
	if err := d.fill(b, c); err != nil {
		return fmt.Errorf("saving checkpoint %d: %w", c.Epoch, err)
	}
	if err := b.Commit(pebble.Sync); err != nil {
		return fmt.Errorf("saving checkpoint %d: %w", c.Epoch, readable(err))
	}
	d.saved = c.clone()
	return nil
}

func (d *Disk) fill(b *pebble.Batch, c *Checkpoint) error {
	was := d.saved
	if was == nil {
		was = &Checkpoint{}
	}
	for id := range was.Partitions {
		if _, ok := c.Partitions[id]; !ok {
			if err := b.Delete(key(partitionPrefix, string(id)), nil); err != nil {
				return err
			}
		}
	}
	for name := range was.Outputs {
		if _, ok := c.Outputs[name]; !ok {
			if err := b.Delete(key(outputPrefix, name), nil); err != nil {
				return err
			}
		}
	}
	for id, s := range c.Partitions {
		if old, ok := was.Partitions[id]; ok && reflect.DeepEqual(old, s) {
			continue
		}
		if err := setJSON(b, key(partitionPrefix, string(id)), s); err != nil {
			return err
		}
	}
	for name, token := range c.Outputs {
		if err := b.Set(key(outputPrefix, name), token, nil); err != nil {
			return err
		}
	}
	for _, delta := range c.State {
		if err := delta.each(func(kind changeKind, x, y []byte) error { return apply(b, kind, x, y) }); err != nil {
			return err
		}
	}
	return setJSON(b, []byte(metaKey), meta{format, c.Epoch, c.From, c.Until, c.Watermarks, c.Counts, c.Chain})
}

// Close closes the database.
func (d *Disk) Close() error { return d.db.Close() }

// quiet keeps Pebble's own log, which speaks of compactions, away from the user.
type quiet struct{ fatal func(msg string) }

func (quiet) Infof(string, ...any)  {}
func (quiet) Errorf(string, ...any) {}
func (q quiet) Fatalf(format string, args ...any) {
	q.fatal(fmt.Sprintf("writing the state: "+format, args...))
	panic("unreachable: fatal returned")
}
