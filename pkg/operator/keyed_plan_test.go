package operator

import (
	"strconv"
	"strings"
	"testing"

	"github.com/cespare/xxhash/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/record"
)

// stagesOf returns the labels of a part, those of early halves in brackets.
func stagesOf(t *testing.T, p *Plan, part int) string {
	r := newRig(t, p, newDisk(), 1, nil, nil)
	c := laneChain(p)
	if part > 0 {
		c = r.parts[part-1][0].chain
	}
	var labels []string
	for _, s := range c.Stages {
		if s.Half {
			labels = append(labels, "("+s.Label+")")
		} else {
			labels = append(labels, s.Label)
		}
	}
	return strings.Join(labels, " ")
}

func TestParts(t *testing.T) {
	for _, tc := range []struct {
		chain string
		parts []string
	}{
		{"filter a == 1", []string{"1:decode 1:filter"}},
		{"timestamp ts | filter a == 1", []string{"1:decode 1:timestamp 2:filter"}},
		{"window tumbling 1m | aggregate n = count()", []string{"(0:timestamp) 1:window", "2:aggregate"}},
		{"key_by a | dedupe b, within 1h", []string{"(0:timestamp) 1:decode 1:key_by (2:dedupe)", "2:dedupe"}},
		{
			"filter a == 1 | timestamp ts | key_by a | window tumbling 1m | aggregate n = count() | filter n > 1 | encode json",
			[]string{"1:decode (2:timestamp) 1:filter 2:timestamp 3:key_by 4:window", "5:aggregate 6:filter"},
		},
		{
			"timestamp ts | key_by a, b | window tumbling 1m | aggregate n = count() | window tumbling 1h | aggregate n = max(n)",
			[]string{"1:decode 1:timestamp 2:key_by 3:window", "4:aggregate 5:window (6:aggregate) 6:aggregate"},
		},
		{
			"timestamp ts | dedupe id, within 1h | key_by a | window session 1m | aggregate n = count() | key_by n | window tumbling 1h | aggregate m = count()",
			[]string{"1:decode 1:timestamp (2:dedupe)", "2:dedupe 3:key_by 4:window", "5:aggregate 6:key_by 7:window", "8:aggregate"},
		},
	} {
		p := compile(t, tc.chain)
		var got []string
		for part := range p.Parts() {
			got = append(got, stagesOf(t, p, part))
		}
		if diff := cmp.Diff(tc.parts, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.chain, diff)
		}
		if keyed := p.Parts() > 1; p.KeyedState() != keyed || (laneChain(p).Clock != nil) != keyed || (len(p.Stateful()) > 0) != keyed {
			t.Errorf("%s: KeyedState() = %t, a clock: %t, Stateful() = %q", tc.chain, p.KeyedState(), laneChain(p).Clock != nil, p.Stateful())
		}
	}
}

