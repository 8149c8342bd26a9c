package simulation

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kstream/kstream/pkg/pipeline"
)

var (
	seed  = flag.Uint64("seed", 0, "play this seed alone")
	seeds = flag.Int("seeds", 25, "play so many seeds")
)

// chosen returns the seeds to play.
func chosen() []uint64 {
	if *seed != 0 {
		return []uint64{*seed}
	}
	list := make([]uint64, *seeds)
	for i := range list {
		list[i] = rand.Uint64()
	}
	return list
}

// each plays a scene for each seed, in a bubble of its own, with a source of random numbers for each of its goroutines.
func each(t *testing.T, play func(t *testing.T, random func() *rand.Rand)) {
	for _, s := range chosen() {
		t.Run(fmt.Sprint("seed ", s), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				n := uint64(0)
				play(t, func() *rand.Rand { n++; return rand.New(rand.NewPCG(s, n)) })
			})
		})
	}
}

// Whatever happens on the way: in the files each record stands once, in order within its shard and for its key, and so do
// the dead letters in theirs.
func TestExactlyOnce(t *testing.T) {
	each(t, func(t *testing.T, random func() *rand.Rand) {
		r := random()
		f := flows[r.IntN(len(flows))]
		s := newScene(t, random(), f)
		j := newJob(t, random(), s.server, f)
		j.through(s, time.Duration(10+r.IntN(30))*time.Second)
		compare(t, "out", s.ledger.lines, read(t, j.dir, "out"))
		compare(t, "dead letters", s.ledger.letters, letters(t, read(t, j.dir, "dead")))
		if len(j.trimmed.spans) != 0 {
			t.Errorf("records are said to be trimmed, and none are: %v", j.trimmed.spans)
		}
	})
}

// through has the scene play for that long while the job lives, and then the job come to its end.
func (j *job) through(s *scene, length time.Duration) {
	var playing sync.WaitGroup
	over := make(chan struct{})
	playing.Go(func() {
		defer close(over)
		s.play(length)
	})
	j.live(over)
	playing.Wait()
	j.drain()
}

// live runs the job, process after process, until over: each crashes, is stopped or abandoned.
func (j *job) live(over <-chan struct{}) {
	for {
		select {
		case <-over:
			return
		default:
		}
		j.incarnate(over)
		time.Sleep(time.Duration(j.r.IntN(3000)) * time.Millisecond) // down
	}
}

// incarnate is one process.
func (j *job) incarnate(over <-chan struct{}) {
	ctx, abandon := context.WithCancel(j.t.Context())
	defer abandon()
	stop, end := context.WithCancel(ctx)
	defer end()
	c := newCrash(j.r, j.r.IntN(3) > 0)
	how := end
	abandoned := j.r.IntN(4) == 0
	if abandoned {
		how = abandon
	}
	timer := time.AfterFunc(time.Duration(j.r.IntN(15_000))*time.Millisecond, how)
	defer timer.Stop()
	go func() {
		select {
		case <-over:
			end()
		case <-ctx.Done():
		}
	}()
	err := j.process(ctx, stop, nil, c)
	if err != nil && !errors.Is(err, errCrash) && (!abandoned || !errors.Is(err, context.Canceled)) {
		j.t.Fatalf("a run ended with %v", err)
	}
	if err == nil && stop.Err() == nil {
		j.t.Fatal("a run ended by itself")
	}
}

// drain runs the job until all that is there has been handled, over a few last crashes, and returns how many came.
func (j *job) drain() (crashes int) {
	time.Sleep(2 * time.Second) // the service's clock, as its answers show it, is cut to seconds
	until := &pipeline.End{Setting: "now"}
	for most := j.r.IntN(4); ; crashes++ {
		switch err := j.process(j.t.Context(), j.t.Context(), until, newCrash(j.r, crashes < most)); {
		case err == nil:
			return crashes
		case !errors.Is(err, errCrash):
			j.t.Fatalf("the last run ended with %v", err)
		}
	}
}
