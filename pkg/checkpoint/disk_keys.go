package checkpoint

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// Keys of the database. Each kind has a byte of its own in front; keyed state has 's'.
const (
	metaKey         = "m"
	partitionPrefix = 'p'
	outputPrefix    = 'o'
	statePrefix     = 's'
)

func key(prefix byte, name string) []byte { return append([]byte{prefix}, name...) }

func setJSON(b *pebble.Batch, key []byte, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return b.Set(key, data, nil)
}

func (d *Disk) json(key []byte, v any) (found bool, err error) {
	data, closer, err := d.db.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, errors.Join(json.Unmarshal(data, v), closer.Close())
}

func (d *Disk) scan(prefix byte, f func(name string, value []byte) error) error {
	it, err := d.db.NewIter(&pebble.IterOptions{LowerBound: []byte{prefix}, UpperBound: []byte{prefix + 1}})
	if err != nil {
		return err
	}
	for it.First(); it.Valid() && err == nil; it.Next() {
		err = f(string(it.Key()[1:]), it.Value())
	}
	return errors.Join(err, it.Close())
}

// apply adds one change of keyed state to b, without a copy of its own of what may be hundreds of megabytes.
func apply(b *pebble.Batch, kind changeKind, x, y []byte) error {
	var op *pebble.DeferredBatchOp
	switch kind {
	case set:
		op = b.SetDeferred(1+len(x), len(y))
		copy(op.Value, y)
	case del:
		op = b.DeleteDeferred(1 + len(x))
	default:
		op = b.DeleteRangeDeferred(1+len(x), 1+len(y))
		putStateKey(op.Value, y)
	}
	putStateKey(op.Key, x)
	return op.Finish()
}

func putStateKey(dst, key []byte) {
	dst[0] = statePrefix
	copy(dst[1:], key)
}

// batchBytes returns about how many bytes the batch of c takes. Pebble's batches end at 4 GiB, with a panic.
func batchBytes(c *Checkpoint) (int, error) {
	const (
		opBytes = 16 // a kind, lengths and a prefix
		most    = 4<<30 - 64<<20
	)
	size := 1 << 10
	for _, delta := range c.State {
		size += len(delta.buf) + opBytes*len(delta.ops)
	}
	if size > most {
		return 0, fmt.Errorf("%d MiB of state changed since the one before, and one holds 4 GiB: set a smaller STATE_MEMORY", size>>20)
	}
	return size, nil
}
