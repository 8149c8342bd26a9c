package operator

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/state"
)

// windowsOf makes so many windows come due for each chain: a key each.
func windowsOf(t *testing.T, chain string, keys int, value string) *rig {
	p := compile(t, "timestamp ts, unit ms, disorder 1s | key_by k | "+chain)
	r := newRig(t, p, newDisk(), 1, []string{"a"}, nil)
	r.say = func(string) {}
	var recs []record.Record
	for i := range keys {
		recs = append(recs, record.Record{Data: fmt.Appendf(nil, `{"ts":%d,"k":%d,"v":%q}`, 1000+i%7, i, value), Sequence: sequenceOf(i)})
	}
	r.slice(r.lanes["a"], recs)
	r.drain()
	return r
}

// TestAdvanceBySlices holds that what is due comes out in slices, each result once, however much there is.
func TestAdvanceBySlices(t *testing.T) {
	long := strings.Repeat("x", 20_000)
	for _, tc := range []struct {
		chain string
		keys  int
		value string
		least int // calls
	}{
		{"window tumbling 10s | aggregate n = count()", 1500, "", 2},
		{"window sliding 10s, every 5s, lateness 1m | aggregate n = count()", 1500, "", 3},
		{"window session 10s | aggregate n = count()", 1500, "", 2},
		{"window tumbling 10s | aggregate all = collect(v)", 150, long, 3},
		{"window session 10s | aggregate all = collect(v)", 150, long, 3},
	} {
		r := windowsOf(t, tc.chain, tc.keys, tc.value)
		task := r.parts[0][0]
		timed := task.chain.Stages[0].Stage.(Timed)
		out := record.NewBatch(r.plan.Slots())
		seen := map[string]int{}
		calls := 0
		for more := true; more; calls++ {
			out.Reset()
			var err error
			if more, err = timed.Advance(context.Background(), 1_000_000, out); err != nil {
				t.Fatal(err)
			}
			if len(out.Records) > sliceResults || out.Size() > sliceBytes+2*len(long) {
				t.Errorf("%s: %d results of %d bytes at once", tc.chain, len(out.Records), out.Size())
			}
			for i := range out.Records {
				seen[fmt.Sprintf("%x at %d", out.Records[i].Group, out.Records[i].Event)]++
			}
		}
		windows := tc.keys
		if strings.Contains(tc.chain, "sliding") {
			windows *= 2
		}
		if len(seen) != windows || calls < tc.least {
			t.Errorf("%s: %d results in %d calls, want %d in at least %d", tc.chain, len(seen), calls, windows, tc.least)
		}
		for what, n := range seen {
			if n != 1 {
				t.Errorf("%s: %s came out %d times", tc.chain, what, n)
			}
		}
	}
}

var errDisk = errors.New("the disk is broken")

// brokenDisk has what another has, and can't read it.
type brokenDisk struct{ *disk }

func (d brokenDisk) Get([]byte, []byte) ([]byte, bool, error) { return nil, false, errDisk }

// TestStateThatCantBeRead holds that no stage takes what it can't read for nothing: the run ends.
func TestStateThatCantBeRead(t *testing.T) {
	for _, chain := range []string{
		"window tumbling 10s | aggregate n = count()",
		"window tumbling 10s, lateness 10s | aggregate n = count()",
		"window session 10s | aggregate n = count()",
		"dedupe v, within 10s",
	} {
		r := windowsOf(t, chain, 3, "x")
		r.save()
		store := state.New(state.Config{Reader: brokenDisk{r.disk}, Last: record.Groups - 1, Memory: 1 << 20, Durable: func() record.Epoch { return 1 }})
		task, err := r.plan.Instance(1, store)
		if err != nil {
			t.Fatal(err)
		}
		r.parts[0][0].chain, r.parts[0][0].store = task, store
		r.slice(r.lanes["a"], []record.Record{{Data: []byte(`{"ts":1500,"k":1,"v":"x"}`)}})
		for _, m := range r.parts[0][0].queue {
			if m.batch == nil {
				continue
			}
			if err = task.Stages[0].Stage.Process(context.Background(), m.batch); err != nil {
				break
			}
		}
		if !errors.Is(err, errDisk) {
			t.Errorf("%s: the error is %v", chain, err)
		}
	}
}
