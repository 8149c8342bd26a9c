package kinesislocal

import (
	"context"
	"net/http"
	"sync"
)

// meets reports whether f is for this call.
func (f *Fault) meets(c Call) bool {
	return (f.Operation == c.Operation || f.Operation == "" && c.Operation != EntryOperation) &&
		(f.Stream == "" || f.Stream == c.Stream) && (f.Shard == "" || f.Shard == c.Shard)
}

// failure returns the error that f answers.
func (f *Fault) failure() *Error {
	status := f.Status
	if status == 0 {
		status = http.StatusBadRequest
		switch f.Error {
		case "InternalFailure", "InternalFailureException", "InternalServerError":
			status = http.StatusInternalServerError
		case "ServiceUnavailable", "ServiceUnavailableException":
			status = http.StatusServiceUnavailable
		}
	}
	return &Error{Code: f.Error, Message: f.Message, Status: status}
}

// spoil does to a reply what f says.
func (f *Fault) spoil(rep *reply) {
	if f.Status != 0 && f.Error == "" {
		rep.status = f.Status
	}
	if f.Body != "" {
		rep.body = []byte(f.Body)
	}
	rep.cut = f.CutAfter
}

// faults are those at work.
type faults struct {
	mu   sync.Mutex
	list []*Injection // guarded by mu
}

// firing returns the faults that this call meets: those that only delay it, and up to the first that answers it.
func (fs *faults) firing(c Call) []*Fault {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	var out []*Fault
	for _, in := range fs.list {
		f := &in.fault
		if !f.meets(c) {
			continue
		}
		if in.seen++; in.seen <= f.After || f.Times > 0 && in.fired == f.Times {
			continue
		}
		if f.Probability > 0 && in.random.Float64() >= f.Probability {
			continue
		}
		in.fired++
		out = append(out, f)
		if f.Error != "" || f.Body != "" || f.Status != 0 || f.CutAfter != 0 {
			break
		}
	}
	return out
}

// meet lets the faults of a call happen that come before its effect. It returns the one that is to spoil the reply.
func (fs *faults) meet(ctx context.Context, s *Server, c Call) (*Fault, error) {
	var last *Fault
	for _, f := range fs.firing(c) {
		if f.Do != nil {
			f.Do(c)
		}
		if err := s.wait(ctx, f.Latency); err != nil {
			return nil, err
		}
		last = f
	}
	if last != nil && last.Error != "" {
		return nil, last.failure()
	}
	return last, nil
}

// entry returns what is to happen to one record of PutRecords; nil: nothing.
func (fs *faults) entry(c Call) *Error {
	for _, f := range fs.firing(c) {
		return f.failure()
	}
	return nil
}
