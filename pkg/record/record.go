// Package record holds what every part of kstream speaks of: records, positions, pages, batches and chunks of them, and
// the contracts of the parts that make and take them. It imports nothing but the standard library.
//
// One rule holds throughout: a []byte is borrowed, a string is owned. Bytes belong to the page, batch or chunk they came
// in and are gone when that is used again; whoever keeps them copies them. A string never aliases a buffer.
package record

import (
	"math"
	"time"
)

// Millis is a point in time in milliseconds since 1970 UTC, the resolution of Kinesis' arrival times.
type Millis int64

// The start and the end of time, as watermarks know them.
const (
	StartOfTime Millis = math.MinInt64
	EndOfTime   Millis = math.MaxInt64
)

// MillisOf converts t, dropping what is finer than a millisecond.
func MillisOf(t time.Time) Millis { return Millis(t.UnixMilli()) }

// Time converts m to a time in UTC.
func (m Millis) Time() time.Time { return time.UnixMilli(int64(m)).UTC() }

// Add returns m moved by d, cut to milliseconds.
func (m Millis) Add(d time.Duration) Millis { return m + Millis(d/time.Millisecond) }

// Sub returns how long m is after n.
func (m Millis) Sub(n Millis) time.Duration { return time.Duration(m-n) * time.Millisecond }

// Record is one user record: a plain value that stages copy, drop and reorder as they like; its row of fields goes with it.
type Record struct {
	Data     []byte // the payload as it came, or what flat_map made of it
	Key      []byte // the source's partition key
	Sequence []byte // decimal, without leading zeros

	Arrival     Millis // when the service took it
	Event       Millis // event time: Arrival until a timestamp stage has run
	Watermark   Millis // what its lane's was right before it: what lateness is judged by, in every later task too
	Subsequence uint32 // its place in a KPL aggregate as it was written, else 0

	Group []byte // the values of key_by in canonical form; nil before it, empty where the whole stream is one group
	Hash  uint64 // of Group: picks the key group, and so the task

	row    uint32 // its row of fields in the batch
	origin uint32 // the record of the slice that it was made from
}

// Groups is how many key groups there are: the unit in which keyed state moves between tasks. Part of the state's format.
const Groups = 256

// KeyGroup returns the key group of r: the top byte of its hash.
func (r *Record) KeyGroup() uint8 { return uint8(r.Hash >> 56) }

// Size returns the bytes that r holds, as BUFFER counts them.
func (r *Record) Size() int { return len(r.Data) + len(r.Key) + len(r.Sequence) }
