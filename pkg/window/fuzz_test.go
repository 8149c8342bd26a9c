package window

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// FuzzLoad loads bytes that nobody may have written into every function: an error, or an accumulator that works, takes memory in
// proportion, and is the same after another turn.
func FuzzLoad(f *testing.F) {
	aggregates := calls(f)
	names := slices.Sorted(maps.Keys(aggregates))
	for i, name := range names {
		for _, value := range families {
			a, acc := aggregates[name], aggregates[name].New()
			for _, in := range inputs(rand.New(rand.NewPCG(7, 8)), 70, value) {
				if a.Accepts(in) == nil {
					acc.Add(in)
				}
			}
			f.Add(uint8(i), acc.Append(nil))
		}
		f.Add(uint8(i), []byte{version})
		f.Add(uint8(i), []byte{version, 0xff, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0})
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		a := aggregates[names[int(which)%len(names)]]
		acc, rest, err := a.Load(data)
		if err != nil {
			if len(rest) != len(data) {
				t.Fatal("what can't be read was taken")
			}
			return
		}
		if size := acc.Size(); size > 100_000+200*len(data) {
			t.Fatalf("%d bytes make an accumulator of %d", len(data), size)
		}
		first := shown(acc)
		form := acc.Append(nil)
		again, _, err := a.Load(form)
		if err != nil {
			t.Fatalf("loading what was saved: %v", err)
		}
		if second := shown(again); second != first {
			t.Fatalf("got %s, and saved and loaded %s", first, second)
		}
		// Nothing that follows panics, whatever the numbers were.
		acc.Merge(again)
		acc.Add(in("null", 0, 0))
		shown(acc)
	})
}

// FuzzRoundTrip has every function count inputs that the bytes make, and loads what it saves: the same bytes, and the same result.
func FuzzRoundTrip(f *testing.F) {
	aggregates := calls(f)
	names := slices.Sorted(maps.Keys(aggregates))
	kinds := slices.Sorted(maps.Keys(families))
	for i := range names {
		for j := range kinds {
			f.Add(uint8(i), uint8(j), uint16(30*i), uint64(i*j))
		}
	}
	f.Fuzz(func(t *testing.T, which, family uint8, n uint16, seed uint64) {
		a := aggregates[names[int(which)%len(names)]]
		acc := a.New()
		r := rand.New(rand.NewPCG(seed, 0))
		for _, in := range inputs(r, int(n)%4000+1, families[kinds[int(family)%len(kinds)]]) {
			if a.Accepts(in) == nil {
				acc.Add(in)
			}
		}
		form := acc.Append(nil)
		again := reloaded(t, a, acc)
		if !bytes.Equal(again.Append(nil), form) {
			t.Fatalf("%x becomes %x", form, again.Append(nil))
		}
		if got, want := shown(again), shown(acc); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	})
}

func TestLoadRefuses(t *testing.T) {
	for name, a := range calls(t) {
		acc := a.New()
		for _, in := range inputs(rand.New(rand.NewPCG(9, 10)), 80, families["small ints"]) {
			if a.Accepts(in) == nil {
				acc.Add(in)
			}
		}
		form := acc.Append(nil)
		for n := range form {
			if _, rest, err := a.Load(form[:n]); err == nil {
				t.Errorf("%s: %d of its %d bytes are enough", name, n, len(form))
			} else if len(rest) != n {
				t.Errorf("%s: what can't be read was taken", name)
			}
		}
		form[0] = version + 1
		if _, _, err := a.Load(form); err == nil || err.Error() != "the stored aggregate has version 2, and this kstream knows 1" {
			t.Errorf("%s: of another version it says %v", name, err)
		}
	}
}
