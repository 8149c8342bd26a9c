package status

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/record"
)

var logs = &record.Partition{Stream: "logs", Shard: "shardId-000000000003"}

func rejected(data string) *record.Rejected {
	return &record.Rejected{
		Record: record.Record{Data: []byte(data), Key: []byte("k"), Sequence: []byte("42"), Subsequence: 7},
		Stage:  "2:filter", Err: errors.New("it ends early"),
	}
}

// letters returns what /api/dead-letters answers of l.
func lettersOf(t *testing.T, l *Letters) DeadLetters {
	t.Helper()
	w := httptest.NewRecorder()
	New(Config{Letters: l}, nil, nil, prometheus.NewRegistry(), zap.NewNop()).Handler().
		ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/dead-letters", nil))
	var got DeadLetters
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d, %s: %v", w.Code, w.Body, err)
	}
	return got
}

func letterEncoder(dst []byte, _ *record.Partition, r *record.Rejected) []byte {
	return append(dst, r.Record.Data...)
}

func TestLetters(t *testing.T) {
	key, text, binary := "k", "{", "\xff"
	plain := DeadLetter{Stage: "2:filter", Error: "it ends early", Stream: "logs", Shard: logs.Shard, Sequence: "42", Subsequence: 7, Size: 1}
	shows, shown := plain, plain
	shows.Key, shows.Payload = &key, &text
	replaced := "\ufffd"
	shown.Key, shown.Payload, shown.Binary = &key, &replaced, true
	for _, c := range []struct {
		name     string
		payloads bool
		data     string
		want     DeadLetter
	}{
		{"hidden", false, text, plain},
		{"asked for", true, text, shows},
		{"binary", true, binary, shown},
	} {
		l := &Letters{Payloads: c.payloads}
		if out := l.Note(letterEncoder)([]byte("x"), logs, rejected(c.data)); string(out) != "x"+c.data {
			t.Errorf("%s: %q is written", c.name, out)
		}
		want := DeadLetters{c.payloads, []DeadLetter{c.want}}
		if diff := cmp.Diff(want, lettersOf(t, l), cmpopts.IgnoreFields(DeadLetter{}, "At")); diff != "" {
			t.Errorf("%s: want (-) and got (+):\n%s", c.name, diff)
		}
	}
}

// A result of many records has its window, and no position.
func TestLetterOfAResult(t *testing.T) {
	l := new(Letters)
	r := rejected("{}")
	r.Record.Sequence, r.Record.Subsequence, r.Start, r.End = nil, 0, 60_000, 120_000
	l.Note(letterEncoder)(nil, &record.Partition{}, r)
	d := lettersOf(t, l).Last[0]
	if d.Stream != "" || d.Sequence != "" || d.WindowStart.UnixMilli() != 60_000 || d.WindowEnd.UnixMilli() != 120_000 {
		t.Errorf("got %+v", d)
	}
}

func TestLettersAreBounded(t *testing.T) {
	l := &Letters{Payloads: true}
	note := l.Note(letterEncoder)
	for i := range keptLetters + 7 {
		r := rejected(strings.Repeat("é", maxShown))
		r.Record.Data = append([]byte("x"), r.Record.Data...) // cuts a character in two
		r.Err = fmt.Errorf("%d", i)
		note(nil, logs, r)
	}
	got := lettersOf(t, l)
	if len(got.Last) != keptLetters || l.count() != keptLetters+7 || got.Last[0].Error != "56" || got.Last[keptLetters-1].Error != "7" {
		t.Errorf("%d are kept of %d, from %s to %s", len(got.Last), l.count(), got.Last[0].Error, got.Last[len(got.Last)-1].Error)
	}
	if d := got.Last[0]; len(*d.Payload) != maxShown-1 || d.Size != 2*maxShown+1 || strings.ContainsRune(*d.Payload, '\ufffd') {
		t.Errorf("%d bytes are kept of %d", len(*d.Payload), d.Size)
	}
}

func TestNothingIsKeptOfWhatIsDiscarded(t *testing.T) {
	if new(Letters).Note(nil) != nil {
		t.Error("an output that discards has got an encoder")
	}
}
