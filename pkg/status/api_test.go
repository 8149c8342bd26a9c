package status

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kstream/kstream/pkg/record"
)

func TestReport(t *testing.T) {
	run := running()
	run.stats.Partitions[1].Partition.Parents = []record.PartitionID{"arn:aws:kinesis:eu-west-1:123456789012:stream/logs/shardId-000000000000"}
	at := time.UnixMilli(1_795_392_000_500).UTC()
	for _, c := range []struct {
		name string
		run  *fakeRun
		want Report
	}{
		{"before there is a run", nil, Report{Partitions: []PartitionReport{}}},
		{"of a run", run, Report{Checkpointed: &at, Partitions: []PartitionReport{
			{Stream: "logs", Shard: "shardId-000000000000", Parents: []string{}, Retention: 86400, Records: 4, Bytes: 40},
			{Stream: "logs", Shard: "shardId-000000000001", Parents: []string{"shardId-000000000000"}, Retention: 86400, Records: 5, Bytes: 41},
		}}},
	} {
		status, body := page(t, "/api/status", c.run, true)
		var got Report
		if err := json.Unmarshal([]byte(body), &got); err != nil || status != http.StatusOK {
			t.Fatalf("%s: %d, %s: %v", c.name, status, body, err)
		}
		if since := time.Since(got.Now); since < 0 || since > time.Minute {
			t.Errorf("%s: now is %s", c.name, got.Now)
		}
		if diff := cmp.Diff(c.want, got, cmpopts.IgnoreFields(Report{}, "Now")); diff != "" {
			t.Errorf("%s: want (-) and got (+):\n%s", c.name, diff)
		}
	}
}
