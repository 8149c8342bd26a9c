package deploy

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/kstream/kstream/pkg/status"
)

// exported is what can be asked for: the labels of each metric, and the values of each label.
type exported struct {
	labels map[string][]string
	values map[string]map[string]bool
}

var (
	sample = regexp.MustCompile(`^([a-z_]+)(?:\{(.*)\})? \S+$`)
	pair   = regexp.MustCompile(`(\w+)="([^"]*)"`)
)

func (e *exported) add(name string, labels map[string]string) {
	e.labels[name] = slices.Sorted(maps.Keys(labels))
	for label, value := range labels {
		if e.values[label] == nil {
			e.values[label] = map[string]bool{}
		}
		e.values[label][value] = true
	}
}

// export returns what a run exports that has windows and dead letters, and what is there only once it has happened.
func export(t *testing.T) *exported {
	t.Helper()
	e := &exported{map[string][]string{}, map[string]map[string]bool{}}
	w := newWorld(t, map[string]string{
		"KSTREAM_STREAM": "logs", "KSTREAM_SINK": "kinesis", "KSTREAM_SINK_STREAM": "errors", "KSTREAM_POLL_INTERVAL": "10ms",
		"KSTREAM_OPERATORS": "timestamp ts | filter level != nil | key_by level | window tumbling 1m | aggregate n = count()",
	})
	r := w.run(
		`{"ts":"2026-01-01T10:00:00Z","level":"error"}`, `no JSON`, `{"ts":"2026-01-01T10:00:01Z"}`,
		`{"ts":"2026-01-01T10:02:00Z","level":"error"}`, `{"ts":"2026-01-01T10:00:30Z","level":"error"}`,
	)
	_, text := r.get("/metrics")
	for line := range strings.Lines(text) {
		if m := sample.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			labels := map[string]string{}
			for _, p := range pair.FindAllStringSubmatch(m[2], -1) {
				labels[p[1]] = p[2]
			}
			e.add(m[1], labels)
		}
	}
	registry := prometheus.NewRegistry()
	m := status.NewMetrics(registry, "1", func() status.Run { return nil }, true)
	m.Throttled("logs", "GetRecords")
	m.Trimmed("logs", "shardId-000000000000", 1)
	m.Dropped("logs", "shardId-000000000000", 1)
	families, err := registry.Gather()
	must(t, err)
	for _, f := range families {
		for _, metric := range f.GetMetric() {
			labels := map[string]string{}
			for _, l := range metric.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			if _, seen := e.labels[f.GetName()]; !seen {
				e.add(f.GetName(), labels)
			}
		}
	}
	return e
}

var once = struct {
	sync.Mutex
	e *exported
}{}

// exports is export, made once.
func exports(t *testing.T) *exported {
	t.Helper()
	once.Lock()
	defer once.Unlock()
	if once.e == nil {
		once.e = export(t)
	}
	return once.e
}

// The page on metrics names each of them with its labels.
func TestMetricsAreDocumented(t *testing.T) {
	page := string(read(t, "../docs/observability.md"))
	for name, labels := range exports(t).labels {
		base := strings.NewReplacer("_bucket", "", "_sum", "", "_count", "").Replace(name)
		if !strings.HasPrefix(name, "kstream_") || name != base {
			continue
		}
		row := regexp.MustCompile("(?m)^\\|.*`" + name + "`[^|]*\\|([^|]*)\\|").FindStringSubmatch(page)
		if row == nil {
			t.Errorf("docs/observability.md does not have %s", name)
			continue
		}
		want := strings.FieldsFunc(row[1], func(c rune) bool { return c == ' ' || c == ',' })
		if slices.Sort(want); !slices.Equal(want, labels) {
			t.Errorf("docs/observability.md has %s with the labels %q, and it has %q", name, want, labels)
		}
	}
}

// Prometheus adds these to every metric.
var scraped = []string{"job", "instance"}

var (
	metricName = regexp.MustCompile(`\b((?:kstream|process)_[a-z_]+)\b(?:\{([^}]*)\})?`)
	matcher    = regexp.MustCompile(`(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"`)
	grouping   = regexp.MustCompile(`\b(?:by|on|without|ignoring) \(([^)]*)\)`)
	shown      = regexp.MustCompile(`\{\{[^}]*?(\w+)\s*\}\}`)
)

// judge returns what of a query is not there. legend is a text that shows labels of what comes out.
func (e *exported) judge(expr, legend string) (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	all := slices.Clone(scraped)
	found := metricName.FindAllStringSubmatch(expr, -1)
	for _, m := range found {
		labels, there := e.labels[m[1]]
		if !there {
			fault("there is no metric %s", m[1])
			continue
		}
		all = append(all, labels...)
		for _, l := range matcher.FindAllStringSubmatch(m[2], -1) {
			if name, value := l[1], l[3]; !slices.Contains(scraped, name) {
				if !slices.Contains(labels, name) {
					fault("%s has no label %s", m[1], name)
				} else if !strings.HasPrefix(value, "$") {
					faults = append(faults, e.judgeValues(name, value)...)
				}
			}
		}
	}
	kept := all
	if groups := grouping.FindAllStringSubmatch(expr, -1); len(groups) > 0 {
		kept = nil
		for _, g := range groups {
			for name := range strings.SplitSeq(strings.ReplaceAll(g[1], " ", ""), ",") {
				if kept = append(kept, name); !slices.Contains(all, name) {
					fault("nothing in %q has the label %s", expr, name)
				}
			}
		}
	}
	for _, m := range shown.FindAllStringSubmatch(legend, -1) {
		if !slices.Contains(kept, m[1]) {
			fault("%q shows %s, which %q does not keep", legend, m[1], expr)
		}
	}
	return faults
}

// judgeValues looks at result="a" and result=~"a|b".
func (e *exported) judgeValues(label, value string) (faults []string) {
	for one := range strings.SplitSeq(value, "|") {
		if !e.values[label][one] {
			faults = append(faults, fmt.Sprintf("no metric has %s=%q", label, one))
		}
	}
	return faults
}

// TestJudge holds the judge itself to what it is there to find.
func TestJudge(t *testing.T) {
	e := exports(t)
	for _, c := range []struct {
		expr, legend string
		faults       int
	}{
		{`sum by (stage) (rate(kstream_stage_records_total{job="$job", result="dead_letter"}[5m]))`, "{{stage}}", 0},
		{`kstream_record_read_total`, "", 1},
		{`kstream_records_read_total{shrad="x"}`, "", 1},
		{`kstream_stage_records_total{result="dead"}`, "", 1},
		{`kstream_stage_records_total{result=~"out|dead"}`, "", 1},
		{`sum by (sink) (kstream_records_read_total)`, "", 1},
		{`sum by (stream) (kstream_records_read_total)`, "{{shard}}", 1},
		{`kstream_trimmed_seconds_total`, "{{stream}} {{job}}", 0},
	} {
		if got := e.judge(c.expr, c.legend); len(got) != c.faults {
			t.Errorf("%s: %q, want %d faults", c.expr, got, c.faults)
		}
	}
}
