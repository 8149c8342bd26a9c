package kinesis

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/awserror"
)

const (
	firstBackoff = 100 * time.Millisecond
	callBackoff  = 5 * time.Second // the longest between two attempts of a call that fails
	// laneBackoff is the longest that records which a shard refused are held back: a shard saves up one second's worth of
	// its limits, and more of a pause would leave some of them unused.
	laneBackoff = time.Second

	sayEvery = 30 * time.Second // the same trouble is said again
)

// backoff returns how long to wait after so many failures in a row.
func backoff(failures int, most time.Duration) time.Duration {
	return awserror.Backoff(failures, firstBackoff, most)
}

// trouble is what is known of calls that keep failing, and says so now and then. One goroutine uses it.
type trouble struct {
	config Config
	stream *stream

	retry  awserror.Retry
	said   time.Time
	unsaid int // failures since
}

// over notes that a call has succeeded.
func (t *trouble) over() { t.retry = awserror.Retry{} }

// note counts a failure of class c and returns how long to wait before the next attempt. Its error is err in a user's
// words, where there is to be no further attempt.
func (t *trouble) note(operation string, c awserror.Class, err error) (time.Duration, error) {
	t.say(operation, c, err)
	if !t.retry.Next(c) {
		return 0, explain(c, operation, t.stream.ref, err)
	}
	return backoff(t.retry.Failures, callBackoff), nil
}

// say reports a failure to whoever counts throttling, and to the log, at once and then every sayEvery.
func (t *trouble) say(operation string, c awserror.Class, err error) {
	if c == awserror.Throttled && t.config.Throttled != nil {
		t.config.Throttled(t.stream.name, operation)
	}
	t.unsaid++
	now := time.Now()
	if c == awserror.Fatal || !t.said.IsZero() && now.Sub(t.said) < sayEvery {
		return
	}
	t.config.Log.Warn(c.Trouble(), zap.String("stream", t.stream.ref), zap.String("call", operation), zap.Int("failed", t.unsaid), zap.String("error", awserror.Text(err)))
	t.said, t.unsaid = now, 0
}

// try makes one call of the named operation until it succeeds, fails for good or ctx ends.
func (t *trouble) try(ctx context.Context, operation string, call func() error) error {
	for {
		err := call()
		if err == nil {
			t.over()
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("stream %s: calling kinesis:%s: %w", t.stream.ref, operation, ctx.Err())
		}
		wait, err := t.note(operation, classify(err), err)
		if err != nil {
			return err
		}
		if err := awserror.Pause(ctx, wait); err != nil {
			return fmt.Errorf("stream %s: calling kinesis:%s: %w", t.stream.ref, operation, err)
		}
	}
}
