package kpl

import (
	"crypto/md5"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// Aggregator packs user records into one Kinesis record as the KPL does: each key stands once in a table, and a record
// that stays alone goes out plain. All records of one aggregate must belong to one shard, which the caller sees to:
// readers discard an aggregate whose records do not (Belongs). One goroutine.
type Aggregator struct {
	maxBytes, maxRecords int

	keys, hashKeys table
	records        []byte // field 3 of each record, encoded
	count          int

	// The first record goes out as it is where no other joins it.
	first     UserRecord // aliases single
	single    []byte
	firstHash Hash
}

// table gives each key its index.
type table struct {
	index   map[string]uint64
	encoded []byte // the table's fields
}

func (t *table) look(key []byte) (index uint64, known bool) {
	if i, ok := t.index[string(key)]; ok {
		return i, true
	}
	return uint64(len(t.index)), false
}

func (t *table) add(field protowire.Number, key []byte) {
	if _, known := t.look(key); known {
		return
	}
	t.index[string(key)] = uint64(len(t.index))
	t.encoded = protowire.AppendTag(t.encoded, field, protowire.BytesType)
	t.encoded = protowire.AppendBytes(t.encoded, key)
}

func (t *table) reset() {
	clear(t.index)
	t.encoded = t.encoded[:0]
}

// NewAggregator returns an empty Aggregator whose payload stays within maxBytes, the partition key that it is sent with
// included, and within maxRecords.
func NewAggregator(maxBytes, maxRecords int) *Aggregator {
	return &Aggregator{
		maxBytes: maxBytes, maxRecords: maxRecords,
		keys:     table{index: map[string]uint64{}},
		hashKeys: table{index: map[string]uint64{}},
	}
}

// Add packs a record, copying what it keeps; explicit is its explicit hash key in decimal, nil for none. fits is false
// where it would pass a limit: nothing has changed then, and the caller sends the aggregate first. An empty Aggregator
// takes any record, since one alone goes out plain. The error is that of an explicit hash key which is none.
func (a *Aggregator) Add(key, explicit, data []byte) (fits bool, err error) {
	r := UserRecord{Key: key, ExplicitHashKey: explicit, Data: data}
	hash, err := HashOf(key, explicit)
	if err != nil {
		return false, err
	}
	if a.count > 0 && (a.count == a.maxRecords || a.sizeWith(&r) > a.maxBytes) {
		return false, nil
	}
	if a.count == 0 {
		a.firstHash = hash
		a.single = append(append(append(a.single[:0], key...), explicit...), data...)
		k, e := len(key), len(key)+len(explicit)
		a.first = UserRecord{Key: a.single[:k:k], ExplicitHashKey: a.single[k:e:e], Data: a.single[e:]}
	}
	k, _ := a.keys.look(key)
	a.keys.add(fieldKeys, key)
	body := sizeRecordKey(k) + sizeData(data)
	var h uint64
	if len(explicit) > 0 {
		h, _ = a.hashKeys.look(explicit)
		a.hashKeys.add(fieldHashKeys, explicit)
		body += sizeRecordKey(h)
	}
	a.append(body, k, h, &r)
	a.count++
	return true, nil
}

func (a *Aggregator) append(body int, key, hashKey uint64, r *UserRecord) {
	b := protowire.AppendTag(a.records, fieldRecords, protowire.BytesType)
	b = protowire.AppendVarint(b, uint64(body))
	b = protowire.AppendTag(b, recordKey, protowire.VarintType)
	b = protowire.AppendVarint(b, key)
	if len(r.ExplicitHashKey) > 0 {
		b = protowire.AppendTag(b, recordHashKey, protowire.VarintType)
		b = protowire.AppendVarint(b, hashKey)
	}
	b = protowire.AppendTag(b, recordData, protowire.BytesType)
	a.records = protowire.AppendBytes(b, r.Data)
}

func sizeRecordKey(index uint64) int { return 1 + protowire.SizeVarint(index) }

func sizeData(data []byte) int { return 1 + protowire.SizeBytes(len(data)) }

// sizeWith returns what Size will be once r is in, without encoding it.
func (a *Aggregator) sizeWith(r *UserRecord) int {
	n := a.wrapped()
	k, known := a.keys.look(r.Key)
	if !known {
		n += 1 + protowire.SizeBytes(len(r.Key))
	}
	body := sizeRecordKey(k) + sizeData(r.Data)
	if len(r.ExplicitHashKey) > 0 {
		h, known := a.hashKeys.look(r.ExplicitHashKey)
		if !known {
			n += 1 + protowire.SizeBytes(len(r.ExplicitHashKey))
		}
		body += sizeRecordKey(h)
	}
	return n + 1 + protowire.SizeBytes(body) + len(sharedKey)
}

func (a *Aggregator) wrapped() int {
	return len(magic) + len(a.keys.encoded) + len(a.hashKeys.encoded) + len(a.records) + digestSize
}

// Len returns how many records are packed.
func (a *Aggregator) Len() int { return a.count }

// sharedKey is the partition key that the KPL sends an aggregate with: its hash key comes from the first record.
const sharedKey = "a"

// Keys returns the partition key and the explicit hash key ("" for none) to send the payload with: a record's own where
// it stays alone, else a key that means nothing and the hash of the first record.
func (a *Aggregator) Keys() (key, explicit string) {
	if a.count <= 1 {
		return string(a.first.Key), string(a.first.ExplicitHashKey)
	}
	return sharedKey, a.firstHash.String()
}

// Append appends the payload to dst.
func (a *Aggregator) Append(dst []byte) []byte {
	if a.count <= 1 {
		return append(dst, a.first.Data...)
	}
	dst = append(slices.Grow(dst, a.wrapped()), magic...)
	from := len(dst)
	dst = append(dst, a.keys.encoded...)
	dst = append(dst, a.hashKeys.encoded...)
	dst = append(dst, a.records...)
	digest := md5.Sum(dst[from:])
	return append(dst, digest[:]...)
}

// Reset empties a and keeps its memory.
func (a *Aggregator) Reset() {
	a.keys.reset()
	a.hashKeys.reset()
	a.records, a.count, a.first, a.single = a.records[:0], 0, UserRecord{}, a.single[:0]
}
