package pipeline

import (
	"context"
	"sync"
)

// credit bounds the bytes that all partitions have read and not yet done with. It is first come, first served, so that a
// partition with large pages is not starved by many with small ones. It is asked a few times a page.
type credit struct {
	limit int

	mu      sync.Mutex
	out     int       // guarded by mu; over limit where pages were larger than what was reserved
	waiting []*waiter // guarded by mu; in the order they came
}

type waiter struct {
	n    int
	done chan struct{} // closed when n has been granted
}

func newCredit(limit int) *credit { return &credit{limit: limit} }

// Acquire implements record.Credit.
func (c *credit) Acquire(ctx context.Context, n int) (waited bool, err error) {
	c.mu.Lock()
	if len(c.waiting) == 0 && c.fitsLocked(n) {
		c.out += n
		c.mu.Unlock()
		return false, nil
	}
	w := &waiter{n, make(chan struct{})}
	c.waiting = append(c.waiting, w)
	c.mu.Unlock()
	select {
	case <-w.done:
		return true, nil
	case <-ctx.Done():
		c.abandon(w)
		return true, ctx.Err()
	}
}

// Adjust implements record.Credit.
func (c *credit) Adjust(delta int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out += delta
	c.grantLocked()
}

// fitsLocked lets one page go however large it is: a limit below the service's page would else stop everything.
func (c *credit) fitsLocked(n int) bool { return c.out <= 0 || c.out+n <= c.limit }

func (c *credit) grantLocked() {
	for len(c.waiting) > 0 && c.fitsLocked(c.waiting[0].n) {
		w := c.waiting[0]
		c.waiting = c.waiting[1:]
		c.out += w.n
		close(w.done)
	}
}

// abandon takes w out of the line, or gives back what was granted in the same moment.
func (c *credit) abandon(w *waiter) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, x := range c.waiting {
		if x == w {
			c.waiting = append(c.waiting[:i:i], c.waiting[i+1:]...)
			c.grantLocked()
			return
		}
	}
	c.out -= w.n
	c.grantLocked()
}

// Out returns the bytes that are out now.
func (c *credit) Out() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.out
}
