package pipeline

import (
	"sync"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// Tracer is told what became of each page that had records, and of each barrier, once that is over. The engine's goroutines
// call it, several at a time, and it must not block: they do nothing meanwhile. What it is given is its own.
//
// It is told at the end, and not asked for a handle at the beginning, so that the engine notes a few times a page and
// nothing else. Nil in Config is nobody, and costs a comparison a page.
type Tracer interface {
	Page(*PageTrace)
	Barrier(*BarrierTrace)
}

// Span is a stretch of the process's time.
type Span struct{ Begin, End time.Time }

// PageTrace is the way of one page from its reading until all that came of it before a key_by was written, or until an error
// ended the run. It holds no bytes of the page.
type PageTrace struct {
	Partition record.Partition
	Read      Span // the call that gave the page; zero where the source makes none
	Chain     Span // the lane's work on it, with its waits for queues, a throttle and barriers
	Records   int
	Bytes     int // of payload
	Slices    int
	Rejected  int // to dead letters, by the stages before a key_by
	First     record.Sequence
	Last      record.Sequence
	Writes    []WriteTrace // in the order in which they ended
	Err       error        // nil unless the page ended the run

	tracer Tracer
	mu     sync.Mutex // the lane and the outputs come together here; guards the fields above too, until told
	open   int        // the lane, and chunks that are not written yet; guarded by mu
	told   bool       // guarded by mu
}

// WriteTrace is one call of an output. What it took is durable with the next checkpoint.
type WriteTrace struct {
	Span
	Output  string // "file", "dead_letters"
	Records int
	Bytes   int // framed
}

// tracePage returns the trace of p, which a lane takes up now, nil where nobody listens or there is nothing to tell.
func (r *Run) tracePage(of *record.Partition, p *record.Page) *PageTrace {
	if r.Tracer == nil || len(p.Records) == 0 {
		return nil
	}
	return &PageTrace{
		Partition: *of, Read: Span{p.Called, p.Answered}, Chain: Span{Begin: time.Now()}, tracer: r.Tracer, open: 1,
	}
}

// slice notes what the chain has handled.
func (t *PageTrace) slice(records []record.Record, rejected int) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.told {
		return
	}
	if t.Slices++; t.Records == 0 {
		t.First = record.Sequence(records[0].Sequence)
	}
	t.Records, t.Rejected = t.Records+len(records), t.Rejected+rejected
	t.Last = record.Sequence(records[len(records)-1].Sequence)
	for i := range records {
		t.Bytes += len(records[i].Data)
	}
}

// queued notes that a chunk is on its way to an output.
func (t *PageTrace) queued() {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.open++
}

// written notes that the call for a chunk is over.
func (t *PageTrace) written(w *WriteTrace, err error) {
	t.mu.Lock()
	if !t.told {
		t.Writes = append(t.Writes, *w)
	}
	t.overLocked(err)
}

// handled notes that the lane is done with the page.
func (t *PageTrace) handled(err error) {
	if t == nil {
		return
	}
	t.mu.Lock()
	if !t.told {
		t.Chain.End = time.Now()
	}
	t.overLocked(err)
}

// overLocked lets go of mu, and tells the tracer where this was the last that was open, or an error is the end of it. Of a
// page that a stop came before, there is nothing to tell.
func (t *PageTrace) overLocked(err error) {
	t.open--
	tell := !t.told && (t.open == 0 && t.Records > 0 || err != nil)
	if tell {
		t.told, t.Err = true, err
	}
	t.mu.Unlock()
	if tell {
		t.tracer.Page(t)
	}
}
