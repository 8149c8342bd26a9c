package telemetry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/kstream/kstream/internal/telemetry/telemetrytest"
	"github.com/kstream/kstream/pkg/pipeline"
	"github.com/kstream/kstream/pkg/record"
)

// log is a log that may be written to and read at any time.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer // guarded by mu
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// telemetry returns one that sends to r, with a metric of its own, and what it logs.
func telemetry(t *testing.T, r *telemetrytest.Receiver, variables ...string) (*Telemetry, *log) {
	t.Helper()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", r.URL)
	for _, v := range variables {
		name, value, _ := strings.Cut(v, "=")
		t.Setenv(name, value)
	}
	settings, faults := Read(os.Getenv)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	registry := prometheus.NewRegistry()
	count := prometheus.NewCounter(prometheus.CounterOpts{Name: "kstream_records_read_total"})
	count.Add(3)
	registry.MustRegister(count)
	said := new(log)
	core := zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.AddSync(said), zap.InfoLevel)
	one, err := New(t.Context(), Config{Settings: settings, Gatherer: registry, Version: "1.2.3", System: "aws_kinesis", Log: zap.New(core)})
	if err != nil {
		t.Fatal(err)
	}
	return one, said
}

func at(ms int) time.Time { return time.UnixMilli(1_700_000_000_000 + int64(ms)) }

func page() *pipeline.PageTrace {
	return &pipeline.PageTrace{
		Partition: record.Partition{Stream: "logs", Shard: "shardId-000000000003"},
		Read:      pipeline.Span{Begin: at(0), End: at(10)}, Chain: pipeline.Span{Begin: at(12), End: at(20)},
		Records: 500, Bytes: 4096, Slices: 1, Rejected: 2, First: "100", Last: "599",
		Writes: []pipeline.WriteTrace{{Span: pipeline.Span{Begin: at(21), End: at(30)}, Output: "file", Records: 400, Bytes: 3000}},
	}
}

// tree draws a trace: each span with its times from the page's first moment on, those below it further in.
func tree(spans []*otlp.Span) (lines []string) {
	var draw func(parent []byte, in string)
	draw = func(parent []byte, in string) {
		for _, s := range spans {
			if bytes.Equal(s.GetParentSpanId(), parent) {
				ms := func(nanos uint64) int64 { return int64(nanos)/1e6 - at(0).UnixMilli() }
				line := fmt.Sprintf("%s%s %d-%d %s", in, s.GetName(), ms(s.GetStartTimeUnixNano()), ms(s.GetEndTimeUnixNano()), s.GetStatus().GetMessage())
				lines = append(lines, strings.TrimRight(line, " "))
				draw(s.GetSpanId(), in+"  ")
			}
		}
	}
	draw(nil, "")
	return lines
}

