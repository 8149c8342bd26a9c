package status

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/pipeline"
	"github.com/kstream/kstream/pkg/record"
)

// fakeRun is a run that stands still but for what a test counts.
type fakeRun struct {
	health, ready error

	mu    sync.Mutex
	stats pipeline.Stats // guarded by mu once somebody looks
}

func (r *fakeRun) Health() error { return r.health }
func (r *fakeRun) Ready() error  { return r.ready }

func (r *fakeRun) Stats() pipeline.Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stats
}

// appear adds a partition.
func (r *fakeRun) appear(m *pipeline.PartitionMeter) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stats.Partitions = append(r.stats.Partitions, m)
}

func running() *fakeRun {
	stage := &pipeline.StageMeter{Label: "3:filter"}
	stage.In.Store(10)
	stage.Out.Store(6)
	stage.Filtered.Store(3)
	stage.DeadLetters.Store(1)
	stage.Mismatches.Store(2)
	out := &pipeline.OutputMeter{Name: "file"}
	out.Records.Store(6)
	out.Bytes.Store(600)
	s := pipeline.Stats{
		Stages: []*pipeline.StageMeter{stage}, Outputs: []*pipeline.OutputMeter{out},
		Checkpointed: time.UnixMilli(1_795_392_000_500), Buffered: 70, Buffer: 1000,
	}
	ended := &pipeline.PartitionMeter{Partition: record.Partition{Stream: "logs"}}
	ended.Records.Store(100)
	ended.Bytes.Store(1000)
	s.Over = append(s.Over, ended)
	for i, shard := range []string{"shardId-000000000000", "shardId-000000000001"} {
		p := &pipeline.PartitionMeter{Partition: record.Partition{Stream: "logs", Shard: shard}}
		p.Records.Store(uint64(4 + i))
		p.Bytes.Store(uint64(40 + i))
		s.Partitions = append(s.Partitions, p)
	}
	return &fakeRun{stats: s}
}

// page returns what a path answers while run is what current returns; nil: there is no run yet.
func page(t *testing.T, path string, run *fakeRun, perShard bool) (status int, body string) {
	t.Helper()
	registry := prometheus.NewRegistry()
	current := func() Run {
		if run == nil {
			return nil
		}
		return run
	}
	m := NewMetrics(registry, "v1.2.3", current, perShard)
	m.Throttled("logs", "GetRecords")
	m.Trimmed("logs", "shardId-000000000000", 90*time.Second)
	m.Dropped("logs", "shardId-000000000000", 3)
	m.Checkpointed(20 * time.Millisecond)
	m.Retention("logs", 24*time.Hour)
	w := httptest.NewRecorder()
	New(testConfig(), current, m, registry, zap.NewNop()).Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	text, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, string(text)
}

func TestPages(t *testing.T) {
	stuck, early := running(), running()
	stuck.health = errors.New("logs/shardId-000000000000: one slice has been worked on for 1m1s")
	early.ready = errors.New("logs/shardId-000000000001 has not been read yet")
	for _, c := range []struct {
		name, path string
		run        *fakeRun
		status     int
		says       string
	}{
		{"before there is a run", "/healthz", nil, 200, "ok"},
		{"before there is a run", "/readyz", nil, 503, "starting"},
		{"before there is a run", "/metrics", nil, 200, "kstream_build_info"},
		{"running", "/healthz", running(), 200, "ok"},
		{"running", "/readyz", running(), 200, "ok"},
		{"running", "/", running(), 200, `src="page/main.js"`},
		{"running", "/page/style.css", running(), 200, "light-dark("},
		{"running", "/page/", running(), 404, ""},
		{"stuck", "/healthz", stuck, 503, "worked on for 1m1s"},
		{"stuck", "/readyz", stuck, 200, "ok"},
		{"early", "/healthz", early, 200, "ok"},
		{"early", "/readyz", early, 503, "has not been read yet"},
		{"elsewhere", "/other", running(), 404, ""},
	} {
		if status, body := page(t, c.path, c.run, true); status != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s: %s answers %d %q, want %d with %q", c.name, c.path, status, body, c.status, c.says)
		}
	}
}

// Nothing on the port changes anything.
func TestOnlyReading(t *testing.T) {
	for _, path := range []string{"/healthz", "/readyz", "/api/status", "/api/dead-letters", "/"} {
		w := httptest.NewRecorder()
		New(Config{}, func() Run { return nil }, nil, prometheus.NewRegistry(), zap.NewNop()).Handler().
			ServeHTTP(w, httptest.NewRequest(http.MethodPost, path, nil))
		if w.Code != http.StatusMethodNotAllowed {
			t.Errorf("POST %s answers %d", path, w.Code)
		}
	}
}

