package kinesis

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/awserror"
)

const (
	// patience is how long "not allowed", "not found" and what no table knows are tried before they end the run.
	patience = time.Minute

	firstBackoff = 100 * time.Millisecond
	callBackoff  = 5 * time.Second // the longest between two attempts of a call that fails
	// laneBackoff is the longest that records which a shard refused are held back: a shard saves up one second's worth of
	// its limits, and more of a pause would leave some of them unused.
	laneBackoff = time.Second

	sayEvery = 30 * time.Second // the same trouble is said again
)

// once keeps the SDK from trying again by itself: a request goes again without the records that got in.
func once(o *kinesis.Options) { o.Retryer = aws.NopRetryer{} }

// backoff returns how long to wait after so many failures in a row, with full jitter: writers that one hot shard refused
// together do not come back together.
func backoff(failures int, most time.Duration) time.Duration {
	return rand.N(min(most, firstBackoff<<min(max(failures-1, 0), 10))) + time.Millisecond
}

// trouble is what is known of calls that keep failing, and says so now and then. One goroutine uses it.
type trouble struct {
	config Config
	stream *stream

	failures int       // in a row
	since    time.Time // of the first failure in a row that patience is for; zero: none
	said     time.Time
	unsaid   int // failures since
}

// over notes that a call has succeeded.
func (t *trouble) over() { t.failures, t.since = 0, time.Time{} }

// note counts a failure of class c and returns how long to wait before the next attempt. Its error is err in a user's
// words, where there is to be no further attempt.
func (t *trouble) note(operation string, c class, err error) (time.Duration, error) {
	now := time.Now()
	t.say(now, operation, c, err)
	switch c {
	case fatal:
		return 0, explain(c, operation, t.stream.ref, err)
	case denied, gone, unclear:
		if t.since.IsZero() {
			t.since = now
		}
		if now.Sub(t.since) >= patience {
			return 0, explain(c, operation, t.stream.ref, err)
		}
	default:
		t.since = time.Time{}
	}
	t.failures++
	return backoff(t.failures, callBackoff), nil
}

// say reports a failure to whoever counts throttling, and to the log, at once and then every sayEvery.
func (t *trouble) say(now time.Time, operation string, c class, err error) {
	if c == throttled && t.config.Throttled != nil {
		t.config.Throttled(t.stream.name, operation)
	}
	t.unsaid++
	if c == fatal || !t.said.IsZero() && now.Sub(t.said) < sayEvery {
		return
	}
	t.config.Log.Warn(troubleText[c], zap.String("stream", t.stream.ref), zap.String("call", operation), zap.Int("failed", t.unsaid), zap.String("error", awserror.Text(err)))
	t.said, t.unsaid = now, 0
}

var troubleText = map[class]string{
	transient: "the service does not answer as it should, trying on",
	throttled: "the service throttles, backing off",
	stale:     "a list of shards took too long, beginning again",
	denied:    "not allowed, trying for a minute",
	gone:      "not found, trying for a minute",
	unclear:   "the service refuses the call, trying for a minute",
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
		if err := sleep(ctx, wait); err != nil {
			return fmt.Errorf("stream %s: calling kinesis:%s: %w", t.stream.ref, operation, err)
		}
	}
}

// sleep waits for d, until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
