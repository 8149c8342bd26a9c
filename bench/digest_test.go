package main

import (
	"strings"
	"testing"
)

func TestDigest(t *testing.T) {
	const (
		slow   = `{"ts":"t1","level":"info","service":"cart","status":200,"latency_ms":30}`
		fast   = `{"ts":"t2","level":"info","service":"cart","status":200,"latency_ms":29}`
		failed = `{"ts":"t3","level":"error","service":"a\"b","status":500,"latency_ms":1.5e3}`

		morning = `{"ts":"2026-01-01T11:59:59.999Z","user_id":"u1","device":"d1","latency_ms":1}`
		noon    = `{"ts":"2026-01-01T12:00:00Z","user_id":"u1","device":"d1","latency_ms":7.5}`
	)
	lines := func(l ...string) string { return strings.Join(l, "\n") + "\n" }
	for _, c := range []struct {
		name, as, a, b string
		same           bool
	}{
		{"another order", "raw", lines(slow, fast), lines(fast, slow), true},
		{"a line lost", "raw", lines(slow, fast), lines(slow), false},
		{"a line twice", "raw", lines(slow, fast), lines(slow, fast, fast), false},
		{"a byte changed", "raw", lines(slow), lines(fast), false},
		{"two lines in one", "raw", lines("a", "b"), lines("ab"), false},
		{"nothing", "raw", "", "", true},
		{"filter", "filter", lines(slow, fast, strings.Replace(failed, "1.5e3", "1500", 1)), lines(slow), true},
		{"map", "map", lines(slow, failed), lines(`{"ts":"t1","service":"cart","status":200}`, `{"ts":"t3","service":"a\"b","status":500}`), true},
		{"count", "count", lines(morning, noon, noon), lines(
			`{"user_id":"u1","window_start":"2026-01-01T11:59:00Z","window_end":"2026-01-01T12:00:00Z","requests":1}`,
			`{"user_id":"u1","window_start":"2026-01-01T12:00:00Z","window_end":"2026-01-01T12:01:00Z","requests":2}`), true},
		{"p99", "p99", lines(noon, strings.Replace(noon, "7.5", "3", 1), morning), lines(
			`{"device":"d1","window_start":"2026-01-01T11:00:00Z","window_end":"2026-01-01T12:00:00Z","p99":1}`,
			`{"device":"d1","window_start":"2026-01-01T12:00:00Z","window_end":"2026-01-01T13:00:00Z","p99":7.5}`), true},
	} {
		a, err := digestOf(strings.NewReader(c.a), c.as)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		b, err := digestOf(strings.NewReader(c.b), "raw")
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if (a == b) != c.same {
			t.Errorf("%s: %v and %v, the same: %t", c.name, a, b, c.same)
		}
	}
}

func TestDigestRefuses(t *testing.T) {
	for _, c := range []struct{ text, as, want string }{
		{"{}\n{\"ts\":5}\n", "count", "reading line 2"},
		{"a\nb", "raw", "reading line 2: unexpected EOF"},
		{"{}\nb\n", "filter", "reading line 2: invalid character"},
		{"{\"status\":\"x\"}\n", "filter", "reading line 1"},
		{"[]\n", "map", "reading line 1"},
		{"a\n", "fold", `no treatment "fold"`},
	} {
		if _, err := digestOf(strings.NewReader(c.text), c.as); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q as %s: error %v, want one with %q", c.text, c.as, err, c.want)
		}
	}
}
