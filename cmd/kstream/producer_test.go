package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestLines(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
		err        string
	}{
		{"none", "", nil, "EOF"},
		{"three, one empty", "a\n\nb\r\n", []string{"a", "", "b"}, "EOF"},
		{"no end of line", "a\nb", []string{"a", "b"}, "EOF"},
		{"too long", "a\n" + strings.Repeat("x", maxLine+1) + "\nb\n", []string{"a"}, "line 2 is longer than 10485760 bytes"},
	} {
		next := lines(t.Context(), strings.NewReader(c.text))
		keys := map[string]bool{}
		for i, want := range c.want {
			key, data, err := next()
			if err != nil || string(data) != want || keys[key] {
				t.Errorf("%s: line %d is %q with key %q, %v", c.name, i+1, data, key, err)
			}
			keys[key] = true
		}
		if _, data, err := next(); err == nil || !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: got %q, %v at the end, want %q", c.name, data, err, c.err)
		}
	}
}

// A stop does not wait for a line that nobody writes.
func TestLinesStop(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	stop, cancel := context.WithCancel(t.Context())
	next := lines(stop, r)
	cancel()
	if _, data, err := next(); !errors.Is(err, io.EOF) {
		t.Errorf("got %q, %v after the stop", data, err)
	}
}

func TestLimiterIsPrecise(t *testing.T) {
	for _, perSecond := range []float64{0.5, 7, 500, 10_000} {
		synctest.Test(t, func(t *testing.T) {
			l, begun := newLimiter(perSecond), time.Now()
			n := int(10 * perSecond)
			for range n {
				if err := l.Wait(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if d := time.Since(begun); (d - 10*time.Second).Abs() > 50*time.Millisecond {
				t.Errorf("%d records at %v/s took %v, want 10s", n, perSecond, d)
			}
		})
	}
}
