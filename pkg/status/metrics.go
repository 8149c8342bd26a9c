package status

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// Metrics are those that are counted as things happen. They are safe for many goroutines; what a run counts itself is
// read off it at each scrape (see collector).
type Metrics struct {
	throttles   *prometheus.CounterVec
	trimmed     *prometheus.CounterVec
	dropped     *prometheus.CounterVec
	retention   *retention
	checkpoint  prometheus.Histogram
	refusals    *refusals    // what throttles counts, for people
	checkpoints *checkpoints // what checkpoint counts, for people
}

// NewMetrics registers the process's metrics, and those of what current returns.
func NewMetrics(registry *prometheus.Registry, version string, current func() Run, perShard bool) *Metrics {
	m := &Metrics{
		throttles: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "kstream_throttles_total", Help: "Calls that the service refused because a limit was reached.",
		}, []string{"stream", "call"}),
		trimmed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "kstream_trimmed_seconds_total", Help: "Spans of arrival time that retention took before they were read.",
		}, []string{"stream"}),
		dropped: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "kstream_foreign_records_total", Help: "User records of KPL aggregates that lay outside their shard's hash range, as a producer sends again after a reshard.",
		}, []string{"stream"}),
		retention: newRetention(), refusals: newRefusals(), checkpoints: newCheckpoints(),
		checkpoint: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "kstream_checkpoint_duration_seconds", Help: "Time from the hold of the lanes to the saved checkpoint.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 16),
		}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "kstream_build_info", Help: "1, with the version that runs.", ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	registry.MustRegister(m.throttles, m.trimmed, m.dropped, m.checkpoint, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		&collector{current: current, perShard: perShard, retention: m.retention})
	return m
}

// Throttled counts a call that was refused for a limit.
func (m *Metrics) Throttled(stream, call string) {
	m.throttles.WithLabelValues(stream, call).Inc()
	m.refusals.add(stream, call)
}

// Trimmed counts a span of a shard that retention took.
func (m *Metrics) Trimmed(stream, _ string, span time.Duration) {
	m.trimmed.WithLabelValues(stream).Add(span.Seconds())
}

// Dropped counts user records outside their shard's hash range.
func (m *Metrics) Dropped(stream, _ string, records int) {
	m.dropped.WithLabelValues(stream).Add(float64(records))
}

// Checkpointed counts a checkpoint.
func (m *Metrics) Checkpointed(took time.Duration) {
	m.checkpoint.Observe(took.Seconds())
	m.checkpoints.add(Checkpoint{time.Now().UnixMilli(), took.Seconds()})
}

// Retention notes how long a stream keeps its records.
func (m *Metrics) Retention(stream string, d time.Duration) { m.retention.set(stream, d) }
