package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func costs(cpu ...time.Duration) []cost {
	var all []cost
	for _, c := range cpu {
		all = append(all, cost{cpu: c, kernel: c / 4, wall: 2 * c, resident: 3 << 20})
	}
	return all
}

// TestTable has a machine that got slower meanwhile: ratios are of each round, and don't see it.
func TestTable(t *testing.T) {
	got := table([]*result{
		{&contender{name: bareName}, costs(time.Second, 2*time.Second, 4*time.Second), 2e6},
		{&contender{name: stockName}, costs(10*time.Second, 20*time.Second, 40*time.Second), 9e6},
		{&contender{name: rawName}, costs(2*time.Second, 4*time.Second, 8*time.Second), 1e6},
	}, filled{Records: 4_000_000, Bytes: 4_000_000_000})
	want := strings.Join([]string{
		`|                                         | records/CPU s | MB/CPU s | of (a) | of (b) | of raw | CPU s |  least–most | in kernel | wall s | MiB | allocations/record |`,
		`|-----------------------------------------|--------------:|---------:|-------:|-------:|-------:|------:|------------:|----------:|-------:|----:|-------------------:|`,
		`| bodies read and not looked at, cbor (b) |     2,000,000 |     2000 |  10.00 |   1.00 |   2.00 |  2.00 |   1.00–4.00 |      0.50 |   4.00 |   3 |               0.50 |`,
		`| loop over the stock SDK, json (a)       |       200,000 |      200 |   1.00 |   0.10 |   0.20 | 20.00 | 10.00–40.00 |      5.00 |  40.00 |   3 |               2.25 |`,
		`| kstream, raw to file, cbor              |     1,000,000 |     1000 |   5.00 |   0.50 |   1.00 |  4.00 |   2.00–8.00 |      1.00 |   8.00 |   3 |               0.25 |`,
		``,
	}, "\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wanted (-) and made (+) differ:\n%s", diff)
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		all  []float64
		want float64
	}{{[]float64{7}, 7}, {[]float64{9, 1}, 5}, {[]float64{9, 1, 2}, 2}, {[]float64{4, 1, 100, 2}, 3}} {
		if got := median(c.all); got != c.want {
			t.Errorf("median(%v) = %v, want %v", c.all, got, c.want)
		}
	}
}

func TestThousands(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 999: "999", 1000: "1,000", 123456.7: "123,457", 1e9: "1,000,000,000"} {
		if got := thousands(v); got != want {
			t.Errorf("thousands(%v) = %q, want %q", v, got, want)
		}
	}
}

func TestParseBusy(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"cpu  100 20 30 4000 500 6 7 8 900 10\ncpu0 1 1 1 1 1 1 1 1\n": 1710 * time.Millisecond,
		"cpu  1 2\n":                             -1,
		"cpu  100 20 30 4000 500 6 7 x 900 10\n": -1,
		"":                                       -1,
	} {
		if got := parseBusy([]byte(text)); got != want {
			t.Errorf("parseBusy(%q) = %v, want %v", text, got, want)
		}
	}
}

func TestParseMetrics(t *testing.T) {
	got, err := parseMetrics(strings.NewReader("# HELP a A.\na{shard=\"1 {\"} 2\na{shard=\"2\"} 3\nb 1.5e+06\n"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(metrics{"a": 5, "b": 1.5e6}, got); diff != "" {
		t.Errorf("wanted (-) and read (+) differ:\n%s", diff)
	}
	if _, err := parseMetrics(strings.NewReader("a b\n")); err == nil {
		t.Error("a value that is no number is taken")
	}
}
