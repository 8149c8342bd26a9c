package ordered

import (
	"context"
	"sync"

	"github.com/kstream/kstream/pkg/record"
)

// hold is where readers wait whose partitions are ahead. A partition waits as long as it has a page that is not handled, or
// lines that are held back, and much is held back over all. The one that the merge waits for has neither, so that it never
// waits here, and nobody does for ever. A reader waits before it reads, while it holds no credit.
type hold struct {
	most int // bytes that are held back before readers wait

	mu    sync.Mutex
	held  int // bytes; guarded by mu
	lanes map[record.PartitionID]*ahead
}

// ahead is how far a partition is ahead of what has gone out. It is guarded by the hold's mu.
type ahead struct {
	pages int           // read, and not handled
	bytes int           // held back
	free  chan struct{} // closed when its reader need not wait any more; nil: it does not wait
}

func newHold(most int) *hold {
	return &hold{most: most, lanes: map[record.PartitionID]*ahead{}}
}

// wait blocks until p may be read, or ctx ends, and tells whether it had to.
func (h *hold) wait(ctx context.Context, p record.PartitionID) (waited bool, err error) {
	h.mu.Lock()
	a := h.laneLocked(p)
	if h.goesLocked(a) {
		h.mu.Unlock()
		return false, nil
	}
	free := make(chan struct{})
	a.free = free
	h.mu.Unlock()
	select {
	case <-free:
		return true, nil
	case <-ctx.Done():
		return true, ctx.Err()
	}
}

func (h *hold) laneLocked(p record.PartitionID) *ahead {
	a := h.lanes[p]
	if a == nil {
		a = &ahead{}
		h.lanes[p] = a
	}
	return a
}

func (h *hold) goesLocked(a *ahead) bool { return h.held < h.most || a.pages == 0 && a.bytes == 0 }

// read notes that a page of p is on its way, and handled that it has come.
func (h *hold) read(p record.PartitionID)    { h.change(p, 1, 0) }
func (h *hold) handled(p record.PartitionID) { h.change(p, -1, 0) }

// add notes that so many more bytes of p are held back.
func (h *hold) add(p record.PartitionID, bytes int) { h.change(p, 0, bytes) }

func (h *hold) change(p record.PartitionID, pages, bytes int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	a := h.laneLocked(p)
	a.pages += pages
	a.bytes += bytes
	was := h.held
	h.held += bytes
	if was >= h.most && h.held < h.most {
		for _, a := range h.lanes {
			h.wakeLocked(a)
		}
		return
	}
	h.wakeLocked(a)
}

func (h *hold) wakeLocked(a *ahead) {
	if a.free != nil && h.goesLocked(a) {
		close(a.free)
		a.free = nil
	}
}

// forget drops a partition that has been read and written.
func (h *hold) forget(p record.PartitionID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.lanes, p)
}

// bytes returns how much is held back.
func (h *hold) bytes() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.held
}
