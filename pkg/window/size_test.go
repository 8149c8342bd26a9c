package window

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

// TestAddAllocatesNothing adds what came before to every function: what grows has grown.
func TestAddAllocatesNothing(t *testing.T) {
	for name, a := range calls(t) {
		for family, value := range families {
			all := slices.DeleteFunc(inputs(rand.New(rand.NewPCG(13, 14)), 400, value), func(in *Input) bool { return a.Accepts(in) != nil })
			acc := a.New()
			add := func() {
				for _, in := range all {
					acc.Add(in)
				}
			}
			for range 5 {
				add()
			}
			if n := testing.AllocsPerRun(5, add); n > 0 && name != "collect(x)" { // which keeps every record
				t.Errorf("%s of %s: %v allocations", name, family, n)
			}
		}
	}
}

// TestSizes compares what accumulators say that they take with what the runtime gives them.
func TestSizes(t *testing.T) {
	aggregates := calls(t)
	for _, name := range []string{"sum(x)", "quantile 0.9", "distinct(x)", "collect(x)", "first(x)", "stddev(x)", "top_k 3"} {
		a := aggregates[name]
		for _, each := range []int{1, 50, 1700} {
			all := inputs(rand.New(rand.NewPCG(11, 12)), each, families["floats"])
			n := min(2000, max(50, 50_000/each))
			accs := make([]Accumulator, n)
			before := heapBytes()
			for i := range accs {
				accs[i] = a.New()
				for _, in := range all {
					accs[i].Add(in)
				}
			}
			// The test's own goroutines and the runtime come and go with some kilobytes.
			const noise = 16 << 10
			said, taken := float64(accs[0].Size()*n), heapBytes()-before
			if said < 0.6*taken-noise || said > 1.7*taken+noise {
				t.Errorf("%d of %s over %d inputs say %.0f bytes, and take %.0f", n, name, each, said, taken)
			}
			runtime.KeepAlive(accs)
			runtime.KeepAlive(all)
		}
	}
}

func heapBytes() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
