package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/format/envelope"
	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/pipeline"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/source/file"
	"github.com/kstream/kstream/pkg/source/letters"
)

// sorter is a sink for lines of dead letters: it chooses among them, counts them, and sorts them by where they came from. Its
// file is read in one lane, so that lines come in order.
type sorter struct {
	spool  *letters.Spool
	choose *operator.Chain // nil: all
	batch  *record.Batch
	stream bool // the lines are records of a stream, and known by their place in it
	say    func(string)
	path   string             // of the file that is read, where there are several
	row    []*envelope.Letter // in hand: one behind the other, and of one shard, for what meta is to --filter
	judged []record.Record    // the row's lines

	lines    int // of that file
	broken   int // lines that are no dead letters
	results  int // letters without a position
	unjudged int // that --filter failed at
	records  int // to replay: of one that has several letters, one
	reasons  failures
}

// gather reads all letters that there are now.
func (r *replay) gather(ctx context.Context, t *terminal) (*sorter, error) {
	s := &sorter{spool: r.spool, stream: len(r.paths) == 0, say: r.notice}
	if r.choose != nil {
		var err error
		if s.choose, err = r.choose.Instance(0, nil); err != nil {
			return nil, err
		}
		s.batch = record.NewBatch(r.choose.Slots())
	}
	if err := r.gatherInto(ctx, t, s); err != nil {
		return nil, err
	}
	if r.choose != nil {
		r.choose.SumUp()
	}
	return s, nil
}

// gatherInto has s sort the stream, or the files one behind the other: read side by side, the letters of a shard that are in
// several would lose their order.
func (r *replay) gatherInto(ctx context.Context, t *terminal, s *sorter) error {
	if s.stream {
		source, err := r.source(ctx, t.in, nil)
		if err != nil {
			return err
		}
		return r.sort(ctx, t, s, source)
	}
	for _, path := range r.paths {
		if s.lines = 0; len(r.paths) > 1 {
			s.path = path
		}
		exact := strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path) // it is no pattern
		source, err := file.New(file.Config{Paths: []string{exact}, Log: r.logs.sampled})
		if err != nil {
			return err
		}
		if err := r.sort(ctx, t, s, source); err != nil {
			return err
		}
	}
	return nil
}

// sort reads source, in which each letter is a record, into s.
func (r *replay) sort(ctx context.Context, t *terminal, s *sorter, source record.Source) (err error) {
	c := r.pipelineConfig(source, new(checkpoint.Memory))
	if c.Plan, err = operator.Compile(operator.Config{}); err != nil {
		return err
	}
	c.Sink = pipeline.Output{Name: "letters", Sink: s, DefaultKey: place}
	if err := r.executeWithHints(ctx, t, &consumeOptions{}, c); err != nil {
		return err
	}
	if t.stop.Err() != nil {
		return errors.New("stopped while the dead letters were being read: none has been replayed")
	}
	return nil
}

// place appends where a record is, for a message about it.
func place(dst []byte, b *record.Batch, r *record.Record) ([]byte, error) {
	return fmt.Appendf(dst, "%s:%s", b.Partition.Shard, r.Sequence), nil
}

// Write sorts the lines of c.
func (s *sorter) Write(ctx context.Context, c *record.Chunk) error {
	for _, it := range c.Items {
		s.lines++
		if len(bytes.TrimSpace(it.Data)) == 0 {
			continue
		}
		l, err := envelope.ParseLetter(it.Data)
		if err != nil {
			s.refuse(it, err)
			continue
		}
		if n := len(s.row); n > 0 && (l.Stream != s.row[n-1].Stream || l.Shard != s.row[n-1].Shard) {
			if err := s.flush(ctx); err != nil {
				return err
			}
		}
		line := l.Record
		line.Data, line.Event = it.Data, record.Millis(len(s.row)) // a letter has no event time: its place, to find it by
		s.row, s.judged = append(s.row, l), append(s.judged, line)
	}
	return s.flush(ctx)
}

// flush takes those letters of the row that --filter is true for.
func (s *sorter) flush(ctx context.Context) error {
	if len(s.row) == 0 {
		return nil
	}
	chosen, err := s.chosen(ctx, &record.Partition{Stream: s.row[0].Stream, Shard: s.row[0].Shard})
	for i := range chosen {
		if err == nil {
			err = s.take(s.row[chosen[i].Event])
		}
	}
	s.row, s.judged = s.row[:0], s.judged[:0]
	return err
}

// refuse notes a line that is no dead letter, and says the first of them.
func (s *sorter) refuse(it record.Item, err error) {
	const said = 10
	if s.broken++; s.broken > said {
		return
	}
	where := fmt.Sprintf("line %d", s.lines)
	switch {
	case s.stream:
		where = "record " + string(it.Key)
	case s.path != "":
		where += " of " + s.path
	}
	s.say(fmt.Sprintf("%s is left out: %v", where, err))
}

// chosen returns the lines of the row, which came from p, for which --filter is true.
func (s *sorter) chosen(ctx context.Context, p *record.Partition) ([]record.Record, error) {
	if s.choose == nil {
		return s.judged, nil
	}
	s.batch.Fill(p, s.judged)
	s.batch.Now = record.MillisOf(time.Now())
	for _, stage := range s.choose.Stages {
		if err := stage.Stage.Process(ctx, s.batch); err != nil {
			return nil, err
		}
	}
	if n := len(s.batch.Rejected); n > 0 {
		if s.unjudged == 0 {
			s.say(fmt.Sprintf("--filter fails at a letter, which is left out: %v", s.batch.Rejected[0].Err))
		}
		s.unjudged += n
	}
	return s.batch.Records, nil
}

// take keeps a letter that is to be replayed.
func (s *sorter) take(l *envelope.Letter) error {
	if l.Stream == "" {
		s.results++
		return nil
	}
	s.reasons.add(l.Stage, l.Error)
	isNew, err := s.spool.Add(l)
	if isNew {
		s.records++
	}
	return err
}

// leftOut returns what could not be replayed, nil where there is no such thing.
func (s *sorter) leftOut() error {
	var parts []string
	for _, p := range []struct {
		n         int
		one, many string
	}{
		{s.broken, "line that is no dead letter", "lines that are no dead letters"},
		{s.unjudged, "letter that --filter can't judge", "letters that --filter can't judge"},
		{s.results, "result of a window, which is of many records", "results of windows, which are of many records each"},
	} {
		if p.n > 0 {
			parts = append(parts, several(p.n, p.one, p.many))
		}
	}
	if parts == nil {
		return nil
	}
	return fmt.Errorf("not replayed: %s", strings.Join(parts, "; "))
}

// Prepare has nothing to make durable.
func (s *sorter) Prepare(context.Context, record.Barrier) (record.Token, error) {
	return record.Token{}, nil
}

// Close gives up nothing: the spool is the replay's.
func (s *sorter) Close() error { return nil }
