package kinesis

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
)

const (
	// patience is how long "not allowed", "not found" and what no table knows are tried before they end the run.
	patience = time.Minute

	firstBackoff = 200 * time.Millisecond // a shard's limits let one call through in that time
	maxBackoff   = 10 * time.Second
)

// once keeps the SDK from trying again by itself: each of its attempts would spend a shard's 5 calls a second, and all
// trying again is done here.
func once(o *kinesis.Options) { o.Retryer = aws.NopRetryer{} }

// retry is what is known of a call that keeps failing. The zero retry has not failed.
type retry struct {
	failures int
	since    time.Time // of the first failure of the class that patience is for; zero: none
}

// next says how long to wait before the next attempt after err of class c, with full jitter: those who were refused
// together do not come back together. ok is false where there should be no further attempt.
func (r *retry) next(c class) (wait time.Duration, ok bool) {
	switch c {
	case fatal, invalid:
		return 0, false
	case denied, gone, unclear:
		if r.since.IsZero() {
			r.since = time.Now()
		}
		if time.Since(r.since) >= patience {
			return 0, false
		}
	default:
		r.since = time.Time{}
	}
	limit := min(maxBackoff, firstBackoff<<min(r.failures, 10))
	r.failures++
	return rand.N(limit) + time.Millisecond, true
}

// sleep waits for d, until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// try makes one call of the named operation until it succeeds, fails for good, is stale or ctx ends.
func (st *stream) try(ctx context.Context, operation string, call func() error) error {
	var r retry
	for {
		err := call()
		if err == nil {
			st.source.troubles.over(st.name)
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("calling %s: %w", operation, ctx.Err())
		}
		c := classify(err)
		if c == stale {
			return err
		}
		st.note(operation, c, err)
		wait, ok := r.next(c)
		if !ok {
			return st.explain(operation, c, err)
		}
		if err := sleep(ctx, wait); err != nil {
			return fmt.Errorf("calling %s: %w", operation, err)
		}
	}
}

// note counts and says what went wrong with a call that will be made again.
func (st *stream) note(operation string, c class, err error) {
	if c == throttled {
		st.source.config.Observer.Throttled(st.name, operation)
	}
	st.source.troubles.say(st.name, operation, c, err)
}

// explain words an error that ends the run.
func (st *stream) explain(operation string, c class, err error) error {
	switch c {
	case denied:
		return fmt.Errorf("stream %s: not allowed to call kinesis:%s, tried for %v: check the policy and credentials: %w", st.ref, operation, patience, err)
	case unclear:
		return fmt.Errorf("stream %s: calling kinesis:%s, tried for %v: %w", st.ref, operation, patience, err)
	case gone:
		return fmt.Errorf("stream %s: not found, tried for %v: was it deleted? Else check its name, region and account: %w", st.ref, patience, err)
	}
	return fmt.Errorf("stream %s: calling kinesis:%s: %w", st.ref, operation, err)
}
