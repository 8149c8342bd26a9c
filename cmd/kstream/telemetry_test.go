package main

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/internal/telemetry/telemetrytest"
)

// A run that OpenTelemetry's variables ask for it sends its metrics and a trace of each page, all of it by its end.
func TestTelemetryOfARun(t *testing.T) {
	r := telemetrytest.New(t)
	server := embedded(t)
	want := fill(t, server, 20)
	d := start(t, t.TempDir(), map[string]string{
		"KSTREAM_UNTIL": "now", "OTEL_EXPORTER_OTLP_ENDPOINT": r.URL, "OTEL_RESOURCE_ATTRIBUTES": "team=payments", "OTEL_METRIC_EXPORT_INTERVAL": "3600000",
	})
	d.ends(exitDone)
	if got := d.output(); got != want {
		t.Errorf("it wrote %q, want %q", got, want)
	}
	var names []string
	for _, s := range r.Spans() {
		names = append(names, s.GetName())
		if a := telemetrytest.Attributes(s.GetAttributes()); s.GetName() == "process in" && (a["messaging.batch.message_count"] != "20" || a["messaging.system"] != "aws_kinesis") {
			t.Errorf("the page's span has the attributes %v", a)
		}
	}
	slices.Sort(names)
	wantNames := []string{"chain", "checkpoint", "commit", "freeze", "hold", "prepare dead_letters", "prepare file", "process in", "read", "save", "write file"}
	if diff := cmp.Diff(wantNames, slices.Compact(names)); diff != "" {
		t.Errorf("wanted (-) and sent (+) spans differ:\n%s", diff)
	}
	written := r.Metric("kstream_records_written_total")
	if written == nil {
		t.Fatal("the metrics were not sent")
	}
	got := 0.0
	for _, p := range written.GetSum().GetDataPoints() {
		got += p.GetAsDouble()
	}
	if got != 20 || r.About("team") != "payments" || r.About("service.name") != "kstream" {
		t.Errorf("%s of %s sent that it wrote %v records", r.About("service.name"), r.About("team"), got)
	}
}

// What is left is sent within SHUTDOWN_TIMEOUT of the stop, and not at all once the run is abandoned.
func TestFlushEndsAfterTheStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		stop, end := context.WithCancel(t.Context())
		flush, cancel := endingAfter(t.Context(), stop, 25*time.Second)
		defer cancel()
		time.Sleep(time.Hour)
		if flush.Err() != nil {
			t.Error("it has ended without a stop")
		}
		end()
		<-flush.Done()
		if took := time.Since(began); took != time.Hour+25*time.Second {
			t.Errorf("it ended after %s", took)
		}
		ctx, abandon := context.WithCancel(t.Context())
		flush, cancel = endingAfter(ctx, stop, time.Hour)
		defer cancel()
		abandon()
		<-flush.Done()
	})
}

// A collector that is not there is said once for metrics and once for traces, and the run is what it would have been.
func TestTelemetryToNobody(t *testing.T) {
	server := embedded(t)
	want := fill(t, server, 20)
	d := start(t, t.TempDir(), map[string]string{
		"KSTREAM_UNTIL": "now", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://" + freeAddress(t), "OTEL_METRIC_EXPORT_INTERVAL": "5", "OTEL_BSP_SCHEDULE_DELAY": "5",
	})
	d.ends(exitDone)
	if got := d.output(); got != want {
		t.Errorf("it wrote %q, want %q", got, want)
	}
	for _, text := range []string{"does not take metrics", "does not take traces"} {
		if n := strings.Count(d.said.String(), text); n != 1 {
			t.Errorf("%q is said %d times, want once:\n%s", text, n, d.said.String())
		}
	}
}
