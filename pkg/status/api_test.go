package status

import (
	"encoding/json"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
)

func testConfig() Config {
	return Config{
		Version: "v1.2.3", Interval: 10 * time.Second, Targets: map[string]string{"file": "/data/out.jsonl"},
		Chain: []operator.Written{
			{Label: "1:throttle", Text: "throttle 30/m"},
			{Label: "3:filter", Text: "filter status >= 500"},
			{Label: "4:window", Text: "window tumbling 1m", Part: 1},
		},
	}
}

// status returns what /api/status says of a run.
func statusOf(t *testing.T, run *fakeRun) Report {
	t.Helper()
	code, body := page(t, "/api/status", run, true)
	var got Report
	if err := json.Unmarshal([]byte(body), &got); err != nil || code != http.StatusOK {
		t.Fatalf("%d, %s: %v", code, body, err)
	}
	return got
}

// clock leaves out what goes with the wall's.
var clock = cmpopts.IgnoreFields(Report{}, "Now", "Host", "Started", "Checkpoint", "History")

func TestReportBeforeThereIsARun(t *testing.T) {
	got := statusOf(t, nil)
	if since := time.Since(got.Now); since < 0 || since > time.Minute || got.Started.After(got.Now) {
		t.Errorf("now is %s, started %s", got.Now, got.Started)
	}
	if host, err := os.Hostname(); err != nil || got.Host != host {
		t.Errorf("the host is %q, want %q (%v)", got.Host, host, err)
	}
	want := Report{
		Version: "v1.2.3", Health: Verdict{true, "ok"}, Ready: Verdict{false, "starting"},
		Sources: []SourceReport{}, Stages: []StageReport{}, Outputs: []OutputReport{}, Partitions: []PartitionReport{},
		Throttles: []ThrottleReport{{"logs", "GetRecords", 1}},
	}
	if diff := cmp.Diff(want, got, clock); diff != "" {
		t.Errorf("want (-) and got (+):\n%s", diff)
	}
}

func TestReport(t *testing.T) {
	run := running()
	run.stats.Keyed, run.stats.StateKeys, run.stats.StateBytes, run.stats.Watermark = true, 42, 4200, 1_795_392_000_250
	run.stats.Partitions[1].Partition.Parents = []record.PartitionID{"arn:aws:kinesis:eu-west-1:123456789012:stream/logs/shardId-000000000000"}
	at := time.UnixMilli(1_795_392_000_500).UTC()
	got := statusOf(t, run)
	if c := got.Checkpoint; c.Age == nil || c.Took == nil || *c.Took != 0.02 || c.Interval != 10 {
		t.Errorf("the checkpoint is %+v", c)
	}
	if checkpoints := got.History.Checkpoints; len(checkpoints) != 1 || checkpoints[0].Took != 0.02 {
		t.Errorf("the history of checkpoints is %+v", checkpoints)
	}
	want := Report{
		Version: "v1.2.3", Health: Verdict{true, "ok"}, Ready: Verdict{true, "ok"}, Checkpointed: &at,
		Watermark: &WatermarkReport{At: time.UnixMilli(1_795_392_000_250).UTC()}, State: &StateReport{42, 4200}, Buffer: BufferReport{70, 1000},
		Sources: []SourceReport{{Stream: "logs", Partitions: 2, Records: 109, Bytes: 1081}},
		Stages: []StageReport{
			{Stage: "1:throttle", Text: "throttle 30/m"},
			{Stage: "3:filter", Text: "filter status >= 500", Records: Flow[uint64]{In: 10, Out: 6, Filtered: 3, DeadLetter: 1, Mismatch: 2}},
			{Stage: "4:window", Text: "window tumbling 1m", Part: 1},
		},
		Outputs:     []OutputReport{{Output: "file", Target: "/data/out.jsonl", Records: 6, Bytes: 600}},
		Throttles:   []ThrottleReport{{"logs", "GetRecords", 1}},
		DeadLetters: DeadLettersSummary{Count: 1},
		Partitions: []PartitionReport{
			{Stream: "logs", Shard: "shardId-000000000000", Parents: []string{}, Retention: 86400, Records: 4, Bytes: 40},
			{Stream: "logs", Shard: "shardId-000000000001", Parents: []string{"shardId-000000000000"}, Retention: 86400, Records: 5, Bytes: 41},
		},
	}
	if diff := cmp.Diff(want, got, clock, cmpopts.IgnoreFields(WatermarkReport{}, "Lag")); diff != "" {
		t.Errorf("want (-) and got (+):\n%s", diff)
	}
}

func TestReportIsOfTheTimeAskedFor(t *testing.T) {
	for path, want := range map[string]int{"/api/status?since=1795392000500": 200, "/api/status?since=yesterday": 400} {
		if code, body := page(t, path, running(), true); code != want {
			t.Errorf("%s answers %d, want %d: %s", path, code, want, body)
		}
	}
}
