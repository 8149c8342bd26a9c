package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync/atomic"
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
	next    func() (string, []byte, error)
	limiter *rate.Limiter // nil: as fast as they come
	most    int64         // 0: no bound
	noun    string        // what a record is called: "line"

	written        int64        // handed to the sink
	records, bytes atomic.Int64 // taken by the service
}

func (p *producer) took(records, bytes int) {
	p.records.Add(int64(records))
	p.bytes.Add(int64(bytes))
}

// report says what got in, and what may not have.
func (p *producer) report(stream string) string {
	text := fmt.Sprintf("%d records and %d bytes are in %s", p.records.Load(), p.bytes.Load(), stream)
	if missing := p.written - p.records.Load(); missing > 0 {
		text += fmt.Sprintf("; the %d behind them may not be", missing)
	}
	return text
}

func (p *producer) run(ctx, stop context.Context) error {
	writing, done := context.WithCancel(ctx)
	defer done()
	defer context.AfterFunc(stop, done)()
	failed := p.writeAll(writing)
	if stop.Err() != nil && errors.Is(failed, context.Canceled) {
		failed = nil // cut short, and asked to
	}
	if _, err := p.sink.Prepare(ctx, record.Barrier{Final: true}); err != nil && !errors.Is(failed, err) {
		return errors.Join(failed, err)
	}
	return failed
}

// writeAll writes until there is no more, or ctx ends.
func (p *producer) writeAll(ctx context.Context) error {
	for p.most == 0 || p.written < p.most {
		if p.limiter != nil {
			if err := p.limiter.Wait(ctx); err != nil {
				return err
			}
		}
		key, data, err := p.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := p.sink.Check(data, []byte(key)); err != nil {
			return fmt.Errorf("%s %d can't be written: %w", p.noun, p.written+1, err)
		}
		if err := p.sink.Write(ctx, &record.Chunk{Items: []record.Item{{Data: data, Key: []byte(key)}}}); err != nil {
			return err
		}
		p.written++
	}
	return nil
}

// maxLine is the longest record that any stream takes.
const maxLine = 10 << 20

// lines returns the lines of r, less their ends, spread over the stream's shards. They are read by a goroutine of their
// own, since nothing ends a read of standard input: where stop ends first, next says so and the goroutine is left to the
// end of the process.
func lines(stop context.Context, r io.Reader) func() (string, []byte, error) {
	type line struct {
		data []byte
		err  error
	}
	read := make(chan line)
	hand := func(l line) bool {
		select {
		case read <- l:
			return true
		case <-stop.Done():
			return false
		}
	}
	go func() {
		scanner := bufio.NewScanner(r)
		scanner.Buffer(make([]byte, 0, 1<<16), maxLine)
		n := 1
		for ; scanner.Scan(); n++ {
			if !hand(line{data: bytes.Clone(scanner.Bytes())}) {
				return
			}
		}
		err := scanner.Err()
		switch {
		case err == nil:
			err = io.EOF
		case errors.Is(err, bufio.ErrTooLong):
			err = fmt.Errorf("line %d is longer than %d bytes, which is more than any stream takes", n, maxLine)
		default:
			err = fmt.Errorf("reading line %d: %w", n, err)
		}
		hand(line{err: err})
	}()
	n := int64(0)
	return func() (string, []byte, error) {
		select {
		case l := <-read:
			n++
			return strconv.FormatInt(time.Now().UnixNano()+n, 36), l.data, l.err
		case <-stop.Done():
			return "", nil, io.EOF
		}
	}
}
