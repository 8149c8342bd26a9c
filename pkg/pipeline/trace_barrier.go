package pipeline

import (
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// BarrierTrace is one barrier, step after step.
type BarrierTrace struct {
	Span
	Epoch record.Epoch
	Steps []StepTrace
	Err   error // nil unless the barrier ended the run
}

// StepTrace is one step of a barrier: "hold", "freeze", "prepare file", "save", "commit".
type StepTrace struct {
	Span
	Name string
}

// traceBarrier returns the trace of the barrier that begins now, nil where nobody listens.
func (r *Run) traceBarrier() *BarrierTrace {
	if r.Tracer == nil {
		return nil
	}
	return &BarrierTrace{Span: Span{Begin: time.Now()}, Epoch: r.epoch + 1}
}

// step notes that everything since the last step was this one.
func (t *BarrierTrace) step(name string) {
	if t == nil {
		return
	}
	began := t.Begin
	if n := len(t.Steps); n > 0 {
		began = t.Steps[n-1].End
	}
	t.Steps = append(t.Steps, StepTrace{Span{began, time.Now()}, name})
}

func (r *Run) tellBarrier(t *BarrierTrace, err error) {
	if t == nil {
		return
	}
	t.End, t.Err = time.Now(), err
	r.Tracer.Barrier(t)
}
