package sourcetest

import (
	"fmt"
	"testing"

	"github.com/kstream/kstream/pkg/record"
)

// Harness drives one backend through the suite.
type Harness struct {
	// New makes an empty stream of two partitions.
	New func(t *testing.T) Stream
	// Run runs one test of the suite; nil: as a plain subtest. A backend that has a clock of its own wraps it.
	Run func(t *testing.T, test func(t *testing.T))
	// Skip names the tests that a server under the backend can't pass, each with its fault.
	Skip map[string]string
}

// Stream is a stream under test.
type Stream interface {
	// Source returns a new source of the stream, as another process would make it.
	Source(t *testing.T) record.Source
	// Put writes a record with this key.
	Put(t *testing.T, key, data string)
	// Reshard splits or merges partitions, so that some end and others follow; false where there is no such thing.
	Reshard(t *testing.T) bool
}

// Run runs the suite.
func Run(t *testing.T, h Harness) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, Harness)
	}{
		{"ReadsAllInOrder", readsAllInOrder},
		{"ResumesBehindEachRecord", resumesBehindEachRecord},
		{"ResumesAtARecord", resumesAtARecord},
		{"StartsAtATime", startsAtATime},
		{"GoesOnAtTheTip", goesOnAtTheTip},
		{"EndsWithChildren", endsWithChildren},
		{"KnowsWhatItKnows", knowsWhatItKnows},
		{"CancelLosesNothing", cancelLosesNothing},
		{"SettlesItsCredit", settlesItsCredit},
	} {
		t.Run(test.name, func(t *testing.T) {
			if why, skip := h.Skip[test.name]; skip {
				t.Skip(why)
			}
			run := h.Run
			if run == nil {
				run = func(t *testing.T, test func(t *testing.T)) { test(t) }
			}
			run(t, func(t *testing.T) { test.run(t, h) })
		})
	}
}

// fill writes n records over several keys and returns their payloads by key.
func fill(t *testing.T, s Stream, from, n int) map[string][]string {
	t.Helper()
	want := map[string][]string{}
	for i := from; i < from+n; i++ {
		key, data := fmt.Sprintf("key-%d", i%5), fmt.Sprintf("record %d", i)
		s.Put(t, key, data)
		want[key] = append(want[key], data)
	}
	return want
}

func byKey(got []Got) map[string][]string {
	keys := map[string][]string{}
	for _, g := range got {
		keys[g.Key] = append(keys[g.Key], g.Data)
	}
	return keys
}
