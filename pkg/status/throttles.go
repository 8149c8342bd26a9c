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
