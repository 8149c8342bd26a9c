package status

import (
	"slices"
	"sync"
)

// keptCheckpoints is an hour of them at the interval that is the default.
const keptCheckpoints = 360

// checkpoints keeps the last ones.
type checkpoints struct {
	mu   sync.Mutex
	ring ring[Checkpoint] // guarded by mu
}

func newCheckpoints() *checkpoints { return &checkpoints{ring: newRing[Checkpoint](keptCheckpoints)} }

func (c *checkpoints) add(one Checkpoint) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ring.add(one)
}

func (c *checkpoints) last() (Checkpoint, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ring.last()
}

// after returns those that were saved after since, in Unix milliseconds, oldest first.
func (c *checkpoints) after(since int64) []Checkpoint {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(c.ring.all(), func(one Checkpoint) bool { return one.At <= since })
}
