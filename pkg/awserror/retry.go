package awserror

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
)

// Patience is how long a call is tried that fails by what may pass and may not (Denied, Gone, Unclear), before that ends the run.
const Patience = time.Minute

// Once is the option of a call that keeps the SDK from trying again by itself: each attempt spends a part of a shard's limits, and
// only who made the call knows what is left to be done.
func Once(o *kinesis.Options) { o.Retryer = aws.NopRetryer{} }

// Retry is what is known of a call that keeps failing. The zero Retry has not failed. One goroutine uses it.
type Retry struct {
	Failures int // in a row

	since time.Time // of the first failure in a row that Patience is for; zero: none
}

// Next notes a failure of class c, and reports whether there should be another attempt.
func (r *Retry) Next(c Class) bool {
	switch c {
	case Fatal, Invalid:
		return false
	case Denied, Gone, Unclear:
		if r.since.IsZero() {
			r.since = time.Now()
		}
		if time.Since(r.since) >= Patience {
			return false
		}
	default:
		r.since = time.Time{}
	}
	r.Failures++
	return true
}

// Backoff returns how long to wait after so many failures in a row: up to first after the first of them, twice that after each
// further one, and never more than most. It is drawn at random, so that those who were refused together do not come back together.
func Backoff(failures int, first, most time.Duration) time.Duration {
	return rand.N(min(most, first<<min(max(failures-1, 0), 10))) + time.Millisecond
}

// Pause waits for d, until ctx ends, whose error it returns then.
func Pause(ctx context.Context, d time.Duration) error {
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
