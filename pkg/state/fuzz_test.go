package state

import (
	"bytes"
	"testing"

	"github.com/kstream/kstream/pkg/record"
)

// FuzzDamaged reads a disk that holds anything: an error or an entry, never a panic, and never a count below zero.
func FuzzDamaged(f *testing.F) {
	f.Add(appendIndexKey(nil, 1, 7, 5), []byte{1}, append(appendPrefix(nil, 1, 7, 5), 'a'), []byte{1, 'x'})
	f.Add(appendIndexKey(nil, 1, 7, 5), []byte{2}, append(appendPrefix(nil, 1, 7, 5), 'a'), []byte{0})
	f.Add(appendIndexKey(nil, 1, 7, record.EndOfTime), []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}, []byte{1}, []byte{})
	f.Add(append(appendIndexKey(nil, 1, 7, 5), 0), []byte{1}, []byte{1, 0, 7}, []byte{})
	f.Fuzz(func(t *testing.T, indexKey, index, key, data []byte) {
		d := newDisk()
		d.keys[string(key)] = string(data)
		d.keys[string(indexKey)] = string(index)
		s := New(Config{Reader: d, Last: 255, Memory: 0, Durable: func() record.Epoch { return 0 }})
		table, err := NewTable(s, 7, loadText)
		if err != nil {
			return
		}
		bucket, ok := table.First()
		if !ok {
			return
		}
		c := table.Scan(bucket)
		for c.Next() {
			if !bytes.Contains(key, c.Key()) {
				t.Fatalf("key %q came out of %q", c.Key(), key)
			}
		}
		_ = c.Close()
		place, err := ParseKey(key)
		if err != nil {
			return
		}
		if e, err := table.Find(place.Bucket, place.Group, place.Key); err == nil && e != nil {
			table.Delete(e)
		}
		s.Trim()
		table.Drop(bucket)
		s.Snapshot(1, new(delta))
		if s.Keys() < 0 || s.Bytes() < 0 || s.Changed() != 0 {
			t.Fatalf("%d keys, %d bytes, %d changed", s.Keys(), s.Bytes(), s.Changed())
		}
	})
}

// What is damaged is said, with where it lies.
func TestDamagedEntry(t *testing.T) {
	d := newDisk()
	d.keys[string(appendIndexKey(nil, 1, 7, 5))] = "\x01"
	d.keys[string(append(appendPrefix(nil, 1, 7, 5), 'a'))] = "\x00"
	_, table := newTable(t, d, 0)
	const want = "reading the state of table 7, key group 1: an entry is damaged: no text"
	if _, err := table.Find(5, 1, []byte("a")); err == nil || err.Error() != want {
		t.Errorf("Find: got %v, want %s", err, want)
	}
	c := table.Scan(5)
	if c.Next() || c.Close() == nil || c.Close().Error() != want {
		t.Errorf("Scan: got %v, want %s", c.Err(), want)
	}
	d.keys[string(appendIndexKey(nil, 2, 7, 5))] = "\xff"
	_, err := NewTable(New(Config{Reader: d, Last: 255}), 1, loadText)
	const index = "reading the index of key group 2: the index is damaged: 1 bytes are no number of keys"
	if err == nil || err.Error() != index {
		t.Errorf("NewTable: got %v, want %s", err, index)
	}
}
