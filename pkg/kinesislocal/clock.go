package kinesislocal

import (
	"sync"
	"time"
)

// Clock is the server's time: arrival times, expiry, limits, retention and injected latency go by it. Many goroutines
// call it.
type Clock interface {
	// Now returns the time.
	Now() time.Time
	// After returns a channel on which one value comes when d has passed.
	After(d time.Duration) <-chan time.Time
}

// SystemClock is the machine's time, or inside a testing/synctest bubble the bubble's.
type SystemClock struct{}

// Now implements Clock.
func (SystemClock) Now() time.Time { return time.Now() }

// After implements Clock.
func (SystemClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// ManualClock is a Clock that stands still until it is moved. Make one with NewManualClock.
type ManualClock struct {
	mu      sync.Mutex
	now     time.Time // guarded by mu
	waiters []waiter  // guarded by mu
}

type waiter struct {
	at time.Time
	c  chan time.Time
}

// NewManualClock returns a clock that shows now.
func NewManualClock(now time.Time) *ManualClock { return &ManualClock{now: now} }

// Now implements Clock.
func (c *ManualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// After implements Clock.
func (c *ManualClock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := waiter{c.now.Add(d), make(chan time.Time, 1)}
	if d <= 0 {
		w.c <- c.now
		return w.c
	}
	c.waiters = append(c.waiters, w)
	return w.c
}

// Advance moves the clock by d and wakes whoever waited for less.
func (c *ManualClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	left := c.waiters[:0]
	for _, w := range c.waiters {
		if w.at.After(c.now) {
			left = append(left, w)
			continue
		}
		w.c <- c.now
	}
	clear(c.waiters[len(left):])
	c.waiters = left
}

// millis is a time as the service keeps it: milliseconds since 1970.
type millis int64

func millisOf(t time.Time) millis { return millis(t.UnixMilli()) }

func (m millis) time() time.Time { return time.UnixMilli(int64(m)).UTC() }

func (m millis) add(d time.Duration) millis { return m + millis(d/time.Millisecond) }
