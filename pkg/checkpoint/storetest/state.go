package storetest

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/record"
)

// runState saves changes of keyed state, and holds what Get and Scan find, at once and after a restart, against them.
func runState(t *testing.T, open Open) {
	var e record.Epoch
	for _, step := range []struct {
		name   string
		deltas []string // of one checkpoint: key=value, -key, and from..to, which is deleted
		want   string   // all of it, in order
	}{
		{"an empty store", nil, ""},
		{"sets, of several tasks", []string{"\x00a=1 \x00b=2", "\xff\xff=3"}, `"\x00a"="1" "\x00b"="2" "\xff\xff"="3"`},
		{"nothing that changed", []string{""}, `"\x00a"="1" "\x00b"="2" "\xff\xff"="3"`},
		{"an overwrite, a delete, and one of what is not there", []string{"\x00a=4 -\x00b -x"}, `"\x00a"="4" "\xff\xff"="3"`},
		{"an empty value", []string{"k="}, `"\x00a"="4" "k"="" "\xff\xff"="3"`},
		{"a range without its end", []string{"k1=1 k2=2 l=3", "", ""}, `"\x00a"="4" "k"="" "k1"="1" "k2"="2" "l"="3" "\xff\xff"="3"`},
		{"changes in their order", []string{"k..l k2=new"}, `"\x00a"="4" "k2"="new" "l"="3" "\xff\xff"="3"`},
		{"a set, then its range", []string{"k3=gone k..l"}, `"\x00a"="4" "l"="3" "\xff\xff"="3"`},
		{"a range over several first bytes", []string{"\x00..m"}, `"\xff\xff"="3"`},
	} {
		t.Run(step.name, func(t *testing.T) {
			s := open(t)
			load(t, s)
			e++
			c := &checkpoint.Checkpoint{Epoch: e}
			for _, text := range step.deltas {
				c.State = append(c.State, deltaOf(text))
			}
			if err := s.Save(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			holds(t, s, step.want)
			closeStore(t, s)
			s = open(t)
			defer closeStore(t, s)
			load(t, s)
			holds(t, s, step.want)
		})
	}
	t.Run("is read while it is saved", func(t *testing.T) { readWhileSaved(t, open, e) })
}

func deltaOf(text string) *checkpoint.Delta {
	d := new(checkpoint.Delta)
	for op := range strings.FieldsSeq(text) {
		from, to, isRange := strings.Cut(op, "..")
		key, value, isSet := strings.Cut(op, "=")
		switch {
		case isRange:
			d.DeleteRange([]byte(from), []byte(to))
		case isSet:
			d.Set([]byte(key), []byte(value))
		default:
			d.Delete([]byte(op[1:]))
		}
	}
	return d
}

func holds(t *testing.T, s checkpoint.Store, want string) {
	t.Helper()
	var got []string
	it, err := s.Scan(nil, bytes.Repeat([]byte{0xff}, 9))
	if err != nil {
		t.Fatal(err)
	}
	for it.Next() {
		got = append(got, fmt.Sprintf("%q=%q", it.Key(), it.Value()))
		value, found, err := s.Get([]byte("before "), it.Key())
		if err != nil || !found || string(value) != "before "+string(it.Value()) {
			t.Errorf("Get of %q: %q, %v, %v; Scan had %q", it.Key(), value, found, err, it.Value())
		}
		if _, found, err := s.Get(nil, append(bytes.Clone(it.Key()), 'x')); err != nil || found {
			t.Errorf("Get of %q and an x: %v, %v; want none", it.Key(), found, err)
		}
	}
	if err := it.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
		t.Fatalf("want (-) and scanned (+) differ:\n%s", diff)
	}
}

// readWhileSaved is for the race detector, and for iterators: they show what was there when they were made.
func readWhileSaved(t *testing.T, open Open, e record.Epoch) {
	s := open(t)
	defer closeStore(t, s)
	load(t, s)
	if err := s.Save(t.Context(), &checkpoint.Checkpoint{Epoch: e + 1, State: []*checkpoint.Delta{deltaOf("a=1 b=1 c=1")}}); err != nil {
		t.Fatal(err)
	}
	it, err := s.Scan([]byte("a"), []byte("d"))
	if err != nil {
		t.Fatal(err)
	}
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for range 100 {
				if v, found, err := s.Get(nil, []byte("b")); err != nil || !found || len(v) != 1 {
					t.Errorf("got %q, %v, %v while it was saved", v, found, err)
				}
			}
		})
	}
	for n := range record.Epoch(5) {
		c := &checkpoint.Checkpoint{Epoch: e + 2 + n, State: []*checkpoint.Delta{deltaOf("-a b=2 c=2")}}
		if err := s.Save(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	readers.Wait()
	got := ""
	for it.Next() {
		got += fmt.Sprintf("%s=%s ", it.Key(), it.Value())
	}
	if err := it.Close(); err != nil || got != "a=1 b=1 c=1 " {
		t.Errorf("the iterator showed %q, %v; want what was there when it was made", got, err)
	}
}
