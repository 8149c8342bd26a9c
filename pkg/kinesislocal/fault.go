package kinesislocal

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// EntryOperation is the Operation of a Fault that meets single records of PutRecords: they fail with its Error while the
// call succeeds.
const EntryOperation = "PutRecords.Record"

// Fault is something that goes wrong with calls. The first four fields say which calls it may meet, the next four which
// of these it does, the rest what happens, in the order of the fields.
type Fault struct {
	Operation string // "GetRecords", or EntryOperation; empty: every operation
	Stream    string // a stream's name; empty: every stream
	Shard     string // a shard's name; empty: every shard

	After       int     // so many calls pass first
	Times       int     // so many are met then; 0: without end
	Probability float64 // each of them is met with this probability; 0: always
	Seed        uint64  // of the probability: the same seed, the same calls

	// Do is called in the goroutine of the client, with no lock held: it may use the server.
	Do func(Call)
	// Latency is waited for by the server's clock, or until the client gives up.
	Latency time.Duration
	// Error is the code of the error that is answered, without the call having any effect: "ExpiredIteratorException".
	Error   string
	Message string // of the error
	Status  int    // of the answer; 0: what the service answers Error with

	// Body is answered in place of the true answer, when the call has had its effect.
	Body string
	// CutAfter cuts the connection behind so many bytes of the answer's body, when the call has had its effect; negative:
	// before its headers. 0, or beyond its end: no cut.
	CutAfter int
}

// Call is what a Fault is told of the call that it meets.
type Call struct {
	Operation string
	Stream    string // "" where the request names none
	Shard     string
	Number    int // of the calls of this operation, from 1
}

// Injection is a fault at work.
type Injection struct {
	faults *faults
	fault  Fault
	random *rand.Rand // guarded by faults.mu
	seen   int        // guarded by faults.mu
	fired  int        // guarded by faults.mu
}

// Inject lets f happen from now on, beside those that are at work already; of several that meet one call, the one
// injected first answers it, and latencies add up. An error says what is wrong with f.
func (s *Server) Inject(f Fault) (*Injection, error) {
	if err := f.check(); err != nil {
		return nil, fmt.Errorf("injecting fault %q: %w", f, err)
	}
	in := &Injection{faults: &s.faults, fault: f, random: rand.New(rand.NewPCG(f.Seed, f.Seed))}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = append(s.faults.list, in)
	return in, nil
}

// Fired returns how many calls the fault has met.
func (in *Injection) Fired() int {
	in.faults.mu.Lock()
	defer in.faults.mu.Unlock()
	return in.fired
}

// Remove ends the fault. It may be called twice.
func (in *Injection) Remove() {
	in.faults.mu.Lock()
	defer in.faults.mu.Unlock()
	in.faults.list = slices.DeleteFunc(in.faults.list, func(other *Injection) bool { return other == in })
}

func (f *Fault) check() error {
	if _, ok := operations[f.Operation]; !ok && f.Operation != "" && f.Operation != EntryOperation {
		names := slices.Sorted(maps.Keys(operations))
		return fmt.Errorf("no operation %q: there are %s and %s", f.Operation, strings.Join(names, ", "), EntryOperation)
	}
	switch {
	case f.After < 0, f.Times < 0, f.Latency < 0:
		return errors.New("a negative count or latency")
	case !(f.Probability >= 0 && f.Probability <= 1):
		return fmt.Errorf("probability %v is not between 0 and 1", f.Probability)
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("status %d is none of HTTP's", f.Status)
	case f.Error == "" && f.Message != "":
		return errors.New("a message without an error")
	case f.Error != "" && (f.Body != "" || f.CutAfter != 0):
		return errors.New("an error, and a body or a cut: those belong to calls that have an effect, an error has none")
	case f.Operation == EntryOperation && (f.Error == "" || f.Status != 0 || f.CutAfter != 0 || f.Latency != 0 || f.Do != nil):
		return errors.New("a record of PutRecords can fail with an error, and with nothing else")
	case f.Do == nil && f.Latency == 0 && f.Error == "" && f.Body == "" && f.CutAfter == 0 && f.Status == 0:
		return errors.New("nothing happens: error, status, body, cut or latency is missing")
	}
	return nil
}
