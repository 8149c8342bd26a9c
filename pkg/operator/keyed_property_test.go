package operator

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/record"
)

// sameAnswer are chains over fields ts, k, id, v and text: each kind of keyed stage, and each way to put two behind each other.
var sameAnswer = []string{
	`timestamp ts, unit ms, disorder 300ms | key_by k | window tumbling 1s | aggregate n = count(), sum = sum(v), avg = avg(v), first = first(text), all = collect(text)`,
	`timestamp ts, unit ms, disorder 300ms | key_by k | window sliding 1s, every 300ms | aggregate n = count(), least = min(v), most = argmax(text, v)`,
	`timestamp ts, unit ms, disorder 300ms | key_by k, odd = v % 2 | window session 130ms | aggregate n = count(), first = first(text), last = last(text), users = distinct(id), p = quantile(v, 0.9)`,
	`timestamp ts, unit ms, disorder 200ms | key_by k | window tumbling 500ms, lateness 2s | aggregate n = count(), sum = sum(v)`,
	`timestamp ts, unit ms, disorder 200ms | key_by k | window sliding 1s, every 500ms, lateness 400ms, late dead_letter | aggregate n = count(), last = last(text)`,
	`filter v > 2 | timestamp ts, unit ms, disorder 300ms | window tumbling 1s | aggregate n = count(), top = top_k(k, 20)`,
	`timestamp ts, unit ms, disorder 300ms | dedupe id, within 700ms | key_by k | window tumbling 1s | aggregate n = count(), last = last(text)`,
	`timestamp ts, unit ms, disorder 300ms | key_by lane, k | dedupe v, within 400ms, late dead_letter | map k, v, text`,
	`timestamp ts, unit ms, disorder 300ms | key_by k | window tumbling 300ms | aggregate n = count() | dedupe n, within 900ms`,
	`timestamp ts, unit ms, disorder 300ms | key_by k | window tumbling 500ms | aggregate n = count(), sum = sum(v)
		filter n > 1 | key_by rest = sum % 3 | window session 1s | aggregate keys = count(), most = max(sum), last = last(k)`,
	`timestamp ts, unit ms, disorder 300ms | key_by k | window tumbling 500ms | aggregate n = count() | window tumbling 1s | aggregate most = max(n)
		window tumbling 3s | aggregate all = sum(most) | sample 50%`,
}

// TestSameAnswer holds that the same records give the same results, whatever the slices, the order in which lanes and tasks
// get their turns, how many tasks there are, and however often it crashes and goes on from its last barrier.
func TestSameAnswer(t *testing.T) {
	seeds := 2
	if testing.Short() {
		seeds = 1
	}
	for i, chain := range sameAnswer {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			plan := compile(t, chain)
			for seed := range uint64(seeds) {
				w := newWorld(t, plan, seed)
				want := w.run(rand.New(rand.NewPCG(seed, 0)), false)
				if len(want) < 3 {
					t.Fatalf("seed %d: only %d results", seed, len(want))
				}
				for turn := range uint64(4) {
					got := w.run(rand.New(rand.NewPCG(seed, 1+turn)), true)
					if diff := cmp.Diff(want, got); diff != "" {
						t.Fatalf("chain %s\nseed %d, turn %d (-want +got):\n%s", chain, seed, turn, diff)
					}
				}
			}
		})
	}
}

// world is the records of some lanes.
type world struct {
	t     *testing.T
	plan  *Plan
	names []string
	lanes map[string][]record.Record
}

func newWorld(t *testing.T, p *Plan, seed uint64) *world {
	rng := rand.New(rand.NewPCG(seed, 99))
	w := &world{t: t, plan: p, lanes: map[string][]record.Record{}}
	for i := range 1 + rng.IntN(4) {
		name := string(rune('a' + i))
		w.names = append(w.names, name)
		now := int64(rng.IntN(2000))
		for n := range 60 + rng.IntN(60) {
			now += int64(rng.IntN(90))
			ts := now - int64(rng.IntN(250))
			if rng.IntN(12) == 0 {
				ts -= int64(rng.IntN(3000)) // late, or nearly
			}
			v := rng.IntN(12)
			payload := fmt.Sprintf(`{"ts":%d,"k":"k%d","id":"%s%d","v":%d,"lane":%q,"text":"%s-%d"}`, ts, rng.IntN(5), name, rng.IntN(9), v, name, name, n)
			w.lanes[name] = append(w.lanes[name], record.Record{
				Data: []byte(payload), Key: []byte("pk"), Sequence: sequenceOf(1000*i + n), Arrival: 10_000,
			})
		}
	}
	return w
}

// run plays the world to its end and returns the sorted results, of a window that opened again the last. Wild runs crash.
func (w *world) run(rng *rand.Rand, wild bool) []string {
	var committed, since []string
	d := newDisk()
	if wild && rng.IntN(2) == 0 {
		d.memory = 1 // whatever is durable is evicted
	}
	start := func(s *saved) *rig {
		tasks := 1
		if wild {
			tasks += rng.IntN(4)
		}
		r := newRig(w.t, w.plan, d, tasks, w.names, s)
		r.say = func(line string) { since = append(since, line) }
		r.dead = func(line string) { since = append(since, "dead "+line) }
		return r
	}
	w.plan.Restore(nil)
	r := start(nil)
	last := r.save()
	for {
		turn := 2 + rng.IntN(18)
		if !wild {
			turn = 3 // neither barriers nor crashes
		}
		switch turn {
		case 2:
			last = r.save()
			committed, since = append(committed, since...), nil
		case 19:
			since = nil
			r = start(last)
		default:
			if !w.turn(r, rng) {
				r.drain()
				r.end()
				return lastOf(append(committed, since...))
			}
		}
	}
}

// turn gives a lane or a task a turn; false: all lanes are at their ends.
func (w *world) turn(r *rig, rng *rand.Rand) bool {
	var ready []func()
	over := true
	for _, name := range w.names {
		l, recs := r.lanes[name], w.lanes[name]
		if l.next < len(recs) {
			over = false
			ready = append(ready, func() {
				n := min(len(recs)-l.next, 1+rng.IntN(7))
				r.slice(l, recs[l.next:l.next+n])
			})
		}
	}
	for _, row := range r.parts {
		for _, t := range row {
			if len(t.queue) > 0 {
				ready = append(ready, func() { r.handle(t) })
			}
		}
	}
	if over {
		return false
	}
	ready[rng.IntN(len(ready))]()
	return true
}

var revisionOf = regexp.MustCompile(`^(.*"window_end":"[^"]*"),"revision":(\d+),(.*)$`)

// lastOf keeps the last revision of each window.
func lastOf(results []string) []string {
	type revision struct{ n, text string }
	last := map[string]revision{}
	var all []string
	for _, line := range results {
		m := revisionOf.FindStringSubmatch(line)
		if m == nil || strings.HasPrefix(line, "dead ") {
			all = append(all, line)
			continue
		}
		if had, ok := last[m[1]]; !ok || len(m[2]) > len(had.n) || len(m[2]) == len(had.n) && m[2] > had.n {
			last[m[1]] = revision{m[2], m[3]}
		}
	}
	for window, r := range last {
		all = append(all, window+","+r.text)
	}
	slices.Sort(all)
	return all
}
