package record

import (
	"runtime"
	"testing"
)

// What is kept stays as it is, however much is kept after it, and takes its own length and little more.
func TestArena(t *testing.T) {
	for _, c := range []struct {
		name        string
		parts, size int
	}{
		{"many small ones", 100_000, 100},
		{"some of a MiB", 64, 1 << 20},
		{"a few that are larger than a block", 8, maxBlock + 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := NewBatch(0)
			source := make([]byte, c.size)
			kept := make([][]byte, 0, c.parts)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for i := range c.parts {
				source[0] = byte(i)
				kept = append(kept, b.Keep(source))
			}
			runtime.ReadMemStats(&after)
			for i, part := range kept {
				if len(part) != c.size || part[0] != byte(i) {
					t.Fatalf("part %d has become %d bytes that begin with %d", i, len(part), part[0])
				}
			}
			if got, most := after.TotalAlloc-before.TotalAlloc, uint64(2*c.parts*c.size); got > most {
				t.Errorf("%d bytes were taken to keep %d", got, c.parts*c.size)
			}
			if got, want := b.Size(), c.parts*c.size; got != want {
				t.Errorf("Size is %d, want %d", got, want)
			}
		})
	}
}

// A batch that is filled again and again allocates nothing, once it has the memory that it needs.
func TestArenaIsUsedAgain(t *testing.T) {
	b, part := NewBatch(0), make([]byte, 1000)
	fill := func() {
		b.Reset()
		for range 1000 {
			b.Keep(part)
		}
	}
	fill()
	fill()
	if got := testing.AllocsPerRun(5, fill); got != 0 {
		t.Errorf("%v allocations for a batch", got)
	}
}
