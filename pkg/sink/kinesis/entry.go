package kinesis

import (
	"time"

	"github.com/kstream/kstream/pkg/kpl"
	"github.com/kstream/kstream/pkg/record"
)

// entry is one record of Kinesis on its way: a user's record, or an aggregate of some. It owns its bytes.
type entry struct {
	key      string
	explicit string // explicit hash key to send it with, of an aggregate its shard's; "": none
	data     []byte
	since    time.Time // when it came; of an aggregate, when the first of its records did

	shard  string // of an aggregate: the shard that it is meant for, by which it keeps its order
	packed int    // of an aggregate: how many records are in it; one alone is a plain record to a reader
	bytes  int    // of an aggregate: of their payloads
	number uint64 // of an aggregate: its place among all
	own    string // of an aggregate of one: its record's explicit hash key
	landed string // of an aggregate: the shard that it went to, if that is another one

	lane *lane
	next *entry // in its lane
}

func (e *entry) size() int { return len(e.data) + len(e.key) }

// records returns how many of the user's records e is.
func (e *entry) records() int { return max(1, e.packed) }

// order returns the name of what e keeps its order in: its key, and for an aggregate, which holds many keys of one shard,
// the shard.
func (e *entry) order() string {
	if e.packed > 0 {
		return e.shard
	}
	return e.key
}

// user returns the record that e is before it is packed. Its bytes are e's.
func (e *entry) user() kpl.UserRecord {
	return kpl.UserRecord{Key: []byte(e.key), ExplicitHashKey: []byte(e.explicit), Data: e.data}
}

// A slab is the memory that records which came together share. A record that waits keeps all of its slab alive, so it is
// small; a copy for each record would cost three allocations.
const (
	slabBytes   = 16 << 10
	slabRecords = 64
)

// entriesOf copies the items of c, which came at now.
func entriesOf(c *record.Chunk, now time.Time) []*entry {
	items := c.Items
	entries := make([]*entry, 0, len(items))
	for len(items) > 0 {
		n, size := 0, 0
		for n < len(items) && n < slabRecords && (n == 0 || size < slabBytes) {
			size += len(items[n].Data) + len(items[n].Key)
			n++
		}
		entries = appendSlab(entries, items[:n], now)
		items = items[n:]
	}
	for i, hash := range c.HashKeys {
		entries[i].explicit = hash
	}
	return entries
}

func appendSlab(entries []*entry, items []record.Item, now time.Time) []*entry {
	bytes, keyBytes := 0, 0
	for i := range items {
		bytes += len(items[i].Data)
		keyBytes += len(items[i].Key)
	}
	slab, data, key := make([]entry, len(items)), make([]byte, 0, bytes), make([]byte, 0, keyBytes)
	for i := range items {
		data, key = append(data, items[i].Data...), append(key, items[i].Key...)
	}
	keys := string(key)
	for i := range items {
		d, k := len(items[i].Data), len(items[i].Key)
		slab[i] = entry{data: data[:d:d], key: keys[:k], since: now}
		data, keys = data[d:], keys[k:]
		entries = append(entries, &slab[i])
	}
	return entries
}
