package operator

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// seen is a record with the watermark of its lane before it.
type seen struct {
	TS        int64
	K, Lane   string
	V         int64
	watermark int64
}

// references are chains and what they have to give, computed from all records at once by the words of docs/time.md, with
// nothing of what the stages are made of. Sizes that are no multiple of the steps put a record now into one window, now into
// two; a lane's records are all a window of a few milliseconds has.
func references() map[string]func(all []seen) []string {
	all := map[string]func(all []seen) []string{
		`key_by k | window session 60ms | aggregate n = count(), sum = sum(v)`: func(all []seen) []string { return sessionsOf(all, 60) },
		`key_by k | window session 7ms | aggregate n = count(), sum = sum(v)`:  func(all []seen) []string { return sessionsOf(all, 7) },
		`key_by lane | dedupe v, within 150ms | map lane, v, ts`:               func(all []seen) []string { return firstsOf(all, 150) },
		`key_by lane | dedupe v, within 2s | map lane, v, ts`:                  func(all []seen) []string { return firstsOf(all, 2000) },
		`key_by k | window tumbling 400ms | aggregate m = sum(v) | key_by k | window tumbling 1200ms | aggregate n = count(), sum = sum(m)`: func(all []seen) []string {
			var results []seen
			for w, t := range overWindows(all, 400, 400, 0) {
				results = append(results, seen{TS: w.end - 1, K: w.key, V: t.sum, watermark: math.MinInt64})
			}
			return overWindows(results, 1200, 1200, 0).lines()
		},
	}
	for _, w := range []struct{ size, every, lateness int64 }{
		{1000, 1000, 0}, {700, 700, 900}, {1000, 300, 0}, {1000, 500, 0}, {1000, 700, 0}, {1000, 999, 0}, {1000, 700, 400}, {90, 7, 0}, {5, 3, 1},
	} {
		kind := fmt.Sprintf("sliding %dms, every %dms", w.size, w.every)
		if w.size == w.every {
			kind = fmt.Sprintf("tumbling %dms", w.size)
		}
		if w.lateness > 0 {
			kind += fmt.Sprintf(", lateness %dms", w.lateness)
		}
		all["key_by k | window "+kind+" | aggregate n = count(), sum = sum(v)"] = func(all []seen) []string {
			return overWindows(all, w.size, w.every, w.lateness).lines()
		}
	}
	return all
}

func TestAgainstReference(t *testing.T) {
	const disorder = 300
	for chain, want := range references() {
		plan := compile(t, fmt.Sprintf("timestamp ts, unit ms, disorder %dms | %s", disorder, chain))
		for seed := range uint64(3) {
			w := newWorld(t, plan, seed)
			results := want(w.seen(disorder))
			for turn := range uint64(3) {
				got := w.run(rand.New(rand.NewPCG(seed, turn)), turn > 0)
				if len(got) < 3 {
					t.Fatalf("%s, seed %d: only %d results", chain, seed, len(got))
				}
				if diff := cmp.Diff(results, got); diff != "" {
					t.Fatalf("%s, seed %d, turn %d (-want +got):\n%s", chain, seed, turn, diff)
				}
			}
		}
	}
}

// seen returns the records of all lanes, each lane's in its order.
func (w *world) seen(disorder int64) (all []seen) {
	for _, name := range w.names {
		watermark := int64(math.MinInt64)
		for _, r := range w.lanes[name] {
			s := seen{watermark: watermark}
			if err := json.Unmarshal(r.Data, &s); err != nil {
				w.t.Fatal(err)
			}
			watermark = max(watermark, s.TS-disorder)
			all = append(all, s)
		}
	}
	return all
}

type place struct {
	key        string
	start, end int64
}

type totals struct{ n, sum int64 }

type board map[place]totals

func (all board) add(p place, v int64) { all[p] = totals{all[p].n + 1, all[p].sum + v} }

// lines returns what a chain writes for windows, sorted.
func (all board) lines() (lines []string) {
	text := func(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.RFC3339Nano) }
	for p, t := range all {
		lines = append(lines, fmt.Sprintf(`{"k":%q,"window_start":%q,"window_end":%q,"n":%d,"sum":%d}`, p.key, text(p.start), text(p.end), t.n, t.sum))
	}
	slices.Sort(lines)
	return lines
}

// overWindows tries every window that can have records, and asks of each record whether it is in.
func overWindows(all []seen, size, every, lateness int64) board {
	results := board{}
	least := slices.MinFunc(all, byTime).TS
	most := slices.MaxFunc(all, byTime).TS
	for start := (least-size)/every*every - every; start <= most; start += every {
		for _, s := range all {
			if start <= s.TS && s.TS < start+size && start+size+lateness > s.watermark {
				results.add(place{s.K, start, start + size}, s.V)
			}
		}
	}
	return results
}

func byTime(a, b seen) int { return int(a.TS - b.TS) }

// sessionsOf sorts each key's records by time and parts them where nothing came for a gap.
func sessionsOf(all []seen, gap int64) []string {
	results := board{}
	byKey := map[string][]seen{}
	for _, s := range all {
		if s.TS > s.watermark {
			byKey[s.K] = append(byKey[s.K], s)
		}
	}
	for key, some := range byKey {
		slices.SortFunc(some, byTime)
		for from, i := 0, 1; i <= len(some); i++ {
			if i < len(some) && some[i].TS-some[i-1].TS < gap {
				continue
			}
			for _, s := range some[from:i] {
				results.add(place{key, some[from].TS, some[i-1].TS + gap}, s.V)
			}
			from = i
		}
	}
	return results.lines()
}

// firstsOf remembers all that passed, for ever.
func firstsOf(all []seen, within int64) (lines []string) {
	var passed []seen
	for _, s := range all {
		repeats := func(p seen) bool { return p.Lane == s.Lane && p.V == s.V && p.TS-s.TS < within && s.TS-p.TS < within }
		if s.TS+within <= s.watermark || slices.ContainsFunc(passed, repeats) {
			continue
		}
		passed = append(passed, s)
		lines = append(lines, fmt.Sprintf(`{"lane":%q,"v":%d,"ts":%d}`, s.Lane, s.V, s.TS))
	}
	slices.Sort(lines)
	return lines
}
