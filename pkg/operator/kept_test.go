package operator

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/state"
	"github.com/kstream/kstream/pkg/window"
)

// someResult is the plan of an aggregate, to load what stages have kept.
func someResult(t testing.TB) *result {
	b := &builder{plan: &Plan{parts: make([]part, 1)}, faults: &Faults{}, notice: func(string) {}}
	b.fields = newScope(b)
	src := &source{name: "chain", original: "aggregate n = count(), sum = sum(x), all = collect(y)"}
	b.current = newClause(1, src.split(b.faults)[0])
	made := b.aggregations(b.current)
	if len(*b.faults) > 0 {
		t.Fatal(b.faults)
	}
	return &result{label: "1:aggregate", aggregations: made}
}

// FuzzKept holds that what a stage has kept is read back as it was, and that bytes that no stage wrote are an error or
// something that can be kept again.
func FuzzKept(f *testing.F) {
	res := someResult(f)
	g := res.newGroup()
	g.next = 7
	in := window.Input{Value: record.IntValue(3), Event: 5, Sequence: []byte("12")}
	for _, a := range g.values {
		a.Add(&in)
	}
	k := &keySessions{due: -5}
	k.insert(0, g.values)
	k.join(0, 1, window.Span{Start: -10, End: 20})
	f.Add(g.Append(nil))
	f.Add(k.Append(nil))
	f.Add(first(math.MinInt64).Append(nil))
	f.Add(mark{}.Append(nil))
	f.Add([]byte{groupVersion + 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		again(t, data, res.loadGroup)
		again(t, data, res.loadSessions)
		again(t, data, loadFirst)
		again(t, data, loadMark)
	})
}

func again[V state.Value](t *testing.T, data []byte, load func([]byte) (V, error)) {
	v, err := load(data)
	if err != nil {
		return
	}
	once := v.Append(nil)
	w, err := load(once)
	if err != nil {
		t.Fatalf("%T: what was written can't be read: %v", v, err)
	}
	if twice := w.Append(nil); !bytes.Equal(once, twice) {
		t.Fatalf("%T: %x was read as %x", v, once, twice)
	}
	if w.Size() < 0 {
		t.Fatalf("%T: size %d", v, w.Size())
	}
}

// TestKeptRoundTrip holds that nothing of what stages keep is lost on disk, and that damage is said.
func TestKeptRoundTrip(t *testing.T) {
	res := someResult(t)
	g := res.newGroup()
	g.next = 1 << 31
	in := window.Input{Value: record.IntValue(3), Event: 5, Sequence: []byte("12")}
	for _, a := range g.values {
		a.Add(&in)
	}
	data := g.Append(nil)
	got, err := res.loadGroup(data)
	if err != nil || got.next != g.next || !bytes.Equal(got.Append(nil), data) {
		t.Errorf("a group came back as %+v, %v", got, err)
	}
	k := &keySessions{due: 77}
	k.insert(0, g.values)
	k.join(0, 1, window.Span{Start: 5, End: 10})
	k.insert(1, res.newValues())
	k.join(1, 2, window.Span{Start: 20, End: 30})
	sessions := k.Append(nil)
	again, err := res.loadSessions(sessions)
	if err != nil || again.due != 77 || len(again.spans) != 2 || again.spans[1] != k.spans[1] || !bytes.Equal(again.Append(nil), sessions) {
		t.Errorf("sessions came back as %+v, %v", again, err)
	}
	for n := range data {
		if _, err := res.loadGroup(data[:n]); err == nil {
			t.Errorf("a group was read of the first %d of %d bytes", n, len(data))
		}
	}
	for n := range sessions {
		if _, err := res.loadSessions(sessions[:n]); err == nil {
			t.Errorf("sessions were read of the first %d of %d bytes", n, len(sessions))
		}
	}
	if _, err := res.loadGroup(append(data, 0)); err == nil {
		t.Error("a group was read with a byte too many")
	}
	if _, err := loadFirst([]byte{groupVersion + 1, 0, 0, 0, 0, 0, 0, 0, 0}); err == nil {
		t.Error("a version of the future was read")
	}
}

func TestClock(t *testing.T) {
	c := &Clock{High: record.StartOfTime, Disorder: 2 * time.Second}
	for _, step := range []struct{ event, before, after record.Millis }{
		{10_000, record.StartOfTime, 8000},
		{9000, 8000, 8000},
		{12_345, 8000, 10_345},
		{-1 << 62, 10_345, 10_345},
	} {
		r := &record.Record{}
		c.See(r, step.event)
		if r.Event != step.event || r.Watermark != step.before || c.Watermark() != step.after {
			t.Errorf("at %d: event %d, watermark %d before and %d behind it, want %d and %d", step.event, r.Event, r.Watermark, c.Watermark(), step.before, step.after)
		}
	}
	c.High = record.StartOfTime + 5
	if got := c.Watermark(); got != record.StartOfTime {
		t.Errorf("near the start of time the watermark is %d", got)
	}
	c.High = record.EndOfTime
	if got := c.Watermark(); got != record.EndOfTime {
		t.Errorf("at the end of time the watermark is %d", got)
	}
}
