package ordered

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/kstream/kstream/pkg/record"
)

// kept is a sink that keeps what it is given.
type kept struct {
	text   strings.Builder
	writes int
}

func (k *kept) Write(_ context.Context, c *record.Chunk) error {
	k.text.Write(c.Body)
	k.writes++
	return nil
}

func (k *kept) Prepare(context.Context, record.Barrier) (record.Token, error) { return nil, nil }
func (k *kept) Close() error                                                  { return nil }

// rig is a sink with the lanes that write to it.
type rig struct {
	t     *testing.T
	sink  *Sink
	out   kept
	lanes map[string]record.Encoder
}

func newRig(t *testing.T, c Config) *rig {
	r := &rig{t: t, lanes: map[string]record.Encoder{}}
	if c.Memory == 0 {
		c.Memory = 1 << 20
	}
	r.sink = New(c, &r.out)
	return r
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// do has the sink hear one line of a script: "open b < a", "a 1 2 3" (lines that arrived then), "a to 5", "left a",
// "prepare".
func (r *rig) do(step string) {
	r.t.Helper()
	words, ctx := strings.Fields(step), r.t.Context()
	switch {
	case words[0] == "open":
		p := &record.Partition{ID: record.PartitionID(words[1])}
		for _, parent := range words[min(3, len(words)):] {
			p.Parents = append(p.Parents, record.PartitionID(parent))
		}
		r.sink.Opened(p)
	case words[0] == "left":
		r.must(r.sink.Left(ctx, record.PartitionID(words[1])))
	case words[0] == "prepare":
		_, err := r.sink.Prepare(ctx, record.Barrier{})
		r.must(err)
	case words[1] == "to":
		var at record.Millis
		_, err := fmt.Sscan(words[2], &at)
		r.must(err)
		r.must(r.sink.Reached(ctx, record.PartitionID(words[0]), at))
	default:
		r.must(r.sink.Write(ctx, r.chunk(words[0], words[1:]...)))
	}
}

// chunk returns lines "a1 " of a lane, that arrived at 1.
func (r *rig) chunk(lane string, arrivals ...string) *record.Chunk {
	if r.lanes[lane] == nil {
		r.lanes[lane] = Stamp(func(dst []byte, _ *record.Batch, rec *record.Record) ([]byte, error) {
			return fmt.Appendf(dst, "%s ", rec.Data), nil
		})
	}
	c := &record.Chunk{Partition: &record.Partition{ID: record.PartitionID(lane)}}
	for _, arrival := range arrivals {
		var at record.Millis
		_, err := fmt.Sscan(arrival, &at)
		r.must(err)
		_, err = c.Encode(&record.Batch{}, &record.Record{Arrival: at, Data: []byte(lane + arrival)}, r.lanes[lane], nil)
		r.must(err)
	}
	return c
}

func TestMerge(t *testing.T) {
	for _, c := range []struct {
		name string
		most int64
		// steps are parted by semicolons; "= text" is what has come out up to there.
		steps string
	}{
		{"alone", 0, "open a; a 1 2; = a1 a2; a 3; = a1 a2 a3"},
		{"two, and ties by name", 0, "open a; open b; a 1 3 5; =; b 1 4; = a1 b1 a3 b4; b 6; = a1 b1 a3 b4 a5; left a; = a1 b1 a3 b4 a5 b6"},
		{"a tie that may still come", 0, "open a; open b; b 2; a to 2; =; a to 3; = b2"},
		{"one that is silent", 0, "open a; open b; a 1 7; b to 5; = a1; b to 9; = a1 a7"},
		{"one that ends without a line", 0, "open a; open b; a 1 2; left b; = a1 a2"},
		{"an order of its own", 0, "open a; open b; a 4 2; b 3; left b; = b3 a4 a2"},
		{"going back is no news", 0, "open a; open b; b to 5; b to 1; a 3; = a3"},
		{"children", 0, "open a; open z; a 1 5; open b < a; open c < a; left a; z 2 8; = a1 z2 a5; b 6; c to 7; = a1 z2 a5 b6; left c; b 9; = a1 z2 a5 b6 z8"},
		{"a child that arrived before its parent", 0, "open a; open z; a 5; open b < a; left a; b 3; z 9; = a5 b3"},
		{"a child of two, behind the one that is open", 0, "open a; open b; a 1; left a; b 2 4; = a1 b2 b4; open c < a b; left b; c 5; = a1 b2 b4 c5"},
		{"as many as are wanted", 3, "open a; open b; a 1 3 5; b 2 4 6; = a1 b2 a3; left a; left b; prepare; = a1 b2 a3"},
		{"the end of an epoch", 0, "open a; open b; a 1 3; b 2; = a1 b2; prepare; = a1 b2 a3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ended := 0
			r := newRig(t, Config{Most: c.most, Enough: func() { ended++ }})
			for step := range strings.SplitSeq(c.steps, ";") {
				step = strings.TrimSpace(step)
				want, check := strings.CutPrefix(step, "=")
				if !check {
					r.do(step)
				} else if got := strings.TrimSpace(r.out.text.String()); got != strings.TrimSpace(want) {
					t.Fatalf("got %q, want %q", got, want)
				}
			}
			if want := int(min(c.most, 1)); ended != want {
				t.Errorf("Enough was called %d times, want %d", ended, want)
			}
		})
	}
}

