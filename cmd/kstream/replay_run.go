package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/pipeline"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/stdout"
	"github.com/kstream/kstream/pkg/source/letters"
)

// rehearse says which letters there are, and what the chain does with them when nothing is written.
func (r *replay) rehearse(ctx context.Context, t *terminal, found *sorter) error {
	if found.records > 0 {
		if err := found.reasons.table(t.out, "LETTERS"); err != nil {
			return err
		}
		again := new(failures)
		c := r.chainConfig()
		c.Sink = pipeline.Output{Name: "nowhere", Sink: nowhere{}}
		if r.conf.Sink.Kind != "kinesis" { // whose records need no framing, which not every payload takes
			c.Sink.Encode = r.framed()
		}
		c.DeadLetters = pipeline.DeadLetters{Name: "dead_letters", Sink: again, Encode: asReason}
		if err := r.through(ctx, t, c, found); err != nil {
			return err
		}
		fmt.Fprintf(t.out, "\n%s: %s\n", r.letters(found), r.outcome("would be written", "would be filtered out", "would fail again"))
		if again.total > 0 {
			fmt.Fprintln(t.out)
			if err := again.table(t.out, "FAIL AGAIN"); err != nil {
				return err
			}
		}
	}
	return r.sumUp(t.out, found)
}

// write replays what was found.
func (r *replay) write(ctx context.Context, t *terminal, found *sorter) (err error) {
	if found.records > 0 {
		c := r.chainConfig()
		if c.Sink, err = r.sink(ctx); err != nil {
			return err
		}
		if c.DeadLetters, err = r.deadLetters(ctx); err != nil {
			return errors.Join(err, c.Sink.Sink.Close())
		}
		err = r.through(ctx, t, c, found)
		if errors.Is(err, stdout.ErrClosed) {
			return nil
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(t.err, "kstream: %s replayed: %s\n", r.letters(found), r.outcome("written", "filtered out", "failed again"))
	}
	return r.sumUp(t.err, found)
}

// chainConfig is that of a run over the letters, without its outputs.
func (r *replay) chainConfig() pipeline.Config {
	c := r.pipelineConfig(letters.New(r.spool), new(checkpoint.Memory))
	c.From, c.Until, c.MayAllFail = pipeline.Start{Position: record.Position{Where: record.Oldest}}, nil, true
	return c
}

// through runs c. A stop before its end is an error: no checkpoint remembers how far it was.
func (r *replay) through(ctx context.Context, t *terminal, c pipeline.Config, found *sorter) error {
	err := r.execute(ctx, t, c)
	if err != nil || t.stop.Err() == nil {
		return err
	}
	if done := glanceAt(r.job.run.Load()).records; done < uint64(found.records) {
		return fmt.Errorf("stopped: %d of %s have been through the chain; the next replay begins with the first", done, r.letters(found))
	}
	return nil
}

// letters says how much there is to replay.
func (r *replay) letters(found *sorter) string {
	text := several(found.reasons.total, "dead letter", "dead letters")
	if found.records != found.reasons.total {
		text += fmt.Sprintf(" of %s", several(found.records, "record", "records"))
	}
	return text
}

// outcome says what has become of the letters, in these words.
func (r *replay) outcome(wrote, dropped, refused string) string {
	s := r.job.run.Load().Stats()
	var written, filtered, failed uint64
	for _, m := range s.Outputs {
		if m.Name != "dead_letters" {
			written += m.Records.Load()
		}
	}
	for _, m := range s.Stages {
		filtered += m.Filtered.Load()
		failed += m.DeadLetters.Load()
	}
	text := fmt.Sprintf("%s %s", several(int(written), "record", "records"), wrote)
	if filtered > 0 {
		text += fmt.Sprintf(", %d %s", filtered, dropped)
	}
	if failed > 0 {
		text += fmt.Sprintf(", %d %s", failed, refused)
	}
	return text
}

// sumUp says where there was nothing to replay, and returns as an error what was left out.
func (r *replay) sumUp(w io.Writer, found *sorter) error {
	if found.records == 0 {
		fmt.Fprintln(w, "kstream: there is nothing to replay")
	}
	return found.leftOut()
}
