package status

import (
	"sync"
	"time"
)

// retention knows how long streams keep their records.
type retention struct {
	mu       sync.Mutex
	byStream map[string]time.Duration // guarded by mu
}

func newRetention() *retention { return &retention{byStream: map[string]time.Duration{}} }

func (r *retention) set(stream string, d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.byStream[stream] = d
}

// of returns what is known of a stream; ok is false where nothing is.
func (r *retention) of(stream string) (d time.Duration, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	d, ok = r.byStream[stream]
	return d, ok
}
