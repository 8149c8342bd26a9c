package pipeline

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/file"
)

// job is what outlives a crash: the stream, the checkpoint and the files.
type job struct {
	source *memory
	store  *checkpoint.Memory
	dir    string
	roll   int64
	every  time.Duration // how often files roll; 0: by size alone
	plan   plan
	chain  string // in the place of plan, where it is set
	config Config
	frame  func(record.Encoder) record.Encoder // nil: lines
	at     func(call string) error             // told of each call that crosses a seam; nil: nobody is
	ctx    context.Context                     //nolint:containedctx // of runs; nil: the test's
	last   atomic.Pointer[Run]
}

func newJob(t *testing.T, page func() int) *job {
	return &job{source: newMemory(page), store: new(checkpoint.Memory), dir: t.TempDir()}
}

// run runs the job until it ends by itself or the k-th seam call fails, as a new process would.
func (j *job) run(t *testing.T, stop context.Context, k int) (calls int, err error) {
	t.Helper()
	c := &crash{k: int64(k), at: j.at}
	p := &plan{limit: j.plan.limit, throttle: j.plan.throttle, keepAll: j.plan.keepAll, waits: j.plan.waits, work: j.plan.work}
	open := func(name string) crashSink {
		s, err := file.New(file.Config{Path: filepath.Join(j.dir, name), RollSize: j.roll, RollInterval: j.every})
		if err != nil {
			t.Fatal(err)
		}
		return crashSink{s, c}
	}
	config := j.config
	config.Source, config.Plan, config.Store, config.Log = crashSource{j.source, c}, p, crashStore{j.store, c}, zap.NewNop()
	if j.chain != "" {
		plan, err := operator.Compile(operator.Config{Chain: j.chain})
		if err != nil {
			t.Fatal(err)
		}
		config.Plan = plan
	}
	config.Sink = Output{Name: "file", Sink: open("out"), Encode: lineEncoder}
	if j.frame != nil {
		config.Sink.Encode = j.frame
	}
	if config.DeadLetters.Name == "" {
		config.DeadLetters = DeadLetters{Name: "dead_letters", Sink: open("dead"), Encode: letterLine}
	}
	if config.Interval == 0 {
		config.Interval = time.Millisecond
	}
	if config.Buffer == 0 {
		config.Buffer = 5000
	}
	config.Parallelism = max(1, config.Parallelism)
	r, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	if j.ctx != nil {
		ctx = j.ctx
	}
	j.last.Store(r)
	err = r.Run(ctx, stop)
	if out := r.credit.Out(); err == nil && out != 0 {
		t.Errorf("%d bytes of credit were never given back", out)
	}
	return int(c.n.Load()), err
}

// toEnd runs the job to its end over crashes at the given seam calls.
func (j *job) toEnd(t *testing.T, crashes ...int) (calls int) {
	t.Helper()
	for _, k := range append(crashes, 0) {
		var err error
		if calls, err = j.run(t, t.Context(), k); err != nil && !errors.Is(err, errCrash) {
			t.Fatalf("crash at %d: %v", k, err)
		} else if err == nil {
			return calls
		}
	}
	t.Fatal("the run did not end")
	return 0
}

func (j *job) read(t *testing.T, name string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(j.dir, name+"*"))
	if err != nil {
		t.Fatal(err)
	}
	sort.Slice(names, func(a, b int) bool { // out-…-9 is before out-…-10
		return len(names[a]) < len(names[b]) || len(names[a]) == len(names[b]) && names[a] < names[b]
	})
	var text strings.Builder
	for _, n := range names {
		data, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(n, ".open") {
			t.Errorf("%s was left open", n)
		}
		text.Write(data)
	}
	return strings.Fields(strings.ReplaceAll(text.String(), " ", "_"))
}

// check holds the output against the input: every record once, in order within its partition, in the right file.
func (j *job) check(t *testing.T) {
	t.Helper()
	var want, wantDead []string
	for _, p := range j.source.parts {
		for _, payload := range p.payloads {
			switch keep, fails := keeps(payload); {
			case fails:
				wantDead = append(wantDead, p.part.Shard+"_"+payload+"_1:filter")
			case keep:
				want = append(want, payload)
			}
		}
	}
	j.same(t, "out", want)
	j.same(t, "dead", wantDead)
}

// same compares as sets, and the order within each partition: payloads sort as they were put.
func (j *job) same(t *testing.T, name string, want []string) {
	t.Helper()
	got := j.read(t, name)
	before := map[string]string{}
	for _, line := range got {
		shard, _, _ := strings.Cut(line, "-")
		if before[shard] >= line {
			t.Fatalf("%s: %s comes after %s", name, line, before[shard])
		}
		before[shard] = line
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%s: wanted (-) and got (+) differ:\n%s", name, diff)
	}
}

