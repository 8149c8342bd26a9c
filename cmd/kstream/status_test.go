package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/status"
)

// ranJob returns a job that has run over a file with these lines, with these variables besides.
func ranJob(t *testing.T, lines string, variables map[string]string) *job {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("in.jsonl", []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"SOURCE": "file", "INPUT_PATH": "in.jsonl", "SINK": "file", "FILE_PATH": "out.jsonl", "STATE_DIR": "state", "LOG_LEVEL": "error",
	} {
		t.Setenv("KSTREAM_"+name, value)
	}
	for name, value := range variables {
		t.Setenv("KSTREAM_"+name, value)
	}
	var out, errOut bytes.Buffer
	term := &terminal{in: nil, out: &out, err: &errOut, stop: t.Context(), abandoned: new(atomic.Int32)}
	conf, err := config.Load(config.Options{Everything: true})
	j, err := newJob(term, conf, err, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.pipeline(t.Context(), term); err != nil {
		t.Fatalf("%v\n%s", err, &errOut)
	}
	return j
}

func answered[T any](t *testing.T, j *job, path string) (answer T) {
	t.Helper()
	w := httptest.NewRecorder()
	j.statusPage().Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%s answers %q: %v", path, w.Body, err)
	}
	return answer
}

// What was set is what /api/status tells of, beside what the run has counted.
func TestStatusTellsOfTheJob(t *testing.T) {
	j := ranJob(t, `{"n":1}`+"\n"+`{"n":2}`+"\nsecret\n", map[string]string{"OPERATORS": "filter n > 1", "CHECKPOINT_INTERVAL": "7s"})
	got := answered[status.Report](t, j, "/api/status")
	want := status.Report{
		Version: buildVersion(), Checkpoint: status.CheckpointReport{Interval: 7},
		Stages: []status.StageReport{
			{Stage: "1:decode", Text: "decode json, assumed", Assumed: true, Records: status.Flow[uint64]{In: 3, Out: 2, DeadLetter: 1}},
			{Stage: "1:filter", Text: "filter n > 1", Records: status.Flow[uint64]{In: 2, Out: 1, Filtered: 1}},
		},
		Outputs: []status.OutputReport{
			{Output: "file", Target: "out.jsonl", Records: 1},
			{Output: "dead_letters", Target: filepath.Join("state", "dead-letters.jsonl"), Records: 1},
		},
		DeadLetters: status.DeadLettersSummary{Count: 1, Noted: 1},
	}
	told := status.Report{
		Version: got.Version, Checkpoint: status.CheckpointReport{Interval: got.Checkpoint.Interval},
		Stages: got.Stages, Outputs: got.Outputs, DeadLetters: got.DeadLetters,
	}
	if diff := cmp.Diff(want, told, cmpopts.IgnoreFields(status.OutputReport{}, "Bytes")); diff != "" {
		t.Errorf("want (-) and got (+):\n%s", diff)
	}
}

func TestPayloadsAreShownOnRequest(t *testing.T) {
	for asked, want := range map[string]string{"false": "", "true": "secret"} {
		j := ranJob(t, "secret\n", map[string]string{"OPERATORS": "filter n > 1", "HTTP_PAYLOADS": asked})
		letters := answered[status.DeadLetters](t, j, "/api/dead-letters")
		if len(letters.Last) != 1 || letters.Last[0].Stage != "1:decode" {
			t.Fatalf("HTTP_PAYLOADS=%s: %+v", asked, letters)
		}
		got := ""
		if shown := letters.Last[0].Payload; shown != nil {
			got = *shown
		}
		if got != want {
			t.Errorf("HTTP_PAYLOADS=%s: the payload %q is shown, want %q", asked, got, want)
		}
	}
}

func TestTargets(t *testing.T) {
	for _, c := range []struct {
		sink config.Sink
		want map[string]string
	}{
		{config.Sink{Kind: "stdout", DeadLetters: config.Target{Kind: "log"}}, map[string]string{"stdout": "", "dead_letters": "log"}},
		{
			config.Sink{Kind: "kinesis", Stream: "arn:aws:kinesis:eu-west-1:123456789012:stream/clean", DeadLetters: config.Target{Kind: "kinesis", Name: "refused"}},
			map[string]string{"kinesis": "clean", "dead_letters": "refused"},
		},
	} {
		j := &job{conf: &config.Config{Sink: c.sink}}
		if diff := cmp.Diff(c.want, j.targets()); diff != "" {
			t.Errorf("%s: want (-) and got (+):\n%s", c.sink.Kind, diff)
		}
	}
}
