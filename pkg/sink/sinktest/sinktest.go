// Package sinktest is the conformance suite of record.Sink: every sink passes it.
package sinktest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/record"
)

// Harness makes sinks over one and the same place, and looks into it.
type Harness struct {
	// Open returns a sink that has not been restored, as a process that has just started has it.
	Open func(t *testing.T) record.Sink
	// Read returns the payloads that a reader of the place finds there, in order for each key.
	Read func(t *testing.T) []string
	// Frame is what the engine's encoder puts behind each payload: "\n" for lines.
	Frame string
}

// Run runs the suite. fresh returns a Harness over a place that holds nothing.
func Run(t *testing.T, fresh func(t *testing.T) Harness) {
	t.Run("what was prepared is there, in order", func(t *testing.T) {
		h := fresh(t)
		s := h.start(t, nil)
		want := h.write(t, s, 0, 500)
		commit(t, s, h.prepare(t, s, 1, true), 1)
		check(t, h, want)
		shut(t, s)
	})
	t.Run("a chunk is the caller's again after Write", func(t *testing.T) {
		h := fresh(t)
		s := h.start(t, nil)
		c := h.chunk("kept")
		if err := s.Write(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		for i := range c.Body {
			c.Body[i] = 'X'
		}
		commit(t, s, h.prepare(t, s, 1, true), 1)
		check(t, h, []string{"kept"})
		shut(t, s)
	})
	t.Run("empty epochs are harmless", func(t *testing.T) {
		h := fresh(t)
		s := h.start(t, nil)
		for e := range record.Epoch(3) {
			commit(t, s, h.prepare(t, s, e+1, e == 2), e+1)
		}
		check(t, h, nil)
		shut(t, s)
	})
	t.Run("exactly once over a crash", func(t *testing.T) {
		h := fresh(t)
		s := h.start(t, nil)
		if _, ok := s.(record.Restorer); !ok {
			shut(t, s)
			t.Skip("the sink is at least once")
		}
		h.crashes(t, s)
	})
}

// crashes writes three epochs, each of which is begun, lost, and done again.
func (h Harness) crashes(t *testing.T, s record.Sink) {
	var want []string
	token := h.prepare(t, s, 0, false)
	commit(t, s, token, 0)
	for e := record.Epoch(1); e <= 3; e++ {
		h.write(t, s, 7000, 50) // never prepared
		shut(t, s)
		s = h.start(t, token)
		want = append(want, h.write(t, s, int(e)*100, 50)...)
		h.prepare(t, s, e, false) // prepared, never saved
		shut(t, s)
		want = want[:len(want)-50]
		s = h.start(t, token)
		want = append(want, h.write(t, s, int(e)*100, 50)...)
		token = h.prepare(t, s, e, e == 3)
		shut(t, s) // saved, never committed
		s = h.start(t, token)
		shut(t, s)
		s = h.start(t, token) // and once more
	}
	shut(t, s)
	check(t, h, want)
}

func (h Harness) start(t *testing.T, token record.Token) record.Sink {
	t.Helper()
	s := h.Open(t)
	if r, ok := s.(record.Restorer); ok {
		if err := r.Restore(t.Context(), token); err != nil {
			t.Fatalf("restoring %s: %v", token, err)
		}
	}
	return s
}

func (h Harness) chunk(payloads ...string) *record.Chunk {
	c := new(record.Chunk)
	for _, p := range payloads {
		n := len(c.Body)
		c.Body = append(append(c.Body, p...), h.Frame...)
		c.Items = append(c.Items, record.Item{Data: c.Body[n:len(c.Body):len(c.Body)], Key: []byte("k")})
	}
	return c
}

func (h Harness) write(t *testing.T, s record.Sink, from, n int) (payloads []string) {
	t.Helper()
	for i := range n {
		payloads = append(payloads, fmt.Sprintf("record %d", from+i))
	}
	for part := range slices.Chunk(payloads, 7) {
		if err := s.Write(t.Context(), h.chunk(part...)); err != nil {
			t.Fatal(err)
		}
	}
	return payloads
}

func (h Harness) prepare(t *testing.T, s record.Sink, e record.Epoch, final bool) record.Token {
	t.Helper()
	token, err := s.Prepare(t.Context(), record.Barrier{Epoch: e, Final: final})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func commit(t *testing.T, s record.Sink, _ record.Token, e record.Epoch) {
	t.Helper()
	if c, ok := s.(record.Committer); ok {
		if err := c.Commit(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
}

func check(t *testing.T, h Harness, want []string) {
	t.Helper()
	if diff := cmp.Diff(want, h.Read(t)); diff != "" {
		t.Fatalf("wanted (-) and read (+) differ:\n%s", diff)
	}
}

func shut(t *testing.T, s record.Sink) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
