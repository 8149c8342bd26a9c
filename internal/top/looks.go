package top

import (
	"time"

	"github.com/kstream/kstream/pkg/status"
)

// looks is what is known of the kstream after some answers.
type looks struct {
	report *status.Report // the last; nil before the first
	at     time.Time      // of the last answer, be it a report or an error
	err    error          // of the last answer; nil: it was a report
	failed time.Time      // since when there are only errors

	shards  *table[shard]
	stages  *table[status.StageReport]
	outputs *table[status.OutputReport]

	read, written, behind, letters []float64 // of the last samples
	sampled                        int64     // the last one's time, in Unix milliseconds
}

func newLooks() looks { return looks{shards: shards(), stages: stages(), outputs: outputs()} }

// take takes an answer. An error leaves what was known.
func (l *looks) take(a Answer) {
	if a.Err != nil && l.err == nil {
		l.failed = a.At
	}
	if l.at, l.err = a.At, a.Err; a.Err != nil {
		return
	}
	if l.report != nil && !l.report.Started.Equal(a.Report.Started) {
		l.forget() // another process, with other counts
	}
	l.report = a.Report
	l.remember(&a.Report.History)
	l.stages.set(a.Report.Stages)
	l.outputs.set(a.Report.Outputs)
	l.setShards()
}

// forget drops what was before.
func (l *looks) forget() {
	l.read, l.written, l.behind, l.letters, l.sampled = nil, nil, nil, nil, 0
	for i := range l.shards.rows {
		l.shards.rows[i].rates = nil
	}
}

// remember adds the samples that are new.
func (l *looks) remember(h *status.History) {
	if n := len(h.At); n > 0 {
		l.sampled = h.At[n-1]
	}
	for _, s := range []struct {
		all *[]float64
		new status.Series
	}{{&l.read, h.Read}, {&l.written, h.Written}, {&l.behind, h.Behind}, {&l.letters, h.DeadLetters}} {
		*s.all = append(*s.all, s.new...)
		*s.all = (*s.all)[max(0, len(*s.all)-widest):]
	}
}

// setShards has a row for each partition that is read, with the rates of the looks before.
func (l *looks) setShards() {
	before := make(map[[2]string][]float64, len(l.shards.rows))
	for i := range l.shards.rows {
		s := &l.shards.rows[i]
		before[[2]string{s.Stream, s.Shard}] = s.rates
	}
	rows := make([]shard, len(l.report.Partitions))
	for i, p := range l.report.Partitions {
		rates := before[[2]string{p.Stream, p.Shard}]
		rates = append(rates, p.PerSecond.Records)
		rows[i] = shard{PartitionReport: p, name: p.Shard, rates: rates[max(0, len(rates)-lookBack):]}
		if len(l.report.Sources) > 1 {
			rows[i].name = p.Stream + "/" + p.Shard
		}
	}
	l.shards.set(rows)
}