// What is held back at the end of a run that a person has ended is dropped.
func TestDropped(t *testing.T) {
	r := newRig(t, Config{Dropped: func() bool { return true }})
	for _, step := range []string{"open a", "open b", "a 1", "prepare"} {
		r.do(step)
	}
	if got := r.out.text.String(); got != "" {
		t.Errorf("got %q, want nothing", got)
	}
}

// Lines of a partition that nobody has opened are a fault of the engine, and not lost.
func TestNotOpen(t *testing.T) {
	r := newRig(t, Config{})
	if err := r.sink.Write(t.Context(), r.chunk("a", "1")); err == nil {
		t.Error("lines of a partition that is not open were taken")
	}
}

// Where the memory does not hold the order, lines go out ahead of it, and it is said once.
func TestMemory(t *testing.T) {
	const memory = 10 * (lineSize + len("a10 ") + stampBytes)
	said := 0
	r := newRig(t, Config{Memory: memory, Exceeded: func() { said++ }})
	r.do("open a")
	r.do("open b")
	for i := range 40 {
		r.do(fmt.Sprint("a ", 10+i))
		if held := r.sink.hold.bytes(); held > memory {
			t.Fatalf("%d bytes are held back, and may be %d", held, memory)
		}
	}
	if want := "a10 a11 "; !strings.HasPrefix(r.out.text.String(), want) || said != 1 {
		t.Errorf("%q came out, and it was said %d times, want %q … and once", r.out.text.String(), said, want)
	}
	r.do("b 1")
	r.do("left b")
	r.do("left a")
	if n := len(strings.Fields(r.out.text.String())); n != 41 {
		t.Errorf("%d lines came out, want all 41", n)
	}
	if r.sink.hold.bytes() != 0 || len(r.sink.hold.lanes) != 0 || len(r.sink.inputs) != 0 {
		t.Errorf("something is held at the end: %+v", r.sink)
	}
}

// A partition that is ahead waits before it reads; the one that the merge waits for never does.
func TestReadersWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, Config{Memory: 2 * (lineSize + len("a1 ") + stampBytes)}) // two lines; readers wait at one
		r.do("open a")
		r.do("open b")
		waits := func(id record.PartitionID) <-chan error {
			done := make(chan error, 1)
			go func() {
				_, err := r.sink.hold.wait(t.Context(), id)
				done <- err
			}()
			synctest.Wait()
			return done
		}
		r.do("a 2")
		held := waits("a")
		if len(held) > 0 {
			t.Fatal("a reads on, though its line is held back")
		}
		if b := waits("b"); len(b) == 0 {
			t.Fatal("b waits, and all wait for b")
		}
		r.sink.hold.read("b")
		if b := waits("b"); len(b) > 0 {
			t.Fatal("b reads on, though a page of it is on its way")
		} else if r.do("b to 1"); <-b != nil {
			t.Fatal("b was not let go")
		}
		if len(held) > 0 {
			t.Fatal("a reads on, though its line is held back")
		}
		r.do("b to 3")
		if err := <-held; err != nil {
			t.Error(err)
		}
	})
}

// A stop ends the wait.
func TestReaderIsStopped(t *testing.T) {
	h := newHold(1)
	h.add("a", 5)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	reader := &reader{nil, h, "a"}
	if err := reader.Read(ctx, record.NewPage(nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the end of the context", err)
	}
}
