package operator

import (
	"maps"
	"slices"
	"sort"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/state"
)

// disk is what a checkpoint keeps of state: a map, and its keys in order while nothing changes.
type disk struct {
	epoch  record.Epoch
	data   map[string]string
	sorted []string // nil: not known
	memory int      // the budget of a task's state in memory
}

func newDisk() *disk { return &disk{data: map[string]string{}, memory: 1 << 30} }

func (d *disk) Set(key, value []byte) { d.data[string(key)], d.sorted = string(value), nil }

func (d *disk) Delete(key []byte) {
	delete(d.data, string(key))
	d.sorted = nil
}

func (d *disk) DeleteRange(from, to []byte) {
	maps.DeleteFunc(d.data, func(key, _ string) bool { return key >= string(from) && key < string(to) })
	d.sorted = nil
}

func (d *disk) Get(dst, key []byte) ([]byte, bool, error) {
	v, ok := d.data[string(key)]
	return append(dst, v...), ok, nil
}

func (d *disk) Scan(from, to []byte) (state.Iterator, error) {
	if d.sorted == nil {
		d.sorted = slices.Sorted(maps.Keys(d.data))
	}
	i, j := sort.SearchStrings(d.sorted, string(from)), sort.SearchStrings(d.sorted, string(to))
	return &iterator{d: d, keys: d.sorted[i:j], at: -1}, nil
}

type iterator struct {
	d    *disk
	keys []string
	at   int
}

func (it *iterator) Next() bool    { it.at++; return it.at < len(it.keys) }
func (it *iterator) Key() []byte   { return []byte(it.keys[it.at]) }
func (it *iterator) Value() []byte { return []byte(it.d.data[it.keys[it.at]]) }
func (it *iterator) Close() error  { return nil }
