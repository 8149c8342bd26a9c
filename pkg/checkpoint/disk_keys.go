package checkpoint

import (
	"encoding/json"
	"errors"

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

func apply(b *pebble.Batch, kind changeKind, x, y []byte) error {
	x = key(statePrefix, string(x))
	switch kind {
	case set:
		return b.Set(x, y, nil)
	case del:
		return b.Delete(x, nil)
	default:
		return b.DeleteRange(x, key(statePrefix, string(y)), nil)
	}
}