// reshard is a stream that is split, merged and split again.
func reshard(j *job, n int) {
	s := j.source
	s.bounded = true
	s.add("a", n)
	s.add("b", n/2)
	s.add("c", n, "a")
	s.add("d", n/3, "a")
	s.add("e", n, "b", "d")
	s.add("f", 0, "e")
}

// Every call that crosses a seam fails in turn, and after a restart another one; then the files are those of a run that
// did not crash.
func TestCrashAtEveryCall(t *testing.T) {
	for _, roll := range []int64{0, 300} {
		t.Run(fmt.Sprint("roll ", roll), func(t *testing.T) {
			calls := 1
			for k := 0; k <= calls; k++ {
				synctest.Test(t, func(t *testing.T) {
					j := newJob(t, func() int { return 7 })
					j.roll = roll
					reshard(j, 60)
					var n int
					if k == 0 {
						n = j.toEnd(t)
						calls = n
					} else {
						j.toEnd(t, k, k/2+2)
					}
					j.check(t)
				})
			}
			t.Log(calls, "calls")
			if calls < 100 {
				t.Errorf("only %d calls cross a seam: the test tests little", calls)
			}
		})
	}
}

// With one partition the bytes are the same, not only the records.
func TestCrashSameBytes(t *testing.T) {
	var want []string
	calls := 1
	for k := 0; k <= calls; k++ {
		synctest.Test(t, func(t *testing.T) {
			j := newJob(t, func() int { return 9 })
			j.source.bounded = true
			j.source.add("a", 200)
			if k == 0 {
				calls = j.toEnd(t)
				want = j.read(t, "out")
				return
			}
			j.toEnd(t, k, k/2+2)
			if diff := cmp.Diff(want, j.read(t, "out")); diff != "" {
				t.Fatalf("crash at %d: %s", k, diff)
			}
		})
	}
}

// Page sizes, barrier intervals, buffers, rolls, crashes and stops at random: the same records each time.
func TestRandomRuns(t *testing.T) {
	for range 60 {
		seed := rand.Uint64()
		synctest.Test(t, func(t *testing.T) {
			r := rand.New(&lockedSource{PCG: rand.NewPCG(seed, 0)})
			defer func() {
				if t.Failed() {
					t.Logf("seed %d", seed)
				}
			}()
			j := newJob(t, func() int { return r.IntN(40) })
			j.roll = int64(r.IntN(3) * 500)
			j.config.Interval = time.Duration(1+r.IntN(5000)) * time.Microsecond
			j.config.Buffer = 100 + r.IntN(10_000)
			if r.IntN(2) == 0 {
				j.plan.throttle = float64(1000 * (1 + r.IntN(100)))
			}
			reshard(j, 50+r.IntN(400))
			for {
				stop, cancel := context.WithCancel(t.Context())
				if r.IntN(2) == 0 {
					cancel = stopAfter(cancel, time.Duration(r.IntN(20))*time.Millisecond)
				}
				_, err := j.run(t, stop, r.IntN(300))
				stopped := stop.Err() != nil
				cancel()
				if err != nil && !errors.Is(err, errCrash) {
					t.Fatal(err)
				}
				if err == nil && !stopped {
					break
				}
			}
			j.check(t)
		})
	}
}

func stopAfter(stop context.CancelFunc, d time.Duration) context.CancelFunc {
	timer := time.AfterFunc(d, stop)
	return func() { timer.Stop(); stop() }
}

// A partition is opened only when all of its parents have been handled to their ends.
func TestParentsBeforeChildren(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJob(t, func() int { return 10 })
		reshard(j, 100)
		j.toEnd(t)
		for _, family := range [][2]string{{"a", "c"}, {"a", "d"}, {"b", "e"}, {"d", "e"}, {"e", "f"}} {
			if parent, child := j.source.order(family[0]), j.source.order(family[1]); parent < 0 || child < parent {
				t.Errorf("%s was opened as number %d, its parent %s as %d", family[1], child, family[0], parent)
			}
		}
		for id, s := range load(t, j).Partitions {
			if s.Position.Where != record.Ended {
				t.Errorf("%s is at %s, want ended", id, s.Position)
			}
		}
		if c := load(t, j).Partitions["mem/a"].Children; !slices.Equal(c, []record.PartitionID{"mem/c", "mem/d"}) {
			t.Errorf("the children of a are %v, want c and d", c)
		}
	})
}

func load(t *testing.T, j *job) *checkpoint.Checkpoint {
	t.Helper()
	c, err := j.store.Load(t.Context())
	if err != nil || c == nil {
		t.Fatalf("got %v, %v, want a checkpoint", c, err)
	}
	return c
}

// lockedSource is a source of random numbers that many goroutines share.
type lockedSource struct {
	mu sync.Mutex
	*rand.PCG
}

func (s *lockedSource) Uint64() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.PCG.Uint64()
}
