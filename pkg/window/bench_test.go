package window

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/kstream/kstream/pkg/record"
)

// BenchmarkAdd is what each record costs, over inputs that came before: nothing allocates.
func BenchmarkAdd(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(r, 1.2, 1, 400)
	data := map[string]func() record.Value{
		"int":      func() record.Value { return record.IntValue(r.Int64N(1e6)) },
		"float":    func() record.Value { return record.FloatValue(math.Exp(2 * r.NormFloat64())) },
		"signed":   func() record.Value { return record.FloatValue(r.NormFloat64()) },
		"string":   func() record.Value { return value(`"/product/` + strconv.FormatUint(zipf.Uint64(), 10) + `"`) },
		"distinct": func() record.Value { return record.IntValue(r.Int64N(100_000)) },
	}
	for _, bm := range []struct{ call, data string }{
		{"count()", "int"}, {"count_if(condition)", "int"}, {"sum(x)", "int"}, {"sum(x)", "float"}, {"sum(x)", "signed"}, {"avg(x)", "float"},
		{"min(x)", "int"}, {"max(x)", "string"}, {"last(x)", "string"}, {"stddev(x)", "float"}, {"quantile 0.9", "float"}, {"quantile 0.9", "int"},
		{"distinct(x)", "string"}, {"distinct(x)", "distinct"}, {"top_k 3", "string"}, {"histogram", "float"},
	} {
		b.Run(bm.call+"/"+bm.data, func(b *testing.B) {
			a := calls(b)[bm.call]
			all := inputs(r, 4096, func(*rand.Rand) record.Value { return data[bm.data]() })
			acc := a.New()
			for _, in := range all {
				acc.Add(in)
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				acc.Add(all[i&4095])
				i++
			}
		})
	}
}

// BenchmarkResult is what each key costs when its window closes.
func BenchmarkResult(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, call := range []string{"count()", "sum(x)", "avg(x)", "stddev(x)", "quantile 0.9", "distinct(x)", "top_k 3", "collect(x)"} {
		b.Run(call, func(b *testing.B) {
			acc := calls(b)[call].New()
			for _, in := range inputs(r, 1000, func(r *rand.Rand) record.Value { return record.FloatValue(math.Exp(2 * r.NormFloat64())) }) {
				acc.Add(in)
			}
			b.ReportAllocs()
			var dst []byte
			for b.Loop() {
				_, dst, _ = acc.Result(dst[:0], minute)
			}
		})
	}
}

// BenchmarkAppend is what each changed key costs at a barrier.
func BenchmarkAppend(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, call := range []string{"count()", "sum(x)", "quantile 0.9", "distinct(x)"} {
		b.Run(call, func(b *testing.B) {
			acc := calls(b)[call].New()
			for _, in := range inputs(r, 1000, func(r *rand.Rand) record.Value { return record.FloatValue(math.Exp(2 * r.NormFloat64())) }) {
				acc.Add(in)
			}
			b.ReportAllocs()
			var dst []byte
			for b.Loop() {
				dst = acc.Append(dst[:0])
			}
			b.ReportMetric(float64(len(dst)), "bytes")
		})
	}
}
