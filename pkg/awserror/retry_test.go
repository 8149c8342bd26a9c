package awserror_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/kstream/kstream/pkg/awserror"
)

// TestRetry tries what passes for ever, what may not for as long as patience lasts, and what can't pass never again.
func TestRetry(t *testing.T) {
	for c, want := range map[awserror.Class]time.Duration{
		awserror.Transient: time.Hour, awserror.Throttled: time.Hour, awserror.Stale: time.Hour,
		awserror.Denied: awserror.Patience, awserror.Gone: awserror.Patience, awserror.Unclear: awserror.Patience,
		awserror.Invalid: 0, awserror.Fatal: 0,
	} {
		synctest.Test(t, func(t *testing.T) {
			var r awserror.Retry
			began := time.Now()
			for time.Since(began) < time.Hour && r.Next(c) {
				time.Sleep(time.Second)
			}
			if got := time.Since(began); got != want {
				t.Errorf("class %d is tried for %v, want %v", c, got, want)
			}
		})
	}
}

// TestRetryForgets begins a minute anew behind a failure of another kind.
func TestRetryForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r awserror.Retry
		for range 3 {
			for range 40 {
				if !r.Next(awserror.Denied) {
					t.Fatal("it gave up")
				}
				time.Sleep(time.Second)
			}
			r.Next(awserror.Throttled)
		}
		if r.Failures != 3*41 {
			t.Errorf("%d failures, want %d", r.Failures, 3*41)
		}
	})
}

func TestBackoff(t *testing.T) {
	const first, most = 100 * time.Millisecond, 5 * time.Second
	for failures, limit := range map[int]time.Duration{0: first, 1: first, 2: 2 * first, 5: 16 * first, 7: most, 1000: most} {
		var longest time.Duration
		for range 1000 {
			longest = max(longest, awserror.Backoff(failures, first, most))
		}
		if longest > limit+time.Millisecond || longest < limit/2 {
			t.Errorf("after %d failures it is up to %v, want %v", failures, longest, limit)
		}
	}
}
