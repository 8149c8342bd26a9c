package simulation

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kstream/kstream/pkg/record"
)

// arrived is a payload and when the service took it.
type arrived struct {
	payload
	at record.Millis
}

// windowed are chains with keyed state over arrival times, in which no record is ever late: shards keep their order, and a
// shard counts as idle only while it answers.
var windowed = []flow{
	{
		chain: "decode json\nkey_by key\nwindow tumbling 5s\naggregate n = count(), total = sum(n)",
		lines: brokenOnly, results: func(all []arrived) []string {
			return grouped(all, func(a arrived) string { return fmt.Sprint(a.key, " ", a.at/5000) }, func(in []arrived) string {
				start := in[0].at / 5000 * 5000
				return fmt.Sprintf(`{"key":%q,"window_start":%q,"window_end":%q,"n":%d,"total":%d}`,
					in[0].key, stamp(start), stamp(start+5000), len(in), total(in))
			})
		},
	},
	{
		chain: "decode json\nfilter !drop\nkey_by key\nwindow session 4s\naggregate n = count(), first = first(n), last = last(n)\nfilter n > 1",
		lines: brokenOnly, results: sessions,
	},
	{
		chain: "decode json\nwindow sliding 10s, every 5s\naggregate keys = distinct(key), most = max(n)",
		lines: brokenOnly, results: func(all []arrived) (lines []string) {
			var copies []arrived
			for _, a := range all {
				late := a
				late.at += 5000
				copies = append(copies, a, late) // each is in two windows
			}
			return grouped(copies, func(a arrived) string { return fmt.Sprint(a.at / 5000) }, func(in []arrived) string {
				end := (in[0].at/5000 + 1) * 5000
				keys, most := map[string]bool{}, 0
				for _, a := range in {
					keys[a.key], most = true, max(most, a.n)
				}
				return fmt.Sprintf(`{"window_start":%q,"window_end":%q,"keys":%d,"most":%d}`, stamp(end-10_000), stamp(end), len(keys), most)
			})
		},
	},
	{
		chain: "decode json\nkey_by key\nwindow tumbling 2s\naggregate n = count()\nkey_by n\nwindow tumbling 10s\naggregate windows = count()",
		lines: brokenOnly, results: func(all []arrived) []string {
			var firsts []arrived
			for _, in := range groups(all, func(a arrived) string { return fmt.Sprint(a.key, " ", a.at/2000) }) {
				firsts = append(firsts, arrived{payload{n: len(in)}, in[0].at/2000*2000 + 1999})
			}
			return grouped(firsts, func(a arrived) string { return fmt.Sprint(a.n, " ", a.at/10_000) }, func(in []arrived) string {
				start := in[0].at / 10_000 * 10_000
				return fmt.Sprintf(`{"n":%d,"window_start":%q,"window_end":%q,"windows":%d}`, in[0].n, stamp(start), stamp(start+10_000), len(in))
			})
		},
	},
}

func brokenOnly(p payload, _ string) (lines, refused []string) {
	if p.broken {
		return nil, []string{"1:decode"}
	}
	return nil, nil
}

func stamp(m record.Millis) string { return m.Time().Format(time.RFC3339Nano) }

func total(in []arrived) (sum int) {
	for _, a := range in {
		sum += a.n
	}
	return sum
}

func groups(all []arrived, by func(arrived) string) map[string][]arrived {
	m := map[string][]arrived{}
	for _, a := range all {
		if !a.broken {
			m[by(a)] = append(m[by(a)], a)
		}
	}
	return m
}

func grouped(all []arrived, by func(arrived) string, line func([]arrived) string) (lines []string) {
	for _, in := range groups(all, by) {
		lines = append(lines, line(in))
	}
	return lines
}

// sessions are the runs of a key's records with less than 4 s between two of them.
func sessions(all []arrived) (lines []string) {
	for _, in := range groups(all, func(a arrived) string { return a.key }) {
		in = slices.DeleteFunc(in, func(a arrived) bool { return a.drop })
		slices.SortStableFunc(in, func(a, b arrived) int { return cmp.Compare(a.at, b.at) })
		for from := 0; from < len(in); {
			to := from + 1
			for to < len(in) && in[to].at < in[to-1].at+4000 {
				to++
			}
			if s := in[from:to]; len(s) > 1 {
				lines = append(lines, fmt.Sprintf(`{"key":%q,"window_start":%q,"window_end":%q,"n":%d,"first":%d,"last":%d}`,
					s[0].key, stamp(s[0].at), stamp(s[len(s)-1].at+4000), len(s), s[0].n, s[len(s)-1].n))
			}
			from = to
		}
	}
	return lines
}

// Windows over a stream that is written to, resharded and fails, in a job that crashes, is stopped and goes on with another
// number of tasks and hardly any memory: each result stands in the files once, and is that of all records together.
func TestWindowsExactlyOnce(t *testing.T) {
	each(t, func(t *testing.T, random func() *rand.Rand) {
		r := random()
		f := windowed[r.IntN(len(windowed))]
		s := newScene(t, random(), f)
		j := newJob(t, random(), s.server, f)
		j.through(s, time.Duration(10+r.IntN(60))*time.Second)
		want := f.results(s.ledger.all)
		slices.Sort(want)
		got := read(t, j.dir, "out")
		slices.Sort(got)
		if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%d results, want %d; wanted (-) and got (+) differ:\n%s", len(got), len(want), head(diff, 30))
		}
		compare(t, "dead letters", s.ledger.letters, letters(t, read(t, j.dir, "dead")))
	})
}
