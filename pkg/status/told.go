package status

import (
	"cmp"
	"slices"
	"sync"
)

// refusals counts the calls that streams refused for a limit.
type refusals struct {
	mu     sync.Mutex
	counts map[ThrottleReport]uint64 // by stream and call; guarded by mu
}

func newRefusals() *refusals { return &refusals{counts: map[ThrottleReport]uint64{}} }

func (r *refusals) add(stream, call string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts[ThrottleReport{Stream: stream, Call: call}]++
}

// all returns the counts, by stream and call.
func (r *refusals) all() []ThrottleReport {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]ThrottleReport, 0, len(r.counts))
	for of, n := range r.counts {
		of.Count = n
		list = append(list, of)
	}
	slices.SortFunc(list, func(a, b ThrottleReport) int {
		return cmp.Or(cmp.Compare(a.Stream, b.Stream), cmp.Compare(a.Call, b.Call))
	})
	return list
}

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
