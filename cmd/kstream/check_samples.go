package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/kstream/kstream/pkg/awserror"
	"github.com/kstream/kstream/pkg/operator/trace"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/source/file"
)

// sampler reads a few records of a source: the first or the last in the order of their arrival, over all partitions. It keeps
// no position and takes no lock.
type sampler struct {
	most   int
	newest bool // the last ones, else the first

	mu   sync.Mutex
	kept []stampedSample // guarded by mu; at most twice as many as asked for
}

// stampedSample is a record with what it is ordered by: the highest arrival so far in its partition, so that the order there
// stays.
type stampedSample struct {
	trace.Sample
	at record.Millis
}

// samplesAtOnce is how many partitions are read side by side.
const samplesAtOnce = 8

// samples returns the records to trace and the service's time: those of input, a file or "-" for standard input, or of the
// source: from FROM where the user set that, else the newest.
func (j *job) samples(ctx context.Context, in io.Reader, input string, most int) (list []trace.Sample, now record.Millis, err error) {
	from := j.conf.Source.From
	open := func() (record.Source, error) { return j.source(ctx, in, nil) }
	switch {
	case input == "-":
		open = func() (record.Source, error) { return file.New(file.Config{Input: in}) }
	case input != "":
		open = func() (record.Source, error) { return file.New(file.Config{Paths: []string{input}}) }
	case j.conf.Source.Kind == "kinesis" && (!j.conf.Values["FROM"].Set() || from.Position == latest && from.Ago == 0):
		return newestSamples(ctx, open, spansWithin(j.reach(ctx)), most)
	}
	source, err := open()
	if err != nil {
		return nil, 0, err
	}
	if now, err = source.Now(ctx); err != nil {
		return nil, 0, err
	}
	position := from.Position
	if input != "" {
		position = record.Position{}
	} else if position == latest {
		position = record.Position{Where: record.AtTime, Time: now.Add(-from.Ago)}
	}
	s := &sampler{most: most}
	err = s.read(ctx, source, position, now)
	return s.list(), now, err
}

// newestSamples looks for the newest records in one span before the end after the other, until there are enough.
func newestSamples(ctx context.Context, open func() (record.Source, error), spans []time.Duration, most int) (list []trace.Sample, now record.Millis, err error) {
	for i, span := range spans {
		if i > 0 {
			if err := awserror.Pause(ctx, betweenSpans); err != nil {
				return nil, 0, err
			}
		}
		source, err := open()
		if err != nil {
			return nil, 0, err
		}
		if now, err = source.Now(ctx); err != nil {
			return nil, 0, err
		}
		position := record.Position{}
		if span != everything {
			position = record.Position{Where: record.AtTime, Time: now.Add(-span)}
		}
		s := &sampler{most: most, newest: true}
		if err := s.read(ctx, source, position, now); err != nil {
			return nil, 0, err
		}
		if list = s.list(); len(list) == most {
			break
		}
	}
	return list, now, nil
}

// read reads all partitions from position on, up to now.
func (s *sampler) read(ctx context.Context, source record.Source, position record.Position, now record.Millis) error {
	if _, err := source.Restore(ctx, position, nil); err != nil {
		return err
	}
	round, err := source.Partitions(ctx)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	for len(round) > 0 { // children are read once all of their parents have been
		var next []record.Partition
		g, ctx := errgroup.WithContext(ctx)
		g.SetLimit(samplesAtOnce)
		for _, p := range round {
			g.Go(func() error {
				children, err := s.partition(ctx, source, &p, now)
				s.mu.Lock()
				defer s.mu.Unlock()
				next = append(next, children...)
				return err
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
		round = next
	}
	return nil
}

// partition reads one partition until now, its end, or as many records as were asked for.
func (s *sampler) partition(ctx context.Context, source record.Source, p *record.Partition, now record.Millis) (children []record.Partition, err error) {
	r, err := source.Open(ctx, record.State{Partition: *p, Position: p.Start, Event: record.StartOfTime})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	page := record.NewPage(nil)
	high, taken := record.StartOfTime, 0
	for s.newest || taken < s.most {
		page.Reset()
		if err := r.Read(ctx, page); errors.Is(err, io.EOF) {
			return nil, nil
		} else if err != nil {
			return nil, fmt.Errorf("reading %s: %w", p, err)
		}
		high = s.take(p, page.Records, high)
		taken += len(page.Records)
		if page.End.Where == record.Ended {
			return slices.Clone(page.Children), nil
		}
		if page.Tip || page.HandledTo >= now {
			break
		}
	}
	page.Reset()
	return nil, nil
}

// take keeps copies of what of records may be among those asked for.
func (s *sampler) take(p *record.Partition, records []record.Record, high record.Millis) record.Millis {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range records {
		r := records[i]
		high = max(high, r.Arrival)
		r.Data, r.Key, r.Sequence = bytes.Clone(r.Data), bytes.Clone(r.Key), bytes.Clone(r.Sequence)
		s.kept = append(s.kept, stampedSample{trace.Sample{Partition: p, Record: r}, high})
		if len(s.kept) >= 2*s.most {
			s.cutLocked()
		}
	}
	return high
}

// cutLocked sorts what is kept, and forgets what is too much. The sort is stable: a partition's records stay in order.
func (s *sampler) cutLocked() {
	slices.SortStableFunc(s.kept, func(a, b stampedSample) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.Partition.ID, b.Partition.ID))
	})
	over := len(s.kept) - s.most
	switch {
	case over <= 0:
	case s.newest:
		s.kept = slices.Delete(s.kept, 0, over)
	default:
		s.kept = slices.Delete(s.kept, s.most, len(s.kept))
	}
}

func (s *sampler) list() (samples []trace.Sample) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cutLocked()
	for _, k := range s.kept {
		samples = append(samples, k.Sample)
	}
	return samples
}
