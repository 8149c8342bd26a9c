package checkpoint

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"github.com/kstream/kstream/pkg/record"
)

// format is the version of what the keys hold. A database with a higher one was written by a newer kstream.
const format = 1

// Disk keeps the last checkpoint in a Pebble database: a save is one batch with one sync, which writes what changed and
// not what is there.
type Disk struct {
	db   *pebble.DB
	held *Held // nil: not looked at
	// saved is what the database holds, so that a save can leave out what did not change.
	saved   *Checkpoint
	looks   looks
	written record.Millis // of what Load found
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
	Dropped    bool                     `json:"dropped,omitempty"`
	Moved      []record.Partition       `json:"moved,omitempty"`
	Written    record.Millis            `json:"written,omitempty"` // by this machine's clock
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

// Written implements Dated.
func (d *Disk) Written() time.Time {
	if d.written == 0 {
		return time.Time{}
	}
	return d.written.Time()
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
	d.written = m.Written
	c := &Checkpoint{
		Epoch: m.Epoch, From: m.From, Until: m.Until, Watermarks: m.Watermarks, Counts: m.Counts, Chain: m.Chain, Dropped: m.Dropped, Moved: m.Moved,
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

// Save writes what differs from the last save in one synced batch. What it writes of keyed state is what c.State holds,
// so that its time follows what changed and not what is there.
func (d *Disk) Save(_ context.Context, c *Checkpoint) error {
	if d.held != nil {
		if err := d.held.Check(); err != nil {
			return fmt.Errorf("saving checkpoint %d: %w", c.Epoch, err)
		}
	}
	size, err := batchBytes(c)
	if err != nil {
		return fmt.Errorf("saving checkpoint %d: %w", c.Epoch, err)
	}
	b := d.db.NewBatchWithSize(size)
	defer b.Close()
	if err := d.fill(b, c); err != nil {
		return fmt.Errorf("saving checkpoint %d: %w", c.Epoch, err)
	}
	if err := b.Commit(pebble.Sync); err != nil {
		return fmt.Errorf("saving checkpoint %d: %w", c.Epoch, readable(err))
	}
	d.saved = c.clone()
	if err := d.looks.forget(d.db); err != nil {
		return fmt.Errorf("saving checkpoint %d: %w", c.Epoch, readable(err))
	}
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
	m := meta{format, c.Epoch, c.From, c.Until, c.Watermarks, c.Counts, c.Chain, c.Dropped, c.Moved, record.MillisOf(time.Now())}
	return setJSON(b, []byte(metaKey), m)
}

// Close closes the database. Nothing reads it any more.
func (d *Disk) Close() error { return errors.Join(d.looks.forget(d.db), d.db.Close()) }
