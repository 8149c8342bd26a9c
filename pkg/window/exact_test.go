package window

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/kstream/kstream/pkg/record"
)

// rat returns a sum as a rational.
func rat(e *exact) *big.Rat {
	s := e.scaled()
	if s.exponent >= 0 {
		return new(big.Rat).SetInt(s.at(0))
	}
	return new(big.Rat).SetFrac(s.n, new(big.Int).Lsh(big.NewInt(1), uint(-s.exponent)))
}

// TestExactIsExact adds, subtracts, squares and merges, and compares with rationals of any size.
func TestExactIsExact(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	float := func(spread int) float64 {
		for {
			f := math.Float64frombits(r.Uint64())
			if spread < 2000 {
				f = math.Ldexp(r.Float64()-0.5, r.IntN(spread+1)-spread/2)
			}
			if !math.IsNaN(f) && !math.IsInf(f, 0) {
				return f
			}
		}
	}
	for trial := range 400 {
		spread := []int{0, 10, 300, 2000}[trial%4]
		sums, want := [2]exact{}, new(big.Rat)
		for range 1 + r.IntN(40) {
			f := float(spread)
			x := new(big.Rat)
			x.SetFloat64(f)
			s := &sums[r.IntN(2)]
			if r.IntN(4) == 0 {
				s.addSquare(f)
				x.Mul(x, x)
			} else {
				s.addFloat(f)
			}
			want.Add(want, x)
		}
		sums[0].merge(&sums[1])
		read := &reader{src: sums[0].append(nil)}
		again := readExact(read)
		if read.damaged || len(read.src) > 0 {
			t.Fatalf("seed %d, trial %d: can't be read again", seed, trial)
		}
		for _, got := range []*big.Rat{rat(&sums[0]), rat(&again)} {
			if got.Cmp(want) != 0 {
				t.Fatalf("seed %d, trial %d: got %v, want %v", seed, trial, got, want)
			}
		}
	}
}

// TestExactAtItsEnds holds the least and the greatest of floats and squares, and that what cancels leaves nothing.
func TestExactAtItsEnds(t *testing.T) {
	ends := []float64{math.SmallestNonzeroFloat64, math.MaxFloat64, -math.MaxFloat64, 0x1p-1022, -0x1p-1074, math.Copysign(0, -1)}
	want, got := new(big.Rat), exact{}
	for _, f := range ends {
		for range 1000 {
			got.addFloat(f)
			got.addSquare(f)
		}
		x := new(big.Rat)
		x.SetFloat64(f)
		both := new(big.Rat).Mul(x, x)
		both.Add(both, x)
		want.Add(want, both.Mul(both, big.NewRat(1000, 1)))
	}
	if rat(&got).Cmp(want) != 0 {
		t.Error("the sum of the ends is not exact")
	}
	if low, high := got.low, got.low+len(got.limbs); low < lowestLimb || high > highestLimb+1 {
		t.Errorf("it has limbs from %d to %d, beyond what is read", low, high)
	}
	r := &reader{src: got.append(nil)}
	again := readExact(r)
	if r.damaged || rat(&again).Cmp(want) != 0 {
		t.Error("the sum of the ends can't be read again")
	}
	gone := exact{}
	for _, f := range []float64{1e300, 1e-300, 3, -1e-300, -3, -1e300} {
		gone.addFloat(f)
	}
	if rat(&gone).Sign() != 0 {
		t.Errorf("what cancels leaves %v", rat(&gone))
	}
	if form := gone.append(nil); len(form) != 2 {
		t.Errorf("nothing takes %d bytes", len(form))
	}
}

// TestSumsAreOfFullWidth sums far more of the greatest integer than 64 bits hold, both ways.
func TestSumsAreOfFullWidth(t *testing.T) {
	sum, want := int128{}, new(big.Int)
	r := rand.New(rand.NewPCG(5, 6))
	for range 10_000 {
		n := []int64{math.MaxInt64, math.MinInt64, -1, 1, int64(r.Uint64())}[r.IntN(5)]
		sum.add(wide(n))
		want.Add(want, big.NewInt(n))
		if sum.big().Cmp(want) != 0 {
			t.Fatalf("got %v, want %v", sum.big(), want)
		}
		if _, ok := sum.int64(); ok != want.IsInt64() {
			t.Fatalf("%v: fits 64 bits is %v", want, ok)
		}
	}
}

// TestMeansAreRoundedOnce compares avg, variance and rate of every kind of number with rationals, rounded at the end.
func TestMeansAreRoundedOnce(t *testing.T) {
	aggregates := calls(t)
	for family, value := range families {
		seed := rand.Uint64()
		r := rand.New(rand.NewPCG(seed, 0))
		for range 60 {
			all := inputs(r, 2+r.IntN(20), value)
			if aggregates["avg(x)"].Accepts(all[0]) != nil || family == "conditions" {
				break
			}
			checkMeans(t, aggregates, all)
			if t.Failed() {
				t.Fatalf("seed %d, %s", seed, family)
			}
		}
	}
}

func checkMeans(t *testing.T, aggregates map[string]Aggregate, all []*Input) {
	t.Helper()
	accs := map[string]Accumulator{}
	for _, call := range []string{"avg(x)", "variance(x)", "stddev(x)", "rate(x)"} {
		accs[call] = aggregates[call].New()
	}
	sum, squares, n := new(big.Rat), new(big.Rat), int64(0)
	for _, in := range all {
		if aggregates["avg(x)"].Accepts(in) != nil || in.Value.Nil() {
			continue
		}
		for _, acc := range accs {
			acc.Add(in)
		}
		x := new(big.Rat)
		if i, ok := in.Value.Int(); ok {
			x.SetInt64(i)
		} else {
			f, _ := in.Value.Float()
			x.SetFloat64(f)
		}
		n++
		sum.Add(sum, x)
		squares.Add(squares, x.Mul(x, x))
	}
	if n < 2 {
		return
	}
	mean := new(big.Rat).Quo(sum, big.NewRat(n, 1))
	variance := new(big.Rat).Sub(squares, new(big.Rat).Mul(mean, sum))
	variance.Quo(variance, big.NewRat(n-1, 1))
	root := new(big.Float).SetPrec(5000).SetRat(variance)
	deviation, _ := root.Sqrt(root).Float64()
	for call, want := range map[string]float64{
		"avg(x)": rounded(mean), "variance(x)": rounded(variance), "stddev(x)": deviation, "rate(x)": rounded(sum.Quo(sum, big.NewRat(60, 1))),
	} {
		v, _, err := accs[call].Result(nil, minute)
		if math.IsInf(want, 0) {
			if err == nil {
				t.Errorf("%s: no error for a result beyond a float", call)
			}
			continue
		}
		if f, _ := v.Float(); err != nil || f != want || v.Kind != record.Float {
			t.Errorf("%s: got %v (%v), want %v", call, f, err, want)
		}
	}
}

func rounded(x *big.Rat) float64 {
	f, _ := x.Float64()
	return f
}