var value = regexp.MustCompile(` [-+.e0-9]+$`)

// series returns ours of the metrics page, without the buckets of histograms and without values that go with the clock.
func series(t *testing.T, run *fakeRun, perShard bool) (list []string) {
	t.Helper()
	_, body := page(t, "/metrics", run, perShard)
	for line := range strings.Lines(body) {
		line = strings.TrimSuffix(line, "\n")
		if !strings.HasPrefix(line, "kstream_") || strings.Contains(line, "_bucket{") || strings.Contains(line, "go_version") {
			continue
		}
		if strings.Contains(line, "_behind_") || strings.Contains(line, "_retention_") || strings.Contains(line, "_duration_seconds_sum") {
			line = value.ReplaceAllString(line, " CLOCK")
		}
		list = append(list, line)
	}
	slices.Sort(list)
	return list
}

// The names and labels that users' dashboards rely on.
func TestMetrics(t *testing.T) {
	common := []string{
		`kstream_buffered_bytes 70`,
		`kstream_build_info{version="v1.2.3"} 1`,
		`kstream_checkpoint_duration_seconds_count 1`,
		`kstream_checkpoint_duration_seconds_sum CLOCK`,
		`kstream_checkpoint_timestamp_seconds 1.7953920005e+09`,
		`kstream_foreign_records_total{stream="logs"} 3`,
		`kstream_partitions_owned 2`,
		`kstream_records_written_total{sink="file"} 6`,
		`kstream_stage_records_total{result="dead_letter",stage="3:filter"} 1`,
		`kstream_stage_records_total{result="filtered",stage="3:filter"} 3`,
		`kstream_stage_records_total{result="mismatch",stage="3:filter"} 2`,
		`kstream_stage_records_total{result="out",stage="3:filter"} 6`,
		`kstream_throttles_total{call="GetRecords",stream="logs"} 1`,
		`kstream_trimmed_seconds_total{stream="logs"} 90`,
		`kstream_written_bytes_total{sink="file"} 600`,
	}
	for _, c := range []struct {
		perShard bool
		shards   []string
	}{
		{true, []string{
			`kstream_read_bytes_total{shard="shardId-000000000000",stream="logs"} 40`,
			`kstream_read_bytes_total{shard="shardId-000000000001",stream="logs"} 41`,
			`kstream_records_read_total{shard="shardId-000000000000",stream="logs"} 4`,
			`kstream_records_read_total{shard="shardId-000000000001",stream="logs"} 5`,
		}},
		{false, []string{
			`kstream_read_bytes_total{shard="",stream="logs"} 1081`,
			`kstream_records_read_total{shard="",stream="logs"} 109`,
		}},
	} {
		want := slices.Sorted(slices.Values(append(slices.Clone(common), c.shards...)))
		if diff := cmp.Diff(want, series(t, running(), c.perShard)); diff != "" {
			t.Errorf("METRICS_PER_SHARD=%t: wanted (-) and got (+) differ:\n%s", c.perShard, diff)
		}
	}
}

// What a chain with windows has besides.
func TestKeyedMetrics(t *testing.T) {
	run := running()
	windowed := &pipeline.StageMeter{Label: "4:window"}
	windowed.Judges.Store(true)
	windowed.Late.Store(5)
	windowed.LateIdle.Store(2)
	windowed.LatePartly.Store(3)
	run.stats.Stages = append(run.stats.Stages, windowed)
	run.stats.Keyed, run.stats.Watermark, run.stats.StateKeys, run.stats.StateBytes = true, 1_795_392_000_250, 42, 4200
	before := series(t, running(), true)
	got := slices.DeleteFunc(series(t, run, true), func(s string) bool { return slices.Contains(before, s) || strings.HasSuffix(s, " 0") })
	want := []string{
		`kstream_late_records_total{reason="disorder",stage="4:window"} 5`,
		`kstream_late_records_total{reason="idle",stage="4:window"} 2`,
		`kstream_late_records_total{reason="partly",stage="4:window"} 3`,
		`kstream_stage_records_total{result="late",stage="4:window"} 7`,
		`kstream_state_bytes 4200`,
		`kstream_state_keys 42`,
		`kstream_watermark_timestamp_seconds 1.79539200025e+09`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wanted (-) and got (+) differ:\n%s", diff)
	}
	run.stats.Watermark = record.StartOfTime
	if slices.ContainsFunc(series(t, run, true), func(s string) bool { return strings.HasPrefix(s, "kstream_watermark") }) {
		t.Error("a run that has seen nothing has a watermark")
	}
}