// A page is a trace of its parts, with what it was in OpenTelemetry's words.
func TestTraceOfAPage(t *testing.T) {
	r := telemetrytest.New(t)
	one, _ := telemetry(t, r, "OTEL_METRICS_EXPORTER=none", "OTEL_EXPORTER_OTLP_COMPRESSION=gzip", "OTEL_EXPORTER_OTLP_HEADERS=api-key=s%20t",
		"OTEL_RESOURCE_ATTRIBUTES=team=payments,service.name=nobody", "OTEL_SERVICE_NAME=errors")
	failed := errors.New("the disk is full")
	work := func(context.Context) error {
		one.Tracer().Page(page())
		one.Tracer().Barrier(&pipeline.BarrierTrace{
			Span: pipeline.Span{Begin: at(40), End: at(60)}, Epoch: 7, Err: failed,
			Steps: []pipeline.StepTrace{{Span: pipeline.Span{Begin: at(40), End: at(45)}, Name: "hold"}, {Span: pipeline.Span{Begin: at(45), End: at(60)}, Name: "save"}},
		})
		return failed
	}
	if err := one.Run(t.Context(), t.Context(), work); !errors.Is(err, failed) {
		t.Errorf("Run ended with %v, want work's error", err)
	}
	spans := r.Spans()
	want := []string{
		"process logs 0-30", "  read 0-10", "  chain 12-20", "  write file 21-30",
		"checkpoint 40-60 the disk is full", "  hold 40-45", "  save 45-60",
	}
	if diff := cmp.Diff(want, tree(spans)); diff != "" {
		t.Errorf("wanted (-) and sent (+) differ:\n%s", diff)
	}
	root := slices.IndexFunc(spans, func(s *otlp.Span) bool { return s.GetName() == "process logs" })
	got := telemetrytest.Attributes(spans[root].GetAttributes())
	wantAttributes := map[string]string{
		"messaging.system": "aws_kinesis", "messaging.operation.name": "process", "messaging.operation.type": "process",
		"messaging.destination.name": "logs", "messaging.destination.partition.id": "shardId-000000000003",
		"messaging.batch.message_count": "500", "kstream.bytes": "4096", "kstream.dead_letters": "2",
		"kstream.sequence.first": "100", "kstream.sequence.last": "599",
	}
	if diff := cmp.Diff(wantAttributes, got); diff != "" {
		t.Errorf("wanted (-) and sent (+) attributes differ:\n%s", diff)
	}
	for name, want := range map[string]string{"service.name": "errors", "service.version": "1.2.3", "team": "payments"} {
		if got := r.About(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got := r.Header("Api-Key"); got != "s t" {
		t.Errorf("the header is %q", got)
	}
	if r.Metric("kstream_records_read_total") != nil {
		t.Error("metrics were sent, which are off")
	}
}

// The metrics of /metrics are sent under their names, at the latest at the end.
func TestMetricsAreSent(t *testing.T) {
	r := telemetrytest.New(t)
	one, _ := telemetry(t, r, "OTEL_TRACES_EXPORTER=none")
	if one.Tracer() != nil {
		t.Error("there is a tracer, and traces are off")
	}
	if err := one.Run(t.Context(), t.Context(), func(context.Context) error { return nil }); err != nil {
		t.Fatal(err)
	}
	m := r.Metric("kstream_records_read_total")
	if m == nil || m.GetSum().GetDataPoints()[0].GetAsDouble() != 3 || r.About("service.name") != "kstream" {
		t.Errorf("%q sent %v", r.About("service.name"), m)
	}
}

// Only the sample is sent.
func TestSample(t *testing.T) {
	r := telemetrytest.New(t)
	one, _ := telemetry(t, r, "OTEL_METRICS_EXPORTER=none", "OTEL_TRACES_SAMPLER=parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG=0")
	err := one.Run(t.Context(), t.Context(), func(context.Context) error {
		one.Tracer().Page(page())
		one.Tracer().Barrier(new(pipeline.BarrierTrace))
		return nil
	})
	if n := len(r.Spans()); err != nil || n > 0 {
		t.Errorf("%d spans were sent of a sample of nothing, and %v", n, err)
	}
}

// A page that an output failed in the middle of is told before the lane is done with it.
func TestTraceOfAHalfPage(t *testing.T) {
	r := telemetrytest.New(t)
	one, _ := telemetry(t, r, "OTEL_METRICS_EXPORTER=none")
	err := one.Run(t.Context(), t.Context(), func(context.Context) error {
		half := page()
		half.Read, half.Chain.End = pipeline.Span{}, time.Time{}
		one.Tracer().Page(half)
		return nil
	})
	var names []string
	for _, s := range r.Spans() {
		names = append(names, s.GetName())
		if s.GetEndTimeUnixNano() < s.GetStartTimeUnixNano() {
			t.Errorf("%s ends before it begins", s.GetName())
		}
	}
	slices.Sort(names)
	if diff := cmp.Diff([]string{"chain", "process logs", "write file"}, names); diff != "" || err != nil {
		t.Errorf("%v; wanted (-) and sent (+) differ:\n%s", err, diff)
	}
}

// A collector that does not take what it is sent is said once, and once that it does again; nobody else hears of it.
func TestNobodyListens(t *testing.T) {
	r := telemetrytest.New(t)
	one, said := telemetry(t, r)
	span := tracetest.SpanStubs{{Name: "x"}}.Snapshots()
	send := func(status int) {
		t.Helper()
		r.Refuse(status)
		for range 2 {
			if err := errors.Join(one.spans.ExportSpans(t.Context(), span), one.metrics.Export(t.Context(), new(metricdata.ResourceMetrics))); err != nil {
				t.Errorf("the run is to hear of it: %v", err)
			}
		}
	}
	send(http.StatusForbidden)
	send(0)
	send(http.StatusBadRequest)
	got := map[string]int{}
	for _, text := range []string{"does not take metrics", "does not take traces", "takes metrics again", "takes traces again"} {
		got[text] = strings.Count(said.String(), text)
	}
	want := map[string]int{"does not take metrics": 2, "does not take traces": 2, "takes metrics again": 1, "takes traces again": 1}
	if diff := cmp.Diff(want, got); diff != "" || r.Refused() != 8 {
		t.Errorf("%d requests were refused; wanted (-) and said (+) differ:\n%s\n%s", r.Refused(), diff, said)
	}
}

// Where flush is over, as at a second signal, nothing is waited for.
func TestFlushIsBounded(t *testing.T) {
	r := telemetrytest.New(t)
	one, said := telemetry(t, r)
	r.Refuse(http.StatusServiceUnavailable) // which the exporter tries again, later and later
	over, cancel := context.WithCancel(t.Context())
	cancel()
	err := one.Run(t.Context(), over, func(context.Context) error {
		one.Tracer().Page(page())
		return nil
	})
	if err != nil || !strings.Contains(said.String(), "OpenTelemetry") {
		t.Errorf("it ended with %v, and said %q", err, said)
	}
}
