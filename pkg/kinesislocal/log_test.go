package kinesislocal

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestLog compares a log with a plain slice, over random appends, reads, trims and look-ups by time.
func TestLog(t *testing.T) {
	for seed := range uint64(6) {
		random := rand.New(rand.NewPCG(seed, 0))
		l := log{base: 1, next: 1}
		type kept struct {
			data    string
			arrival millis
		}
		var all []kept // all[i] has index i+1
		now := millis(1000)
		for range 400 {
			switch random.IntN(10) {
			case 0:
				l.trim(l.base + random.Uint64N(l.next-l.base+1))
			case 1:
				at := 1000 + millis(random.IntN(int(now)))
				want := l.base
				for want < l.next && all[want-1].arrival < at {
					want++
				}
				if got := l.since(at); got != want {
					t.Fatalf("seed %d: since %d: got %d, want %d", seed, at, got, want)
				}
			default:
				now += millis(random.IntN(3))
				data := strings.Repeat(string(rune('a'+random.IntN(26))), random.IntN(60_000))
				index, arrival := l.append("key", []byte(data), now)
				if index != uint64(len(all)+1) || arrival != now {
					t.Fatalf("seed %d: got index %d at %d, want %d at %d", seed, index, arrival, len(all)+1, now)
				}
				all = append(all, kept{data, now})
			}
			from := l.base + random.Uint64N(l.next-l.base+1)
			runs, count, size := l.read(from, 1+random.IntN(50), 1+random.IntN(1<<20))
			if left := l.next - from; count == 0 && left > 0 {
				t.Fatalf("seed %d: nothing was read of %d records", seed, left)
			}
			got := 0
			for _, r := range runs {
				for i := r.from; i < r.to; i++ {
					key, data := r.record(i)
					if want := all[from-1]; string(data) != want.data || string(key) != "key" || r.entries[i].arrival != want.arrival {
						t.Fatalf("seed %d: record %d is not what was written", seed, from)
					}
					got, from, size = got+1, from+1, size-len(key)-len(data)
				}
			}
			if got != count || size != 0 {
				t.Fatalf("seed %d: read said %d records, gave %d, and its bytes are %d off", seed, count, got, size)
			}
		}
		var bytes int64
		for _, k := range all[l.base-1:] {
			bytes += int64(len(k.data) + len("key"))
		}
		if l.bytes != bytes || l.trim(l.next) != bytes || len(l.segments) != 0 {
			t.Errorf("seed %d: the log says %d bytes and %d segments, want %d and none", seed, l.bytes, len(l.segments), bytes)
		}
	}
}
