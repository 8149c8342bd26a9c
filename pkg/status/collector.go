package status

import (
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/kstream/kstream/pkg/pipeline"
	"github.com/kstream/kstream/pkg/record"
)

// collector reads a run's meters at each scrape, so that the engine counts without knowing of Prometheus.
type collector struct {
	current   func() Run
	perShard  bool
	retention *retention
}

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

var (
	recordsRead    = desc("kstream_records_read_total", "User records read.", "stream", "shard")
	bytesRead      = desc("kstream_read_bytes_total", "Bytes of payload read.", "stream", "shard")
	behind         = desc("kstream_behind_latest_seconds", "How far what has been handled is behind the tip; it grows while nothing answers.", "stream", "shard")
	retentionLeft  = desc("kstream_retention_left_seconds", "Time until the service drops what has not been handled yet.", "stream", "shard")
	stageRecords   = desc("kstream_stage_records_total", "Records by what a stage did with them.", "stage", "result")
	recordsWritten = desc("kstream_records_written_total", "Records written.", "sink")
	bytesWritten   = desc("kstream_written_bytes_total", "Bytes written, framed.", "sink")
	owned          = desc("kstream_partitions_owned", "Partitions that are being read.")
	lateRecords    = desc("kstream_late_records_total", "Late records: behind their own shard's watermark (disorder), from a shard that was idle while the others went on (idle), or for some of their sliding windows only (partly).", "stage", "reason")
	watermark      = desc("kstream_watermark_timestamp_seconds", "Event time up to which all that is expected has been seen.")
	stateKeys      = desc("kstream_state_keys", "Keys in the keyed state, in memory and on disk.")
	stateBytes     = desc("kstream_state_bytes", "Memory that the keyed state takes; more is on disk.")
	buffered       = desc("kstream_buffered_bytes", "Bytes that are read and not yet done with.")
	checkpointed   = desc("kstream_checkpoint_timestamp_seconds", "When the last checkpoint was saved.")
)

// Describe implements prometheus.Collector.
func (c *collector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{recordsRead, bytesRead, behind, retentionLeft, stageRecords, lateRecords, recordsWritten, bytesWritten, owned, watermark, stateKeys, stateBytes, buffered, checkpointed} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (c *collector) Collect(ch chan<- prometheus.Metric) {
	run := c.current()
	if run == nil {
		return
	}
	s := run.Stats()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	count := func(d *prometheus.Desc, v uint64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v), labels...)
	}
	for _, r := range rows(s, c.perShard, time.Now()) {
		count(recordsRead, r.records, r.stream, r.shard)
		count(bytesRead, r.bytes, r.stream, r.shard)
		if r.known {
			gauge(behind, r.behind.Seconds(), r.stream, r.shard)
			if keeps, ok := c.retention.of(r.stream); ok {
				gauge(retentionLeft, (keeps - r.behind).Seconds(), r.stream, r.shard)
			}
		}
	}
	for _, m := range s.Stages {
		count(stageRecords, m.Out.Load(), m.Label, "out")
		count(stageRecords, m.Filtered.Load(), m.Label, "filtered")
		count(stageRecords, m.DeadLetters.Load(), m.Label, "dead_letter")
		count(stageRecords, m.Mismatches.Load(), m.Label, "mismatch")
		if late, idle := m.Late.Load(), m.LateIdle.Load(); m.Judges.Load() {
			count(stageRecords, late+idle, m.Label, "late")
			count(lateRecords, late, m.Label, "disorder")
			count(lateRecords, idle, m.Label, "idle")
			count(lateRecords, m.LatePartly.Load(), m.Label, "partly")
		}
	}
	for _, m := range s.Outputs {
		count(recordsWritten, m.Records.Load(), m.Name)
		count(bytesWritten, m.Bytes.Load(), m.Name)
	}
	gauge(owned, float64(len(s.Partitions)))
	if s.Keyed {
		gauge(stateKeys, float64(s.StateKeys))
		gauge(stateBytes, float64(s.StateBytes))
		if s.Watermark != record.StartOfTime {
			gauge(watermark, float64(s.Watermark)/1000)
		}
	}
	gauge(buffered, float64(s.Buffered))
	if !s.Checkpointed.IsZero() {
		gauge(checkpointed, float64(s.Checkpointed.UnixMilli())/1000)
	}
}

// row is what is shown of a shard, or of a stream over all its shards.
type row struct {
	stream, shard  string
	records, bytes uint64
	behind         time.Duration
	known          bool // behind is
}

// rows makes rows of meters: one a shard, or one a stream with the sums, those of shards that have ended included, since a
// counter does not go back, and the shard that is furthest behind.
func rows(s pipeline.Stats, perShard bool, now time.Time) []row {
	meters := s.Partitions
	if !perShard {
		meters = slices.Concat(s.Over, meters)
	}
	var list []row
	byStream := map[string]int{}
	for _, m := range meters {
		r := row{stream: m.Partition.Stream, shard: m.Partition.Shard, records: m.Records.Load(), bytes: m.Bytes.Load()}
		if at := m.HandledTo(); at != 0 {
			r.known, r.behind = true, max(0, now.Sub(at.Time()))
		}
		i, seen := byStream[r.stream]
		if perShard || !seen {
			if byStream[r.stream] = len(list); !perShard {
				r.shard = ""
			}
			list = append(list, r)
			continue
		}
		sum := &list[i]
		sum.records, sum.bytes = sum.records+r.records, sum.bytes+r.bytes
		sum.behind, sum.known = max(sum.behind, r.behind), sum.known || r.known
	}
	return list
}
