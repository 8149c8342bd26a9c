package status

import (
	"cmp"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/pipeline"
	"github.com/kstream/kstream/pkg/record"
)

// sinceOf returns the query's since, 0 where it has none.
func sinceOf(r *http.Request) (int64, error) {
	text := r.URL.Query().Get("since")
	if text == "" {
		return 0, nil
	}
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("since=%q is no number of Unix milliseconds", text)
	}
	return ms, nil
}

// look returns how the run stands at now, without its history.
func (s *Server) look(now time.Time) *Report {
	host, _ := os.Hostname() // "" where it is not known, which is no reason to answer nothing
	r := &Report{
		Now: now.UTC(), Version: s.conf.Version, Host: host, Started: s.started.UTC(), Checkpoint: CheckpointReport{Interval: s.conf.Interval.Seconds()},
		Sources: []SourceReport{}, Stages: []StageReport{}, Outputs: []OutputReport{}, Partitions: []PartitionReport{},
		Throttles: s.metrics.refusals.all(), DeadLetters: DeadLettersSummary{Noted: s.conf.Letters.count()},
	}
	run := s.current()
	r.Health, r.Ready = verdict(health(run)), verdict(ready(run))
	if run == nil {
		return r
	}
	stats := run.Stats()
	s.checkpoint(r, &stats)
	if stats.Keyed {
		r.State = &StateReport{stats.StateKeys, stats.StateBytes}
	}
	if lag, ok := watermarkLag(&stats, now); ok {
		r.Watermark = &WatermarkReport{stats.Watermark.Time().UTC(), lag}
	}
	r.Buffer = BufferReport{stats.Buffered, stats.Buffer}
	s.sampler.mu.Lock()
	defer s.sampler.mu.Unlock()
	for _, m := range stats.Partitions {
		r.Partitions = append(r.Partitions, s.partition(m, now))
	}
	r.Sources = sources(r.Partitions, stats.Over)
	s.flows(r, &stats)
	return r
}

func verdict(err error) Verdict {
	if err != nil {
		return Verdict{Says: err.Error()}
	}
	return Verdict{true, "ok"}
}

func (s *Server) checkpoint(r *Report, stats *pipeline.Stats) {
	if stats.Checkpointed.IsZero() {
		return
	}
	at := stats.Checkpointed.UTC()
	age := max(0, r.Now.Sub(at).Seconds())
	r.Checkpointed, r.Checkpoint.Age = &at, &age
	if last, ok := s.metrics.checkpoints.last(); ok {
		took := last.Took
		r.Checkpoint.Took = &took
	}
}

// watermarkLag returns how far the watermark is behind now, in seconds; ok is false where there is none.
func watermarkLag(stats *pipeline.Stats, now time.Time) (lag float64, ok bool) {
	if !stats.Keyed || stats.Watermark == record.StartOfTime || stats.Watermark == record.EndOfTime {
		return 0, false
	}
	return now.Sub(stats.Watermark.Time()).Seconds(), true
}

// behindBy returns how far what m has handled is behind now, in seconds; ok is false where that is not known yet.
func behindBy(m *pipeline.PartitionMeter, now time.Time) (seconds float64, ok bool) {
	at := m.HandledTo()
	return max(0, now.Sub(at.Time()).Seconds()), at != 0
}

func (s *Server) partition(m *pipeline.PartitionMeter, now time.Time) PartitionReport {
	p := PartitionReport{
		Stream: m.Partition.Stream, Shard: m.Partition.Shard, Parents: m.Partition.ParentShards(), Position: m.Position(),
		Records: m.Records.Load(), Bytes: m.Bytes.Load(), PerSecond: s.sampler.volume(&m.Records, &m.Bytes),
	}
	if behind, ok := behindBy(m, now); ok {
		at := m.HandledTo().Time()
		p.HandledTo, p.Behind = &at, &behind
	}
	if keeps, ok := s.metrics.retention.of(p.Stream); ok {
		p.Retention = keeps.Seconds()
	}
	return p
}

// sources sums up partitions, and those that are over, by stream.
func sources(partitions []PartitionReport, over []*pipeline.PartitionMeter) []SourceReport {
	byStream := map[string]*SourceReport{}
	of := func(stream string) *SourceReport {
		if byStream[stream] == nil {
			byStream[stream] = &SourceReport{Stream: stream}
		}
		return byStream[stream]
	}
	for _, m := range over {
		s := of(m.Partition.Stream)
		s.Records, s.Bytes = s.Records+m.Records.Load(), s.Bytes+m.Bytes.Load()
	}
	for i := range partitions {
		p := &partitions[i]
		s := of(p.Stream)
		s.Partitions, s.Records, s.Bytes = s.Partitions+1, s.Records+p.Records, s.Bytes+p.Bytes
		s.PerSecond.Records, s.PerSecond.Bytes = s.PerSecond.Records+p.PerSecond.Records, s.PerSecond.Bytes+p.PerSecond.Bytes
		if p.Behind != nil && (s.Behind == nil || *s.Behind < *p.Behind) {
			s.Behind = p.Behind
		}
	}
	list := make([]SourceReport, 0, len(byStream))
	for _, s := range byStream {
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b SourceReport) int { return cmp.Compare(a.Stream, b.Stream) })
	return list
}

// refusedLabel is the stage of records that the sink could not take.
const refusedLabel = "sink"

// flows fills in the stages and the outputs.
func (s *Server) flows(r *Report, stats *pipeline.Stats) {
	meters := map[string]*pipeline.StageMeter{}
	for _, m := range stats.Stages {
		meters[m.Label] = m
		r.DeadLetters.Count += m.DeadLetters.Load()
	}
	for _, w := range s.conf.Chain {
		r.Stages = append(r.Stages, s.stage(w, meters[w.Label]))
	}
	for i, m := range stats.Outputs {
		o := OutputReport{
			Output: m.Name, Target: s.conf.Targets[m.Name], Records: m.Records.Load(), Bytes: m.Bytes.Load(),
			PerSecond: s.sampler.volume(&m.Records, &m.Bytes),
		}
		if refused := meters[refusedLabel]; refused != nil && i == 0 {
			o.Refused = refused.DeadLetters.Load()
		}
		r.Outputs = append(r.Outputs, o)
	}
}

// stage reports a stage; one that has nothing to do for a record has no meter.
func (s *Server) stage(w operator.Written, m *pipeline.StageMeter) StageReport {
	r := StageReport{Stage: w.Label, Text: w.Text, Part: w.Part, Assumed: w.Assumed}
	if m == nil {
		return r
	}
	rate := s.sampler.perSecond
	r.Records = Flow[uint64]{
		m.In.Load(), m.Out.Load(), m.Filtered.Load(), m.Late.Load() + m.LateIdle.Load(), m.DeadLetters.Load(), m.Mismatches.Load(),
	}
	r.PerSecond = Flow[float64]{
		rate(&m.In), rate(&m.Out), rate(&m.Filtered), rate(&m.Late) + rate(&m.LateIdle), rate(&m.DeadLetters), rate(&m.Mismatches),
	}
	return r
}
