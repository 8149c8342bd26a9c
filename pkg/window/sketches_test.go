package window

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/kstream/kstream/pkg/record"
)

// TestDistinctError counts sets of known sizes and holds the root of the mean square error against the stated 0.81 %.
func TestDistinctError(t *testing.T) {
	a := calls(t)["distinct(x)"]
	for _, n := range []int{1, 100, distinctExact} {
		acc := a.New()
		for i := range 2 * n {
			acc.Add(&Input{Value: record.IntValue(int64(i % n))})
		}
		if got := shown(acc); got != strconv.Itoa(n) {
			t.Errorf("of %d values it counts %s", n, got)
		}
	}
	for _, n := range []int{distinctExact + 1, 5000, 30_000, 100_000} {
		squares := 0.0
		const trials = 24
		for trial := range trials {
			acc := a.New().(*distinct)
			for i := range n {
				acc.Add(&Input{Value: record.IntValue(int64(trial*n + i))})
			}
			e := float64(acc.many.Estimate())/float64(n) - 1
			if squares += e * e; math.Abs(e) > 0.0405 {
				t.Errorf("%d values: off by %.2f %%, five times the stated error", n, 100*e)
			}
		}
		// 24 trials scatter; 1.1 % would be one in a thousand of a sketch that keeps 0.81 %.
		if rms := math.Sqrt(squares / trials); rms > 0.011 {
			t.Errorf("%d values: an error of %.2f %%", n, 100*rms)
		}
	}
}

// TestDistinctSwitches goes by the border between the set and the sketch from both sides.
func TestDistinctSwitches(t *testing.T) {
	a := calls(t)["distinct(x)"]
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	for _, n := range []int{distinctExact - 1, distinctExact, distinctExact + 1, 2000} {
		var all []*Input
		for i := range n {
			all = append(all, in(strconv.Itoa(i), 0, i), in(strconv.Itoa(i)+".0", 0, i))
		}
		orderly(t, a, all, r.Uint64())
		if t.Failed() {
			t.Fatalf("seed %d, %d values", seed, n)
		}
	}
}

// TestQuantileError compares with the sorted numbers themselves.
func TestQuantileError(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	draws := map[string]func() float64{
		"lognormal": func() float64 { return math.Exp(r.NormFloat64() * 2) },
		"normal":    func() float64 { return r.NormFloat64() * 1000 },
		"negative":  func() float64 { return -math.Exp(r.NormFloat64() * 5) },
		"zeros":     func() float64 { return max(0, r.NormFloat64()) },
		"tiny":      func() float64 { return r.Float64() * 1e-307 },
		"wide":      func() float64 { return math.Ldexp(1+r.Float64(), r.IntN(2000)-1000) },
		"integers":  func() float64 { return float64(r.IntN(20) - 10) },
	}
	for name, draw := range draws {
		for _, n := range []int{1, quantileExact, quantileExact + 1, 20_000} {
			numbers := make([]float64, n)
			s := &quantile{}
			for i := range numbers {
				numbers[i] = draw()
				v := record.FloatValue(numbers[i])
				s.Add(&Input{Value: v})
			}
			slices.Sort(numbers)
			for _, q := range []float64{0, 0.01, 0.25, 0.5, 0.9, 0.99, 0.9999, 1} {
				s.q = q
				v, _, _ := s.Result(nil, minute)
				got, _ := v.Float()
				want := numbers[rankOf(q, int64(n))]
				off := math.Abs(got - want)
				if n <= quantileExact && off != 0 || off > sketchError*math.Abs(want)*(1+1e-9)+scale.MinIndexableValue() {
					t.Errorf("seed %d: %s, %d numbers: quantile %v is %v, want %v", seed, name, n, q, got, want)
				}
			}
		}
	}
}

// ranked is an element of top_k's result.
type ranked struct {
	Value        int
	Count, Error int64
}

// TestTopKError holds that every count is too high by no more than it says, and that by no more than N/(m+1), with skewed data
// and with the worst there is: all values equally frequent.
func TestTopKError(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	zipf := rand.NewZipf(r, 1.1, 1, 1<<20)
	draws := map[string]func() int{
		"skewed": func() int { return int(zipf.Uint64()) },
		"even":   func() int { return r.IntN(5000) },
		"few":    func() int { return r.IntN(512) },
	}
	a := compiled(t, "top_k", Args{"k": int64(10)})
	for name, draw := range draws {
		for parts := 1; parts <= 8; parts *= 8 {
			counts := map[int]int64{}
			accs := make([]Accumulator, parts)
			for i := range accs {
				accs[i] = a.New()
			}
			const n = 20_000
			add := func(most, times int) {
				for range times {
					x := draw()
					counts[x]++
					accs[r.IntN(most)].Add(&Input{Value: record.IntValue(int64(x))})
				}
			}
			add(parts, n/2)
			for _, other := range accs[1:] {
				accs[0].Merge(reloaded(t, a, other))
			}
			add(1, n/2) // what the others have dropped may come again
			checkTopK(t, accs[0], counts, n)
			if t.Failed() {
				t.Fatalf("seed %d, %s, %d parts", seed, name, parts)
			}
		}
	}
}

func checkTopK(t *testing.T, acc Accumulator, counts map[int]int64, n int64) {
	t.Helper()
	var got []ranked
	if err := json.Unmarshal([]byte(shown(acc)), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 10 {
		t.Errorf("got %d values, want 10", len(got))
	}
	top := acc.(*topK)
	m := int64(top.m)
	for _, g := range got {
		if c := counts[g.Value]; g.Count < c || g.Count-g.Error > c || g.Error > n/(m+1) {
			t.Errorf("%d came %d times, and is said to have come %d with an error of %d", g.Value, c, g.Count, g.Error)
		}
	}
	// What is frequent beyond doubt is in the list.
	least := got[len(got)-1].Count
	for x, c := range counts {
		if c > least && !slices.ContainsFunc(got, func(g ranked) bool { return g.Value == x }) {
			t.Errorf("%d came %d times and is not in the list, which ends with %d", x, c, least)
		}
	}
	// No value can have come more often than its counter says, and one without than the floor.
	for x, c := range counts {
		v, most := record.IntValue(int64(x)), top.floor
		if i, ok := top.place[string(appendCanonical(nil, &v))]; ok {
			most = top.counters[i].count
		}
		if c > most {
			t.Errorf("%d came %d times, which is taken for at most %d", x, c, most)
		}
	}
	if len(counts) <= 512 && got[0].Error != 0 {
		t.Errorf("%d values are not counted exactly", len(counts))
	}
}

// A quantile is the least number that at least that part of them does not exceed, whatever q times n rounds to.
func TestRankOf(t *testing.T) {
	for _, c := range []struct {
		q    float64
		n    int64
		want int64
	}{
		{0, 10, 0}, {1, 10, 9}, {0.5, 1, 0}, {0.5, 2, 0}, {0.5, 3, 1}, {0.99, 2, 1}, {0.99, 100, 98}, {0.07, 100, 6}, {0.999, 10_000, 9989},
	} {
		if got := rankOf(c.q, c.n); got != c.want {
			t.Errorf("the rank of %v of %d is %d, want %d", c.q, c.n, got, c.want)
		}
	}
}
