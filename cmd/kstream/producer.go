package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"time"

	"golang.org/x/time/rate"

	"github.com/kstream/kstream/pkg/record"
	sinkkinesis "github.com/kstream/kstream/pkg/sink/kinesis"
)

// newLimiter lets through perSecond, in bursts of a twentieth of a second where the writer could not keep up. It begins
// empty: a burst on top would make the first second's records too many.
func newLimiter(perSecond float64) *rate.Limiter {
	burst := max(1, int(perSecond/20))
	l := rate.NewLimiter(rate.Limit(perSecond), burst)
	l.AllowN(time.Now(), burst)
	return l
}

// producer writes records to a sink and counts what got in.
type producer struct {
	sink    *sinkkinesis.Sink
	next    feed
	form    *form
	limiter *rate.Limiter // nil: as fast as they come
	most    int64         // 0: no bound
	err     io.Writer     // where refused lines are said

	took    *tally
	written int64 // handed to the sink
	refused int64 // that no stream takes
	spread  uint64
}

func newProducer(next feed, f *form, most int64, errOut io.Writer) *producer {
	return &producer{next: next, form: f, most: most, err: errOut, took: newTally(), spread: rand.Uint64()}
}

// run writes until there is no more, and waits for what is under way. A line that can't be written is said, and the others
// go on; the error tells of it at the end.
func (p *producer) run(ctx, stop context.Context) error {
	writing, done := context.WithCancel(ctx)
	defer done()
	defer context.AfterFunc(stop, done)()
	failed := p.writeAll(ctx, writing)
	if stop.Err() != nil && errors.Is(failed, context.Canceled) {
		failed = nil // cut short, and asked to
	}
	if _, err := p.sink.Prepare(ctx, record.Barrier{Final: true}); err != nil && !errors.Is(failed, err) {
		return errors.Join(failed, err)
	}
	if failed == nil && p.refused > 0 {
		return fmt.Errorf("%s could not be written", count(p.refused, "line"))
	}
	return failed
}

// writeAll writes until there is no more. At the end of waiting it waits for no rate any more, and reads nothing more: what has
// been read by then is written, until ctx ends.
func (p *producer) writeAll(ctx, waiting context.Context) error {
	for p.most == 0 || p.written < p.most {
		lines, err := p.next()
		if failed := p.writeLines(ctx, waiting, lines); failed != nil {
			return failed
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// writeLines writes lines as one chunk, or one by one where there is a rate to keep.
func (p *producer) writeLines(ctx, waiting context.Context, lines []line) error {
	var chunk record.Chunk
	for i := range lines {
		if p.most > 0 && p.written+int64(len(chunk.Items)) == p.most {
			break
		}
		item, ok := p.item(&lines[i])
		if !ok {
			continue
		}
		chunk.Items, chunk.HashKeys = append(chunk.Items, item), append(chunk.HashKeys, lines[i].hash)
		if p.limiter == nil {
			continue
		}
		if err := p.limiter.Wait(waiting); err != nil {
			return err
		}
		if err := p.write(ctx, &chunk); err != nil {
			return err
		}
	}
	return p.write(ctx, &chunk)
}

// write hands chunk to the sink, and empties it.
func (p *producer) write(ctx context.Context, chunk *record.Chunk) error {
	if len(chunk.Items) == 0 {
		return nil
	}
	if err := p.sink.Write(ctx, chunk); err != nil {
		return err
	}
	p.written += int64(len(chunk.Items))
	chunk.Items, chunk.HashKeys = chunk.Items[:0], chunk.HashKeys[:0]
	return nil
}

// sayRefused is how many lines that can't be written are said; the end tells how many there were.
const sayRefused = 10

// item makes a record of a line. ok is false for one that no stream takes, which is said.
func (p *producer) item(l *line) (item record.Item, ok bool) {
	p.form.read(l)
	if l.key == "" {
		// Neighbours go to different shards, and a producer that is started again goes elsewhere.
		p.spread++
		l.key = strconv.FormatUint(p.spread, 36)
	}
	item = record.Item{Data: l.data, Key: []byte(l.key)}
	if l.err == nil {
		l.err = p.sink.Check(item.Data, item.Key)
	}
	if l.err == nil {
		return item, true
	}
	switch p.refused++; {
	case p.refused <= sayRefused:
		fmt.Fprintf(p.err, "kstream: %s can't be written: %v\n", l.place, l.err)
	case p.refused == sayRefused+1:
		fmt.Fprintln(p.err, "kstream: more lines can't be written; the end says how many")
	}
	return item, false
}
