package kinesis

import (
	"context"
	"fmt"
	"time"

	"github.com/kstream/kstream/pkg/awserror"
)

const (
	firstBackoff = 200 * time.Millisecond // a shard's limits let one call through in that time
	maxBackoff   = 10 * time.Second
)

func backoff(failures int) time.Duration { return awserror.Backoff(failures, firstBackoff, maxBackoff) }

// try makes one call of the named operation until it succeeds, fails for good, is stale or ctx ends.
func (st *stream) try(ctx context.Context, operation string, call func() error) error {
	var r awserror.Retry
	for {
		err := call()
		if err == nil {
			st.source.troubles.over(st.name)
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("calling %s: %w", operation, ctx.Err())
		}
		c := awserror.Of(err)
		if c == awserror.Stale {
			return err
		}
		st.note(operation, c, err)
		if !r.Next(c) {
			return st.explain(operation, c, err)
		}
		if err := awserror.Pause(ctx, backoff(r.Failures)); err != nil {
			return fmt.Errorf("calling %s: %w", operation, err)
		}
	}
}

// note counts and says what went wrong with a call that will be made again.
func (st *stream) note(operation string, c awserror.Class, err error) {
	if c == awserror.Throttled {
		st.source.config.Observer.Throttled(st.name, operation)
	}
	st.source.troubles.say(st.name, operation, c, err)
}

// explain words an error that ends the run.
func (st *stream) explain(operation string, c awserror.Class, err error) error {
	return awserror.Explain(c, st.ref, operation, "the policy and credentials", err)
}
