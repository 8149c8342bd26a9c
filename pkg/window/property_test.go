package window

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/record"
)

// long is a string of 200 bytes.
var long = `"` + strings.Repeat("0123456789", 20) + `"`

// families are kinds of data, each of which some functions accept.
var families = map[string]func(r *rand.Rand) record.Value{
	"small ints": func(r *rand.Rand) record.Value { return record.IntValue(r.Int64N(40) - 20) },
	"big ints":   func(r *rand.Rand) record.Value { return record.IntValue(int64(r.Uint64())) },
	"floats": func(r *rand.Rand) record.Value {
		v := record.FloatValue(math.Ldexp(r.Float64()-0.5, r.IntN(200)-100))
		if r.IntN(2) == 0 { // as it stands in a document
			f, _ := v.Float()
			v.Text = strconv.AppendFloat(nil, f, 'e', -1, 64)
		}
		return v
	},
	"all floats": func(r *rand.Rand) record.Value {
		f := math.Float64frombits(r.Uint64())
		if math.IsNaN(f) || math.IsInf(f, 0) {
			f = math.SmallestNonzeroFloat64
		}
		return record.FloatValue(f)
	},
	"numbers": func(r *rand.Rand) record.Value {
		// 1 and its other spellings are equal and not the same.
		return value([]string{"1", "1.0", "1.00", "-0", "0", "0.0", "null", "2.5", "-7", "9007199254740993", "9007199254740992.0"}[r.IntN(11)])
	},
	"scalars": func(r *rand.Rand) record.Value {
		return value([]string{`"a"`, `"b"`, `"\u00e9"`, "true", "false", "null", "3", "3.0", "@2026-11-23T10:00:00Z", "1e999", "-1e999", `""`, long}[r.IntN(13)])
	},
	"everything": func(r *rand.Rand) record.Value {
		return value([]string{`[1,2]`, `{"a":1}`, `"s"`, "1", "null", "true", "[]", `{"b":[{}]}`}[r.IntN(8)])
	},
	"conditions": func(r *rand.Rand) record.Value { return value([]string{"true", "false", "null"}[r.IntN(3)]) },
}

// inputs returns n records: some share a time, some a position, as the elements of one record do, some come from another shard.
func inputs(r *rand.Rand, n int, value func(*rand.Rand) record.Value) []*Input {
	all := make([]*Input, n)
	for i := range all {
		all[i] = &Input{
			Value: value(r), By: value(r), Event: record.Millis(r.IntN(n)),
			Sequence:    strconv.AppendInt(nil, int64(r.IntN(3*n)), 10),
			Subsequence: uint32(r.IntN(2)),
			Partition:   "shard-" + strconv.Itoa(r.IntN(2)),
		}
	}
	return all
}

// TestResultsDoNotDependOnOrder feeds the same inputs in any order, split at random and merged in any grouping, saved and loaded
// between, and wants the same bytes.
func TestResultsDoNotDependOnOrder(t *testing.T) {
	aggregates := calls(t)
	for _, name := range slices.Sorted(maps.Keys(aggregates)) {
		for family, value := range families {
			for _, n := range []int{1, 2, 7, 90, 500} {
				seed := rand.Uint64()
				t.Run(fmt.Sprintf("%s/%s/%d/seed=%d", name, family, n, seed), func(t *testing.T) {
					orderly(t, aggregates[name], inputs(rand.New(rand.NewPCG(seed, 0)), n, value), seed)
				})
			}
		}
	}
}

func orderly(t *testing.T, a Aggregate, all []*Input, seed uint64) {
	for _, in := range all {
		if a.Accepts(in) != nil {
			t.SkipNow() // a family that this function does not take
		}
	}
	r := rand.New(rand.NewPCG(seed, 1))
	want := shown(fed(t, a, r, all, false))
	for range 4 {
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		if got := shown(fed(t, a, r, all, true)); got != want {
			t.Fatalf("got %s, in another order %s", got, want)
		}
	}
}

// fed returns an accumulator of all inputs: in one piece, or of parts cut at random.
func fed(t *testing.T, a Aggregate, r *rand.Rand, all []*Input, cut bool) Accumulator {
	if !cut || len(all) < 2 || r.IntN(4) == 0 {
		acc := a.New()
		for i, in := range all {
			if cut && i%50 == 49 {
				acc = reloaded(t, a, acc)
			}
			lent := *in
			lent.Value.Text, lent.Sequence = slices.Clone(in.Value.Text), slices.Clone(in.Sequence)
			acc.Add(&lent)
			clear(lent.Value.Text)
			clear(lent.Sequence)
		}
		return acc
	}
	at := r.IntN(len(all))
	left, right := fed(t, a, r, all[:at], true), fed(t, a, r, all[at:], true)
	if r.IntN(2) == 0 {
		left = reloaded(t, a, left)
	}
	left.Merge(right)
	return left
}

// TestEveryFunctionTakesData keeps the test above from passing because everything was skipped.
func TestEveryFunctionTakesData(t *testing.T) {
	for name, a := range calls(t) {
		taken := false
		for _, value := range families {
			ok := true
			for _, in := range inputs(rand.New(rand.NewPCG(1, 2)), 200, value) {
				ok = ok && a.Accepts(in) == nil
			}
			taken = taken || ok
		}
		if !taken {
			t.Errorf("%s takes none of the families", name)
		}
	}
}

// TestResultChangesNothing asks twice, between inputs too: with lateness a window has several results.
func TestResultChangesNothing(t *testing.T) {
	for name, a := range calls(t) {
		r := rand.New(rand.NewPCG(3, 4))
		asked, quiet := a.New(), a.New()
		for _, in := range inputs(r, 300, families["small ints"]) {
			if a.Accepts(in) != nil {
				in.Value, in.By = value("true"), value("true")
			}
			asked.Add(in)
			quiet.Add(in)
			if first, second := shown(asked), shown(asked); first != second {
				t.Fatalf("%s: got %s and then %s", name, first, second)
			}
		}
		if got, want := shown(asked), shown(quiet); got != want {
			t.Errorf("%s: asked between inputs it gives %s, else %s", name, got, want)
		}
	}
}
