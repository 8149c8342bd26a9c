// Package telemetry sends a run's metrics and traces to an OpenTelemetry collector, as OpenTelemetry's own variables say. It
// is off unless they ask for it; the engine knows nothing of it. A collector that does not answer costs what would have been
// sent to it and nothing else.
package telemetry

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	bridge "go.opentelemetry.io/contrib/bridges/prometheus"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/kstream/kstream/pkg/pipeline"
)

// Config is what is sent, and as whose. What has no default must be set.
type Config struct {
	Settings Settings
	// Gatherer has the metrics, which keep their names.
	Gatherer prometheus.Gatherer
	// Version is service.version. service.name is kstream unless the variables say something else.
	Version string
	// System is messaging.system of the traces' spans: "aws_kinesis"; "" leaves it out.
	System string
	Log    *zap.Logger
}

// Telemetry sends what Config says, while Run runs.
type Telemetry struct {
	log     *zap.Logger
	metrics metric.Exporter    // nil: off
	spans   trace.SpanExporter // nil: off
	from    prometheus.Gatherer
	service *resource.Resource
	tracer  *tracer // nil: off
}

// New returns a Telemetry that has sent nothing yet, and has called nobody.
func New(ctx context.Context, c Config) (t *Telemetry, err error) {
	t = &Telemetry{log: c.Log, from: c.Gatherer}
	if t.service, err = service(ctx, c.Version); err != nil {
		return nil, err
	}
	if s := c.Settings.Metrics; s.On {
		var options []otlpmetrichttp.Option
		if s.fallback {
			options = append(options, otlpmetrichttp.WithEndpointURL(s.To))
		}
		e, err := otlpmetrichttp.New(ctx, options...)
		if err != nil {
			return nil, fmt.Errorf("preparing to send metrics to %s: %w", s.To, err)
		}
		t.metrics = metrics{e, &hearing{what: "metrics", to: s.To, log: c.Log}}
	}
	if s := c.Settings.Traces; s.On {
		var options []otlptracehttp.Option
		if s.fallback {
			options = append(options, otlptracehttp.WithEndpointURL(s.To))
		}
		e, err := otlptracehttp.New(ctx, options...)
		if err != nil {
			return nil, fmt.Errorf("preparing to send traces to %s: %w", s.To, err)
		}
		t.spans = spans{e, &hearing{what: "traces", to: s.To, log: c.Log}}
		t.tracer = &tracer{system: c.System}
	}
	return t, nil
}

// service describes this process to the collector.
func service(ctx context.Context, version string) (*resource.Resource, error) {
	r, err := resource.New(ctx,
		resource.WithAttributes(attribute.String("service.name", "kstream"), attribute.String("service.version", version)),
		resource.WithHost(), resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("describing this process to OpenTelemetry: %w", err)
	}
	return r, nil
}

// Tracer returns what a run tells its pages to, nil where no traces are sent.
func (t *Telemetry) Tracer() pipeline.Tracer {
	if t.tracer == nil {
		return nil
	}
	return t.tracer
}

// flushPatience is how long the last of it may take to be sent. It holds up the process's end, and a collector that is down
// must not do so for long.
const flushPatience = 5 * time.Second

// Run does work and sends beside it, and what is left behind it, until flush ends or a few seconds are over. The error is
// work's alone. It has joined its goroutines when it returns, but where it did not wait for a call to the collector.
func (t *Telemetry) Run(ctx, flush context.Context, work func(context.Context) error) error {
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { t.log.Warn("OpenTelemetry: " + err.Error()) }))
	var ends []func(context.Context) error
	if t.metrics != nil {
		producer := bridge.NewMetricProducer(bridge.WithGatherer(t.from))
		p := metric.NewMeterProvider(metric.WithResource(t.service), metric.WithReader(metric.NewPeriodicReader(t.metrics, metric.WithProducer(producer))))
		ends = append(ends, p.Shutdown)
	}
	if t.spans != nil {
		p := trace.NewTracerProvider(trace.WithResource(t.service), trace.WithBatcher(t.spans))
		t.tracer.to = p.Tracer("github.com/kstream/kstream")
		ends = append(ends, p.Shutdown)
	}
	err := work(ctx)
	flush, cancel := context.WithTimeout(flush, flushPatience)
	defer cancel()
	var g errgroup.Group
	for _, end := range ends {
		g.Go(func() error { return end(flush) })
	}
	if late := g.Wait(); late != nil {
		t.log.Warn("OpenTelemetry: the last of it was not sent", zap.Error(late))
	}
	return err
}