func TestStateful(t *testing.T) {
	p := compile(t, `filter x == 1
		timestamp  ts , unit ms, disorder 7s, ahead 2h
		key_by a,b = lower( c )
		window sliding 5m,every 60s, lateness 1d, late dead_letter
		aggregate n=count( ), p = quantile(x , 0.990), c = collect(y, max 0010)
		set z = n
		sample 10%`)
	want := []string{
		"timestamp ts, unit ms",
		"key_by a, b = lower(c)",
		"window sliding 5m, every 1m, lateness 1d",
		"aggregate n = count(), p = quantile(x, 0.99), c = collect(y, max 10)",
	}
	if diff := cmp.Diff(want, p.Stateful()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := compile(t, "timestamp ts | filter a > 1").Stateful(); len(got) != 0 {
		t.Errorf("Stateful() = %q without keyed stages", got)
	}
}

// TestHoist holds where event time is seen, and what is said where that is behind a stage that drops records.
func TestHoist(t *testing.T) {
	const end = " | window tumbling 1m | aggregate n = count()"
	for _, tc := range []struct{ chain, stages, notice string }{
		{"filter a > 1 | sample 10% | timestamp ts", "1:decode (3:timestamp) 1:filter 2:sample 3:timestamp 4:window", ""},
		{"set b = 1 | filter a > 1 | drop c | timestamp ts", "1:decode 1:set (4:timestamp) 2:filter 4:timestamp 5:window", ""},
		{"filter a > 1 | keep ts, c | timestamp ts", "1:decode (3:timestamp) 1:filter 3:timestamp 4:window", ""},
		{"filter a > 1 | map t = ts | filter t > 2 | timestamp t", "1:decode 1:filter 2:map (4:timestamp) 3:filter 4:timestamp 5:window", "1:filter"},
		{"filter a > 1 | set x = 1 | timestamp this.ts", "1:decode (3:timestamp) 1:filter 2:set 3:timestamp 4:window", ""},
		{"filter a > 1 | set x = 1 | timestamp keys(this)[0]", "1:decode 1:filter 2:set 3:timestamp 4:window", "1:filter"},
		{"filter a > 1 | flat_map b | timestamp ts", "1:decode 1:filter 2:flat_map 3:decode 3:timestamp 4:window", "1:filter"},
		{"sample 10% | timestamp ts", "1:sample 2:decode 2:timestamp 3:window", "1:sample"},
		{"decode json | sample 10% | timestamp ts", "1:decode (3:timestamp) 2:sample 3:timestamp 4:window", ""},
		{"sample 10% | timestamp meta.arrival", "(2:timestamp) 1:sample 2:timestamp 3:window", ""},
		{"filter a > 1 | limit 5 | filter b > 1 | timestamp ts", "1:decode 1:filter 2:limit (4:timestamp) 3:filter 4:timestamp 5:window", "1:filter"},
		{"filter a.b > 1 | set a.c = 1 | timestamp a.ts", "1:decode 1:filter 2:set 3:timestamp 4:window", "1:filter"},
		{"decode text | filter text != '' | timestamp text", "1:decode (3:timestamp) 2:filter 3:timestamp 4:window", ""},
		{"filter a > 1", "(0:timestamp) 1:decode 1:filter 2:window", ""},
	} {
		var notices []string
		p, err := Compile(Config{Chain: tc.chain + end, Notice: func(msg string) { notices = append(notices, msg) }})
		if err != nil {
			t.Fatalf("%s:\n%v", tc.chain, err)
		}
		if got := stagesOf(t, p, 0); got != tc.stages {
			t.Errorf("%s:\n got %s\nwant %s", tc.chain, got, tc.stages)
		}
		said := strings.Join(notices, "\n")
		if (tc.notice == "") != (said == "") || !strings.Contains(said, "behind "+tc.notice) && tc.notice != "" {
			t.Errorf("%s: the notice is %q, want one of %q", tc.chain, said, tc.notice)
		}
		if described := strings.Join(p.Describe(), "\n"); tc.notice != "" && !strings.Contains(described, "move it ahead") {
			t.Errorf("%s is described without the notice:\n%s", tc.chain, described)
		}
	}
}

func TestDescribeKeyed(t *testing.T) {
	p := compile(t, "filter a>1 | timestamp ts, disorder 1m | key_by b | window session 7d | aggregate n = count( ) | dedupe n, within 1h")
	want := []string{
		"decode json, assumed",
		"filter a > 1",
		"timestamp ts, disorder 1m, ahead 1h",
		"key_by b",
		"window session 7d",
		"aggregate n = count()",
		"dedupe n, within 1h",
	}
	if diff := cmp.Diff(want, p.Describe()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// hashKey is the hash of the group whose one value is that text.
func hashKey(text string) string {
	group := record.AppendValue(nil, &record.Value{Kind: record.String, Text: []byte(text)})
	return strconv.FormatUint(xxhash.Sum64(group), 16)
}

// TestDefaultKey holds with which key results go to an output that has keys.
func TestDefaultKey(t *testing.T) {
	const end = ` | window tumbling 1s | aggregate n = count()`
	for _, tc := range []struct{ chain, in, want string }{
		{`key_by k` + end, `{"k":"a b"}`, "a b"},
		{`key_by k` + end, `{"k":1.50}`, "1.5"},
		{`key_by k` + end, `{}`, "null"},
		{`key_by k` + end, `{"k":""}`, hashKey("")}, // a stream takes no empty key, and none of more than 256 characters
		{`key_by k` + end, `{"k":"` + strings.Repeat("ä", 256) + `"}`, strings.Repeat("ä", 256)},
		{`key_by k` + end, `{"k":"` + strings.Repeat("ä", 257) + `"}`, hashKey(strings.Repeat("ä", 257))},
		{`key_by k, l` + end, `{"k":"a","l":1}`, `["a",1]`},
		{`key_by a, b, c, d, e` + end, `{"a":1}`, `[1,null,null,null,null]`},
		{`key_by k | dedupe id, within 1s`, `{"k":{"x": 1},"id":1}`, `{"x":1}`},
		{`key_by l` + end + ` | key_by k = l` + end, `{"l":true}`, "true"},
	} {
		p := compile(t, tc.chain)
		r := newRig(t, p, newDisk(), 1, []string{"a"}, nil)
		last := r.parts[len(r.parts)-1][0].chain
		encode := last.Encode
		var got []string
		last.Encode = func(dst []byte, b *record.Batch, rec *record.Record) ([]byte, error) {
			key, err := last.DefaultKey(nil, b, rec)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, string(key))
			return encode(dst, b, rec)
		}
		r.say = func(string) {}
		r.slice(r.lanes["a"], []record.Record{{Data: []byte(tc.in), Arrival: 1000}})
		r.drain()
		r.end()
		if len(got) != 1 || got[0] != tc.want {
			t.Errorf("%s over %s: keys %q, want %q", tc.chain, tc.in, got, tc.want)
		}
	}
	for _, chain := range []string{"filter a == 1", "dedupe id, within 1s", "window tumbling 1s | aggregate n = count()"} {
		p := compile(t, chain)
		c := laneChain(p)
		if p.Parts() > 1 {
			c = newRig(t, p, newDisk(), 1, nil, nil).parts[0][0].chain
		}
		if c.DefaultKey != nil {
			t.Errorf("%s has a key of its own", chain)
		}
	}
}
