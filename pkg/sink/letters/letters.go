// Package letters holds the sinks for dead letters that are no place to write to: the log, and the end of the run.
package letters

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/record"
)

// notice is what is told of a dead letter: where it is and why, never its payload, nor its key, which is of the payload.
type notice struct {
	Stream      string     `json:"stream"`
	Shard       string     `json:"shard"`
	Sequence    string     `json:"sequence"`
	Subsequence uint32     `json:"subsequence"`
	Window      *time.Time `json:"window,omitempty"` // when it begins; nil where there is none
	Stage       string     `json:"stage"`
	Error       string     `json:"error"`
	Skipped     bool       `json:"skipped,omitempty"` // a person had it passed by
}

// where names the letter's place: its position, or the window of a result that was made of many records.
func (n *notice) where() string {
	if n.Stream != "" {
		return fmt.Sprintf("record %s.%d of %s/%s", n.Sequence, n.Subsequence, n.Stream, n.Shard)
	}
	if n.Window != nil {
		return "a result of the window of " + n.Window.Format(time.RFC3339Nano)
	}
	return "a result"
}

// Encode appends what Log and Fail need to know of r, which came from p.
func Encode(dst []byte, p *record.Partition, r *record.Rejected) []byte {
	n := notice{
		Stream: p.Stream, Shard: p.Shard, Sequence: string(r.Record.Sequence), Subsequence: r.Record.Subsequence,
		Stage: r.Stage, Error: r.Err.Error(), Skipped: errors.Is(r.Err, record.ErrSkipped),
	}
	if r.Start != r.End {
		begin := r.Start.Time()
		n.Window = &begin
	}
	data, err := json.Marshal(n)
	if err != nil {
		panic(err) // text and numbers always encode
	}
	return append(dst, data...)
}

func decode(c *record.Chunk, tell func(n notice) error) error {
	for _, item := range c.Items {
		var n notice
		if err := json.Unmarshal(item.Data, &n); err != nil {
			return fmt.Errorf("reading a dead letter's notice: %w", err)
		}
		if err := tell(n); err != nil {
			return err
		}
	}
	return nil
}

// nothing is the part of a sink that has nothing to make durable and nothing to close.
type nothing struct{}

// Prepare returns an empty token.
func (nothing) Prepare(context.Context, record.Barrier) (record.Token, error) {
	return record.Token{}, nil
}

// Close does nothing.
func (nothing) Close() error { return nil }

// Log logs each dead letter's position and error.
type Log struct {
	nothing
	log *zap.Logger
}

// NewLog returns a sink that logs to log, which must not be sampled: a dead letter is never left out.
func NewLog(log *zap.Logger) *Log { return &Log{log: log} }

// Write logs the letters of c.
func (l *Log) Write(_ context.Context, c *record.Chunk) error {
	return decode(c, func(n notice) error {
		fields := []zap.Field{
			zap.String("stream", n.Stream), zap.String("shard", n.Shard), zap.String("sequence", n.Sequence),
			zap.Uint32("subsequence", n.Subsequence), zap.String("stage", n.Stage), zap.String("error", n.Error),
		}
		if n.Stream == "" { // a result of many records has no position
			fields = fields[4:]
		}
		if n.Window != nil {
			fields = append(fields, zap.Time("window", *n.Window))
		}
		l.log.Warn("dead letter", fields...)
		return nil
	})
}

// Fail ends the run at the first dead letter that nobody asked for: a record that was to be skipped is none, and whoever
// skipped it has logged it.
type Fail struct{ nothing }

// Write returns the first letter of c that was not to be skipped as an error.
func (Fail) Write(_ context.Context, c *record.Chunk) error {
	return decode(c, func(n notice) error {
		if n.Skipped {
			return nil
		}
		return fmt.Errorf("%s could not be handled by stage %s: %s (DEAD_LETTER is fail)", n.where(), n.Stage, n.Error)
	})
}
