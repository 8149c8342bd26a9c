package page

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/status"
)

// page returns the page of a process that has no run yet.
func page() http.Handler {
	registry := prometheus.NewRegistry()
	nobody := func() status.Run { return nil }
	return status.New(status.Config{}, nobody, status.NewMetrics(registry, "v1.2.3", nobody, true), registry, zap.NewNop()).Handler()
}

// idle serves the page of a process that has no run yet, and returns its address.
func idle(t *testing.T) string {
	server := httptest.NewServer(page())
	t.Cleanup(server.Close)
	return server.URL + "/"
}

// shows serves the page over a run that stands still as r says, and returns its address.
func shows(t *testing.T, r status.Report) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/", page())
	mux.HandleFunc("GET /api/status", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(r); err != nil {
			t.Error(err)
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL + "/"
}

func shardName(i int) string { return fmt.Sprintf("shardId-%012d", i) }

// report is of a run over so many shards, of which each is further behind than the one before.
func report(shards int) status.Report {
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	flow := status.Flow[uint64]{In: 90_000, Out: 60_000, Filtered: 30_000, Late: 7, DeadLetter: 3, Mismatch: 21}
	rate := status.Flow[float64]{In: 900, Out: 600, Filtered: 300}
	r := status.Report{
		Now: now, Version: "v1.2.3", Started: now.Add(-time.Hour), Health: status.Verdict{OK: true, Says: "ok"}, Ready: status.Verdict{OK: true, Says: "ok"},
		Sources: []status.SourceReport{{Stream: "clicks", Partitions: shards, PerSecond: status.Volume{Records: 900, Bytes: 2e5}}},
		Stages: []status.StageReport{
			{Stage: "1:filter", Text: "filter status >= 500", Records: flow, PerSecond: rate},
			{Stage: "2:key_by", Text: "key_by service", Records: status.Flow[uint64]{In: 60_000, Out: 60_000}, PerSecond: status.Flow[float64]{Out: 600}},
			{Stage: "3:window", Text: "window tumbling 1m", Part: 1, Records: flow, PerSecond: rate},
			{Stage: "4:aggregate", Text: "aggregate errors = count(), users = distinct(user_id), slow = quantile(latency_ms, 0.99)", Part: 1, Records: flow, PerSecond: rate},
		},
		Outputs:   []status.OutputReport{{Output: "file", Target: "/data/out.jsonl", Records: 60_000}, {Output: "dead_letters", Target: "log", Records: 3}},
		Throttles: []status.ThrottleReport{{Stream: "clicks", Call: "GetRecords", Count: 12}},
		Buffer:    status.BufferReport{Used: 3 << 20, Limit: 256 << 20},
		History:   status.History{At: []int64{}, Shards: []status.ShardHistory{}, Checkpoints: []status.Checkpoint{}},
	}
	for i := range shards {
		behind := float64(i) / 10
		at := now.Add(-time.Duration(behind * float64(time.Second)))
		r.Partitions = append(r.Partitions, status.PartitionReport{
			Stream: "clicks", Shard: shardName(i), HandledTo: &at, Behind: &behind, Retention: 86400, Records: uint64(i),
		})
	}
	return r
}
