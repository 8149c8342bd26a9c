package operator

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDescribe(t *testing.T) {
	p := compile(t, "throttle 30/m\nfilter a==1&&(b > 2)\nset x.y = lower( z ) , w | drop \"a b\", c | map x, n = -1 | sample 5% | limit 7 | encode json")
	want := []string{
		"throttle 30/m",
		"decode json, assumed",
		"filter a == 1 && b > 2",
		"set x.y = lower(z), w",
		`drop "a b", c`,
		"map x, n = -1",
		"sample 0.05",
		"limit 7",
		"encode json",
	}
	if diff := cmp.Diff(want, p.Describe()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := p.Throttle(); got != 0.5 {
		t.Errorf("Throttle() = %v, want 0.5", got)
	}
	var labels []string
	for _, s := range laneChain(p).Stages {
		labels = append(labels, s.Label)
	}
	if diff := cmp.Diff([]string{"2:decode", "2:filter", "3:set", "5:map", "6:sample", "7:limit"}, labels); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	if len(p.Stateful()) != 0 {
		t.Errorf("Stateful() = %q, want none", p.Stateful())
	}
}

func TestChanges(t *testing.T) {
	for chain, want := range map[string]bool{
		"":                           false,
		"filter a == 1 | sample 10%": false,
		"decode text | limit 5":      false,
		"encode json":                false,
		"decode text | encode json":  true,
		"set a = 1":                  true,
		"drop a":                     true,
		"flat_map a":                 true,
		`encode text "{a}"`:          true,
	} {
		if got := compile(t, chain).Changes(); got != want {
			t.Errorf("%q: Changes() = %t, want %t", chain, got, want)
		}
	}
}

// TestExtra holds that stages of flags go to the chain's end, but ahead of its encode, and that their faults name them.
func TestExtra(t *testing.T) {
	cfg := Config{Chain: `set b = a + 1 | encode text "{b}"`, Name: "chain.txt", Extra: []string{"filter b > 2", "flat_map missing"}}
	p, err := Compile(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"decode json, assumed", "set b = a + 1", "filter b > 2", "flat_map missing", "decode json, assumed", `encode text "{b}"`}, p.Describe()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	cfg.Extra = []string{"flat_map 5"}
	_, err = Compile(cfg)
	want := "--flat-map:1:10: flat_map needs a list, this is a number\n    flat_map 5\n             ^"
	if fmt.Sprint(err) != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestKey(t *testing.T) {
	p, err := Compile(Config{Chain: "map id = user.id, b", Key: "id ?? this.b"})
	if err != nil {
		t.Fatal(err)
	}
	got := newLane(p).run(t, `{"user":{"id":7}}`, `{"b":"x"}`, `{}`, `{"b":""}`).keys
	want := []string{"7", "x", "error: " + ErrNoKey.Error(), "error: " + ErrNoKey.Error()}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	_, err = Compile(Config{Key: "lowr(id)"})
	if want := "KSTREAM_SINK_PARTITION_KEY:1:1: there is no function lowr"; !strings.HasPrefix(fmt.Sprint(err), want) {
		t.Errorf("got %v, want %s…", err, want)
	}
}

// TestLimit holds that over all lanes exactly N records pass, also when the count comes out of a checkpoint.
func TestLimit(t *testing.T) {
	p := compile(t, "limit 1000 | limit 5000")
	p.Restore(map[string]int64{"1": 100})
	var wg sync.WaitGroup
	passed := make([]int, 4)
	for i := range passed {
		wg.Go(func() {
			l := newLane(p)
			for range 100 {
				passed[i] += len(l.run(t, "a", "b", "c", "d", "e", "f", "g").out)
			}
		})
	}
	wg.Wait()
	if got := passed[0] + passed[1] + passed[2] + passed[3]; got != 900 {
		t.Errorf("%d records passed, want 900", got)
	}
	if !p.Enough() {
		t.Error("Enough() = false at the limit")
	}
	if diff := cmp.Diff(map[string]int64{"1": 1000, "2": 900}, p.Counts()); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if q := compile(t, "limit 10"); q.Enough() {
		t.Error("Enough() = true before a record")
	}
}

// TestSample holds that a sample is the share that was asked for, and the same for every way to cut slices.
func TestSample(t *testing.T) {
	payloads := make([]string, 20_000)
	for i := range payloads {
		payloads[i] = fmt.Sprint(i)
	}
	p := compile(t, "sample 0.1")
	whole := newLane(p).run(t, payloads...).out
	if n := len(whole); n < 1850 || n > 2150 {
		t.Errorf("%d of 20,000 records passed sample 0.1", n)
	}
	l := newLane(p)
	var parts []string
	for i := range payloads {
		l.next = i
		recs := l.records(payloads[i : i+1])
		recs[0].Subsequence = uint32(i)
		l.batch.Fill(l.part, recs)
		parts = append(parts, string(l.slice(t, recs, nil, true)))
	}
	if got := strings.Join(parts, ""); got != strings.Join(whole, "") {
		t.Error("one by one another sample passes than all at once")
	}
}

// TestNotice holds what is said of fields that no record has, or that always have another type, once.
func TestNotice(t *testing.T) {
	var mu sync.Mutex
	var said []string
	p, err := Compile(Config{
		Chain: `set seen.by = 1 | filter levle != "x" && status >= "500" && user.nmae == nil && took < 5 && a.b == 1 && other == nil`,
		Notice: func(msg string) {
			mu.Lock()
			defer mu.Unlock()
			said = append(said, msg)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			l := newLane(p)
			for range 1200 {
				l.run(t, ` {"level":"info","status":500,"user":{"name":"n"},"took":"5","a.b":1}`)
			}
		})
	}
	wg.Wait()
	want := []string{
		"none of the first 1000 records has a field levle; did you mean level?",
		"2:filter needs a string in the field status, which was always a number in the first 1000 records",
		"none of the first 1000 records has a field user.nmae; did you mean user.name?",
		"2:filter needs a number in the field took, which was always a string in the first 1000 records",
		"none of the first 1000 records has a field other",
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
}

// TestHostile holds that no payload takes the process, or much time.
func TestHostile(t *testing.T) {
	deep := strings.Repeat(`[`, 2_000_000)
	long := `{"a":[` + strings.Repeat("1,", 3000) + `1],"n":1000000000,"s":"` + strings.Repeat("x", 1000) + `"}`
	for _, tt := range []struct{ chain, payload, want string }{
		{"filter a == 1", `{"a":` + deep, "1:decode: the payload is not JSON: nesting too deep at byte 10004"},
		{"filter b == 1", `{"a":` + strings.Repeat(`{"a":`, 20_000), "1:decode: the payload is not JSON: nesting too deep at byte 50000"},
		{"filter any(a, any(a, any(a, # == 2)))", long, "1:filter: " + "the expression takes too much work for this record: more than 1,048,576 steps"},
		{"set b = repeat(s, n)", long, "1:set: the expression makes too much text for this record: more than 4 MiB and four times its payload"},
		{`set b = replace(s, "", repeat(s, 1000))`, long, "1:set: the expression makes too much text for this record: more than 4 MiB and four times its payload"},
		{"set b = 1..n", long, "1:set: a range gives at most 10000 numbers"},
		{"filter a ** n > 1", `{"a":3,"n":9223372036854775807}`, "1:filter: ** goes beyond 64-bit integers"},
		{"filter a == 1", "\xff\xfe{", "1:decode: the payload is no JSON object, so it has no fields"},
		{"decode text | filter text == nil", "abc\xffd", "1:decode: the payload is no UTF-8 text: byte 0xff at 3"},
		{"filter a == 1", "", "1:decode: the payload is empty"},
		{"filter a == 1", `{"a":1} {"a":1}`, "1:decode: the payload is not JSON: something stands behind the document at byte 8"},
	} {
		t.Run(tt.chain, func(t *testing.T) {
			res := newLane(compile(t, tt.chain)).run(t, tt.payload)
			if diff := cmp.Diff([]string{tt.want}, res.dead); diff != "" || len(res.out) > 0 {
				t.Errorf("%d went out; dead letters (-want +got):\n%s", len(res.out), diff)
			}
		})
	}
}
