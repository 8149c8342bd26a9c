package state

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/record"
)

// text is the tests' Value: changed in place, as accumulators are.
type text struct{ s string }

func (t *text) Append(dst []byte) []byte { return append(append(dst, 1), t.s...) }

func (t *text) Size() int {
	if t == nil {
		return 0
	}
	return 16 + len(t.s)
}

func loadText(data []byte) (*text, error) {
	if len(data) == 0 || data[0] != 1 {
		return nil, errors.New("no text")
	}
	return &text{string(data[1:])}, nil
}

// delta is a Writer that keeps its changes in order.
type delta struct{ ops []op }

type op struct {
	kind byte // set, delete, range delete
	a, b string
}

func (d *delta) Set(key, value []byte) { d.ops = append(d.ops, op{'s', string(key), string(value)}) }
func (d *delta) Delete(key []byte)     { d.ops = append(d.ops, op{'d', string(key), ""}) }
func (d *delta) DeleteRange(from, to []byte) {
	d.ops = append(d.ops, op{'r', string(from), string(to)})
}

// disk is a Reader of a map, to which deltas are saved.
type disk struct {
	keys    map[string]string
	durable record.Epoch
	gets    int
	fails   error
}

func newDisk() *disk { return &disk{keys: map[string]string{}} }

func (d *disk) save(e record.Epoch, deltas ...*delta) {
	for _, delta := range deltas {
		for _, o := range delta.ops {
			switch o.kind {
			case 's':
				d.keys[o.a] = o.b
			case 'd':
				delete(d.keys, o.a)
			default:
				maps.DeleteFunc(d.keys, func(k, _ string) bool { return o.a <= k && k < o.b })
			}
		}
	}
	d.durable = e
}

func (d *disk) Get(dst, key []byte) (value []byte, found bool, err error) {
	d.gets++
	v, ok := d.keys[string(key)]
	return append(dst, v...), ok, d.fails
}

func (d *disk) Scan(from, to []byte) (Iterator, error) {
	it := &iterator{disk: d}
	for k := range d.keys {
		if string(from) <= k && k < string(to) {
			it.keys = append(it.keys, k)
		}
	}
	slices.Sort(it.keys)
	return it, nil
}

// iterator lends its bytes only until Next, as a database does.
type iterator struct {
	disk       *disk
	keys       []string
	key, value []byte
}

func (it *iterator) Next() bool {
	clear(it.key)
	clear(it.value)
	if len(it.keys) == 0 || it.disk.fails != nil {
		return false
	}
	it.key = append(it.key[:0], it.keys[0]...)
	it.value = append(it.value[:0], it.disk.keys[it.keys[0]]...)
	it.keys = it.keys[1:]
	return true
}

func (it *iterator) Key() []byte   { return it.key }
func (it *iterator) Value() []byte { return it.value }
func (it *iterator) Close() error  { return it.disk.fails }

// newTable returns a store of all key groups over d with one table.
func newTable(t *testing.T, d *disk, memory int) (*Store, *Table[*text]) {
	t.Helper()
	s := New(Config{Reader: d, Last: 255, Memory: memory, Durable: func() record.Epoch { return d.durable }})
	table, err := NewTable(s, 7, loadText)
	if err != nil {
		t.Fatal(err)
	}
	return s, table
}

// scan returns a bucket's entries as key=value.
func scan(t *testing.T, table *Table[*text], bucket record.Millis) []string {
	t.Helper()
	var got []string
	c := table.Scan(bucket)
	for c.Next() {
		got = append(got, string(c.Key())+"="+c.Value().s)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	return got
}

func value(t *testing.T, table *Table[*text], bucket record.Millis, group uint8, key string) string {
	t.Helper()
	e, err := table.Find(bucket, group, []byte(key))
	switch {
	case err != nil:
		t.Fatal(err)
	case e == nil:
		return "none"
	case !bytes.Equal(e.Key(), []byte(key)):
		t.Fatalf("found %q under %q", e.Key(), key)
	}
	return strings.Clone(e.Value.s)
}
