package kpl

import (
	"crypto/md5"
	"errors"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// UserRecord is one record of an aggregate. Its place in Split's result is its subsequence number. Its bytes are the
// aggregate's.
type UserRecord struct {
	Key             []byte // partition key
	ExplicitHashKey []byte // decimal; nil where there is none
	Data            []byte
}

// Hash returns the hash key that decides r's shard. A record that Split returned has one.
func (r *UserRecord) Hash() Hash {
	h, err := HashOf(r.Key, r.ExplicitHashKey)
	if err != nil {
		panic("kpl: Hash of a record that Split did not return: " + err.Error())
	}
	return h
}

// Looks tells whether data begins as an aggregate does: a cheap question, to which Split has the full answer.
func Looks(data []byte) bool {
	return len(data) > len(magic)+digestSize && string(data[:len(magic)]) == magic
}

// Splitter takes aggregates apart. It keeps its tables from one to the next; the zero Splitter is ready. One goroutine.
type Splitter struct {
	keys, hashKeys [][]byte
	places         []place
	records        []UserRecord
}

// place is a record before its indexes are looked up: protobuf lets the tables come last.
type place struct {
	key, hashKey uint64 // hashKey is noHashKey where there is none
	data         []byte
}

const noHashKey = math.MaxUint64

// maxIdle bounds the entries that a Splitter keeps between aggregates: thousands of readers hold one each.
const maxIdle = 4096

var errLayout = errors.New("not the message of an aggregate")

// Split returns the user records of data, in the order they were written. ok is false where data is no aggregate or a
// broken one: the magic, the digest, the message, an index into a table or an explicit hash key is wrong. Such data is
// a record like any other.
//
// The result is s's and good until the next Split; the bytes in it are data's.
func (s *Splitter) Split(data []byte) (records []UserRecord, ok bool) {
	if !Looks(data) {
		return nil, false
	}
	message, digest := data[len(magic):len(data)-digestSize], data[len(data)-digestSize:]
	if md5.Sum(message) != [digestSize]byte(digest) {
		return nil, false
	}
	s.reset()
	if s.scan(message) != nil || s.resolve() != nil {
		return nil, false
	}
	return s.records, true
}

func (s *Splitter) reset() {
	if cap(s.records) > maxIdle || cap(s.keys) > maxIdle || cap(s.hashKeys) > maxIdle {
		*s = Splitter{}
	}
	s.keys, s.hashKeys, s.places, s.records = s.keys[:0], s.hashKeys[:0], s.places[:0], s.records[:0]
}

func (s *Splitter) scan(message []byte) error {
	return eachField(message, func(num protowire.Number, typ protowire.Type, value []byte) error {
		if typ != protowire.BytesType {
			return nil
		}
		switch num {
		case fieldKeys:
			s.keys = append(s.keys, value)
		case fieldHashKeys:
			s.hashKeys = append(s.hashKeys, value)
		case fieldRecords:
			p, err := scanRecord(value)
			if err != nil {
				return err
			}
			s.places = append(s.places, p)
		}
		return nil
	})
}

func scanRecord(message []byte) (place, error) {
	p := place{hashKey: noHashKey}
	var hasKey, hasData bool
	err := eachField(message, func(num protowire.Number, typ protowire.Type, value []byte) error {
		switch {
		case num == recordKey && typ == protowire.VarintType:
			p.key, _ = protowire.ConsumeVarint(value)
			hasKey = true
		case num == recordHashKey && typ == protowire.VarintType:
			p.hashKey, _ = protowire.ConsumeVarint(value)
			if p.hashKey == noHashKey {
				return errLayout // no table is that long
			}
		case num == recordData && typ == protowire.BytesType:
			p.data, hasData = value, true
		}
		return nil
	})
	if err == nil && (!hasKey || !hasData) {
		err = errLayout
	}
	return p, err
}

// eachField calls f with each field of message: the content of a length-delimited one, the raw bytes of any other.
func eachField(message []byte, f func(protowire.Number, protowire.Type, []byte) error) error {
	for len(message) > 0 {
		num, typ, n := protowire.ConsumeTag(message)
		if n < 0 || num > maxFieldNumber {
			return errLayout
		}
		message = message[n:]
		if n = protowire.ConsumeFieldValue(num, typ, message); n < 0 {
			return errLayout
		}
		value := message[:n:n]
		if typ == protowire.BytesType {
			value, _ = protowire.ConsumeBytes(value)
		}
		if err := f(num, typ, value); err != nil {
			return err
		}
		message = message[n:]
	}
	return nil
}

// resolve looks the keys up. One bad record makes the whole aggregate a broken one: passing it on whole loses nothing.
func (s *Splitter) resolve() error {
	for _, p := range s.places {
		if p.key >= uint64(len(s.keys)) {
			return errLayout
		}
		r := UserRecord{Key: s.keys[p.key], Data: p.data}
		if p.hashKey != noHashKey {
			if p.hashKey >= uint64(len(s.hashKeys)) {
				return errLayout
			}
			r.ExplicitHashKey = s.hashKeys[p.hashKey]
			if _, err := ParseHash(r.ExplicitHashKey); err != nil {
				return err
			}
		}
		s.records = append(s.records, r)
	}
	return nil
}

// Belongs is KCL's rule: an aggregate whose first, or any, record lies outside its shard's range does not count at all.
// The KPL sends such records again, to the shard where they belong.
func Belongs(records []UserRecord, shard Range) bool {
	for i := range records {
		if !shard.Contains(records[i].Hash()) {
			return false
		}
	}
	return true
}
