package telemetry

import (
	"context"
	"sync"

	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.uber.org/zap"
)

// hearing knows whether the collector takes one kind of telemetry. It says once that it does not, and once that it does
// again: the run goes on either way.
type hearing struct {
	what, to string
	log      *zap.Logger

	mu   sync.Mutex
	deaf bool // guarded by mu
}

// note takes what came of one attempt.
func (h *hearing) note(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case err != nil && !h.deaf:
		h.log.Warn("the OpenTelemetry collector does not take "+h.what+": the run goes on without, and this is said once", zap.String("to", h.to), zap.Error(err))
	case err == nil && h.deaf:
		h.log.Info("the OpenTelemetry collector takes "+h.what+" again", zap.String("to", h.to))
	}
	h.deaf = err != nil
}

// metrics are an exporter whose errors are heard here, and nowhere else.
type metrics struct {
	metric.Exporter
	hearing *hearing
}

func (m metrics) Export(ctx context.Context, data *metricdata.ResourceMetrics) error {
	m.hearing.note(m.Exporter.Export(ctx, data))
	return nil
}

// spans are the same for traces.
type spans struct {
	trace.SpanExporter
	hearing *hearing
}

func (s spans) ExportSpans(ctx context.Context, list []trace.ReadOnlySpan) error {
	s.hearing.note(s.SpanExporter.ExportSpans(ctx, list))
	return nil
}
