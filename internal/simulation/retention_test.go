package simulation

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

// A job that is down for longer than the stream keeps its records goes on at what is there, once and in order, and says
// and measures what it has lost.
func TestRetentionTakesRecords(t *testing.T) {
	each(t, func(t *testing.T, random func() *rand.Rand) {
		r := random()
		f := flows[r.IntN(len(flows))]
		s := newScene(t, random(), f)
		j := newJob(t, random(), s.server, f)
		core, said := observer.New(zap.ErrorLevel)
		j.log = zap.New(core)
		s.play(10 * time.Second)
		stop, end := context.WithCancel(t.Context())
		defer end()
		defer time.AfterFunc(2*time.Minute, end).Stop()
		if err := j.process(t.Context(), stop, nil, newCrash(r, false)); err != nil {
			t.Fatal(err)
		}
		down := time.Now()
		time.Sleep(time.Hour)
		s.put(200) // to every shard, so that every one has lost something
		s.play(5 * time.Second)
		lost := s.last
		time.Sleep(time.Hour)
		s.play(10 * time.Second)
		const retention = 24 * time.Hour
		time.Sleep(retention - 30*time.Minute)
		crashes := j.drain()
		want := s.ledger.held(lost.Add(time.Minute), down)
		compare(t, "out", want.lines, read(t, j.dir, "out"))
		compare(t, "dead letters", want.letters, letters(t, read(t, j.dir, "dead")))
		if len(j.trimmed.spans) == 0 || said.FilterMessageSnippet("records were lost").Len() == 0 {
			t.Fatalf("nothing was said of lost records: %v, %v", j.trimmed.spans, said.All())
		}
		// From what had been handled to what was there, or to the horizon where a shard had nothing. A process that crashes
		// before it has saved leaves the next one to say it again.
		longest := time.Since(down) - retention + time.Minute
		for shard, span := range j.trimmed.spans {
			if span < 59*time.Minute || int(span/longest) > crashes {
				t.Errorf("%s: %s are said to be lost, over %d crashes", shard, span, crashes)
			}
		}
	})
}
