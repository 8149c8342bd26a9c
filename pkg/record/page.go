package record

import (
	"context"
	"time"
)

// Credit bounds the bytes that have been read and not yet been done with, over all partitions. The engine's is first
// come, first served.
type Credit interface {
	// Acquire takes n bytes, waiting for them until ctx ends, which is its only error. More than there is in all counts
	// as all. waited tells whether it had to wait.
	Acquire(ctx context.Context, n int) (waited bool, err error)
	// Adjust changes what is held by delta bytes, without waiting: it may overdraw.
	Adjust(delta int)
}

// Page is what one read gives. The engine makes pages, lends them to Read and uses them again; nobody else keeps one.
// A Page has one user at a time and no locks.
type Page struct {
	// Records are in order. Their bytes are the page's until Reset, or never change: whoever keeps some copies them.
	Records []Record
	// End is where to read on behind this page, however many of its records are dropped: it moves on an empty page too,
	// where the source knows better than before.
	End Position
	// Children are the partitions that continue one that has ended (End.Where is Ended), and such ancestors of theirs as
	// the source has not announced yet: a merged shard may be met before its other parent, and has to wait for it.
	Children []Partition

	// Begun is the service's time when the call that gave this page began.
	Begun Millis
	// Called and Answered are when that call was made and answered, in the process's time; zero where the source makes none.
	Called, Answered time.Time
	// HandledTo is the service's time up to which every arrival will have been handled, once this page is.
	HandledTo Millis
	// Tip is true where nothing more was there.
	Tip bool
	// Setbacks is how often Setback was called for this page.
	Setbacks int

	credit  Credit
	held    int
	setback func()
	release func() // nil: nothing is to be given back
}

// NewPage returns an empty page that takes its credit from c; nil is credit without a bound.
func NewPage(c Credit) *Page { return &Page{credit: c} }

// OnSetback has f called at each Setback, from the reader's goroutine.
func (p *Page) OnSetback(f func()) { p.setback = f }

// Setback notes that a call for this page failed, was throttled or was withheld, and will be made again: a partition is idle
// only while every call succeeds. The reader calls it as soon as it knows. It does not block.
func (p *Page) Setback() {
	p.Setbacks++
	if p.setback != nil {
		p.setback()
	}
}

// Reserve takes credit for n bytes before a read whose size is not known yet. It blocks until there is credit or ctx
// ends, its only error. Whoever calls it holds no page with records.
func (p *Page) Reserve(ctx context.Context, n int) error {
	if p.credit != nil {
		waited, err := p.credit.Acquire(ctx, n)
		if err != nil {
			return err
		}
		if waited {
			p.Setback()
		}
	}
	p.held += n
	return nil
}

// Settle corrects what Reserve took to the n bytes that the page really holds. It never waits.
func (p *Page) Settle(n int) {
	if p.credit != nil {
		p.credit.Adjust(n - p.held)
	}
	p.held = n
}

// Held returns the bytes of credit that p holds.
func (p *Page) Held() int { return p.held }

// OnReset has f called at the next Reset, once: it gives back the memory in which the bytes of p's records lie. The reader
// sets it with the records.
func (p *Page) OnReset(f func()) { p.release = f }

// Reset empties p, and gives back its credit and the memory of its records' bytes, which nobody may read any more.
func (p *Page) Reset() {
	p.Settle(0)
	if p.release != nil {
		p.release()
	}
	clear(p.Records)
	*p = Page{credit: p.credit, setback: p.setback, Records: p.Records[:0]}
}
