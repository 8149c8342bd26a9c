package status

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
)

// described returns the labels of each metric of ours, whether it has a value now or not.
func described(t *testing.T) map[string]string {
	t.Helper()
	registry := prometheus.NewRegistry()
	NewMetrics(registry, "v1.2.3", func() Run { return nil }, true)
	descs := make(chan *prometheus.Desc)
	go func() {
		defer close(descs)
		registry.Describe(descs)
	}()
	parts := regexp.MustCompile(`fqName: "(\w+)".*constLabels: \{(\w*).*variableLabels: \{(.*?)\}`)
	list := map[string]string{}
	for d := range descs {
		m := parts.FindStringSubmatch(d.String())
		if m == nil {
			t.Fatalf("%s is described in another way than this test knows", d)
		}
		if strings.HasPrefix(m[1], "kstream_") {
			list[m[1]] = m[2] + m[3]
		}
	}
	return list
}

// The names and labels that dashboards and alerts are made of. None goes, and one that is new is written into
// docs/observability.md and here.
func TestEveryMetric(t *testing.T) {
	want := map[string]string{
		"kstream_records_read_total":           "stream,shard",
		"kstream_read_bytes_total":             "stream,shard",
		"kstream_stage_records_total":          "stage,result",
		"kstream_records_written_total":        "sink",
		"kstream_written_bytes_total":          "sink",
		"kstream_behind_latest_seconds":        "stream,shard",
		"kstream_retention_left_seconds":       "stream,shard",
		"kstream_trimmed_seconds_total":        "stream",
		"kstream_watermark_timestamp_seconds":  "",
		"kstream_checkpoint_timestamp_seconds": "",
		"kstream_checkpoint_duration_seconds":  "",
		"kstream_throttles_total":              "stream,call",
		"kstream_partitions_owned":             "",
		"kstream_state_keys":                   "",
		"kstream_state_bytes":                  "",
		"kstream_build_info":                   "version",

		"kstream_late_records_total":    "stage,reason",
		"kstream_foreign_records_total": "stream",
		"kstream_buffered_bytes":        "",
	}
	if diff := cmp.Diff(want, described(t)); diff != "" {
		t.Errorf("want (-) and got (+):\n%s", diff)
	}
}
