package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/internal/telemetry"
)

// besides adds what is wrong with OpenTelemetry's variables to what is wrong with ours.
func besides(err error, faults []telemetry.Fault) error {
	if len(faults) == 0 {
		return err
	}
	var all *config.Faults
	if !errors.As(err, &all) {
		all = new(config.Faults)
	}
	for _, f := range faults {
		all.List = append(all.List, config.Fault{Name: f.Variable, Message: f.Message})
	}
	return all
}

// observe does work, and sends its metrics and traces where OpenTelemetry's variables say so.
func (j *job) observe(ctx context.Context, t *terminal, work func(context.Context) error) error {
	if !j.observed.On() {
		return work(ctx)
	}
	system := ""
	if j.conf.Source.Kind == "kinesis" {
		system = "aws_kinesis"
	}
	o, err := telemetry.New(ctx, telemetry.Config{
		Settings: j.observed, Gatherer: j.registry, Version: buildVersion(), System: system, Log: j.logs.sampled,
	})
	if err != nil {
		return wrong(err)
	}
	j.tracer = o.Tracer()
	to := strings.TrimSpace(j.observed.Metrics.To + " " + j.observed.Traces.To)
	j.logs.sampled.Info("OpenTelemetry is on", zap.Strings("to", strings.Fields(to)))
	flush, cancel := endingAfter(ctx, t.stop, j.conf.Run.ShutdownTimeout)
	defer cancel()
	return o.Run(ctx, flush, work)
}

// endingAfter returns a context that ends with ctx, or d after stop has ended.
func endingAfter(ctx, stop context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	unwatch := context.AfterFunc(stop, func() {
		timer := time.AfterFunc(d, cancel)
		context.AfterFunc(ctx, func() { timer.Stop() })
	})
	return ctx, func() {
		unwatch()
		cancel()
	}
}
