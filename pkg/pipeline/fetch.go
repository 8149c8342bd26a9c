package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/kstream/kstream/pkg/record"
)

// fetch reads l's partition one page ahead of the lane. Reading ends with reading (a stop), with the partition, or with
// the run (ctx); what was read and not handed on then is read again.
func (l *lane) fetch(ctx, reading context.Context, s record.State) (err error) {
	reader, err := l.run.Source.Open(reading, s)
	if err != nil {
		return l.readError(reading, err)
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	for {
		var p *record.Page
		select {
		case p = <-l.spare:
		case <-reading.Done():
			return nil
		}
		if d := l.run.drift; d != nil {
			waited, err := d.wait(reading, &l.high)
			if err != nil {
				return nil // reading is over
			}
			if waited {
				p.Setback() // a call was withheld
			}
		}
		if err := reader.Read(reading, p); err != nil {
			p.Reset()
			return l.readError(reading, err)
		}
		ended := p.End.Where == record.Ended
		select {
		case l.pages <- p:
		case <-reading.Done():
			p.Reset()
			return nil
		case <-ctx.Done():
			p.Reset()
			return ctx.Err()
		}
		if ended {
			return nil
		}
	}
}

// readError drops the errors that stand for "reading is over".
func (l *lane) readError(reading context.Context, err error) error {
	if reading.Err() != nil || errors.Is(err, io.EOF) {
		return nil //nolint:nilerr // these are what this function is there to drop
	}
	return fmt.Errorf("reading %s: %w", &l.state.Partition, err)
}
