package state

import (
	"encoding/binary"
	"runtime"
	"testing"

	"github.com/kstream/kstream/pkg/record"
)

// count is the smallest Value of use.
type count struct{ n uint64 }

func (c *count) Append(dst []byte) []byte { return binary.BigEndian.AppendUint64(dst, c.n) }
func (c *count) Size() int                { return 8 }

func loadCount(data []byte) (*count, error) { return &count{binary.BigEndian.Uint64(data)}, nil }

// nowhere takes changes and counts their bytes.
type nowhere struct{ bytes int }

func (n *nowhere) Set(key, value []byte)    { n.bytes += len(key) + len(value) }
func (n *nowhere) Delete(key []byte)        { n.bytes += len(key) }
func (n *nowhere) DeleteRange(_, to []byte) { n.bytes += len(to) }
func keyOf(dst []byte, i int) []byte {
	return binary.BigEndian.AppendUint64(append(dst, "user-"...), uint64(i))
}
func groupOf(i int) uint8 { return uint8(i * 0x9e3779b1 >> 24) }
func counts(tb testing.TB, n int) (*Store, *Table[*count]) {
	tb.Helper()
	var durable record.Epoch = 1 << 60
	s := New(Config{Reader: newDisk(), Last: 255, Memory: 1 << 40, Durable: func() record.Epoch { return durable }})
	t, err := NewTable(s, 1, loadCount)
	if err != nil {
		tb.Fatal(err)
	}
	for i := range n {
		t.Insert(60_000, groupOf(i), keyOf(nil, i), new(count))
	}
	return s, t
}

func BenchmarkFindTouch(b *testing.B) {
	for _, size := range []struct {
		name string
		keys int
	}{{"10k keys", 10_000}, {"1M keys", 1_000_000}} {
		b.Run(size.name, func(b *testing.B) {
			_, t := counts(b, size.keys)
			var key []byte
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				n := i * 7919 % size.keys
				key = keyOf(key[:0], n)
				e, err := t.Find(60_000, groupOf(n), key)
				if err != nil || e == nil {
					b.Fatal(e, err)
				}
				e.Value.n++
				t.Touch(e)
			}
		})
	}
}

func BenchmarkInsert(b *testing.B) {
	s, t := counts(b, 0)
	var key []byte
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if i%1_000_000 == 0 {
			t.Drop(60_000)
		}
		key = keyOf(key[:0], i)
		t.Insert(60_000, groupOf(i), key, new(count))
	}
	b.ReportMetric(float64(s.Bytes())/float64(s.Keys()), "bytes/key")
}

// BenchmarkSnapshot saves one key in a hundred of a million.
func BenchmarkSnapshot(b *testing.B) {
	s, t := counts(b, 1_000_000)
	s.Snapshot(1, new(nowhere))
	epoch := record.Epoch(1)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		for i := 0; i < 1_000_000; i += 100 {
			e, _ := t.Find(60_000, groupOf(i), keyOf(nil, i))
			e.Value.n++
			t.Touch(e)
		}
		b.StartTimer()
		epoch++
		s.Snapshot(epoch, new(nowhere))
	}
}

// BenchmarkTrim evicts one entry an operation.
func BenchmarkTrim(b *testing.B) {
	s, t := counts(b, 0)
	b.ReportAllocs()
	evicted := 0
	for b.Loop() {
		if evicted == 0 {
			b.StopTimer()
			t.Drop(60_000)
			for i := range 200_000 {
				t.Insert(60_000, groupOf(i), keyOf(nil, i), new(count)).used = false
			}
			s.Snapshot(1, new(nowhere))
			evicted = 200_000
			b.StartTimer()
		}
		s.cfg.Memory = s.bytes - 1
		s.Trim()
		evicted--
	}
}

// TestBytesFollowsTheHeap holds what Bytes says against what the heap grew by.
func TestBytesFollowsTheHeap(t *testing.T) {
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	s, table := counts(t, 200_000)
	grew := float64(heap() - before)
	if got := float64(s.Bytes()); got < 0.75*grew || got > 1.33*grew {
		t.Errorf("Bytes says %.0f a key, the heap grew by %.0f", got/200_000, grew/200_000)
	}
	runtime.KeepAlive(table)
}
