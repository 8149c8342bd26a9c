package telemetry

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/kstream/kstream/pkg/pipeline"
)

// tracer makes a trace of each page and each checkpoint that a run tells of. It is safe for many goroutines, and does not
// block: where spans come faster than they can be sent, the SDK drops them.
type tracer struct {
	system string
	to     trace.Tracer // set before the run begins
}

// Page makes a span "process STREAM", and below it "read", "chain", and "write OUTPUT" for each call of an output.
func (t *tracer) Page(p *pipeline.PageTrace) {
	chain := p.Chain
	if chain.End.IsZero() {
		chain.End = time.Now() // an output failed while the lane was at work
	}
	begin, end := chain.Begin, chain.End
	if !p.Read.Begin.IsZero() {
		begin = p.Read.Begin
	}
	for i := range p.Writes {
		end = later(end, p.Writes[i].End)
	}
	ctx, root := t.root("process "+p.Partition.Stream, trace.SpanKindConsumer, begin)
	defer root.End(trace.WithTimestamp(end))
	if !root.IsRecording() {
		return // it is not in the sample
	}
	root.SetAttributes(t.page(p)...)
	fail(root, p.Err)
	if !p.Read.Begin.IsZero() {
		t.child(ctx, "read", p.Read, trace.WithSpanKind(trace.SpanKindClient))
	}
	t.child(ctx, "chain", chain, trace.WithAttributes(attribute.Int("kstream.slices", p.Slices)))
	for i := range p.Writes {
		w := &p.Writes[i]
		t.child(ctx, "write "+w.Output, w.Span, trace.WithSpanKind(trace.SpanKindProducer),
			trace.WithAttributes(attribute.Int("kstream.records", w.Records), attribute.Int("kstream.bytes", w.Bytes)))
	}
}

// page returns what is known of p, under OpenTelemetry's names where it has some.
func (t *tracer) page(p *pipeline.PageTrace) []attribute.KeyValue {
	list := []attribute.KeyValue{
		attribute.String("messaging.operation.name", "process"),
		attribute.String("messaging.operation.type", "process"),
		attribute.String("messaging.destination.name", p.Partition.Stream),
		attribute.String("messaging.destination.partition.id", p.Partition.Shard),
		attribute.Int("messaging.batch.message_count", p.Records),
		attribute.Int("kstream.bytes", p.Bytes),
		attribute.Int("kstream.dead_letters", p.Rejected),
		attribute.String("kstream.sequence.first", string(p.First)),
		attribute.String("kstream.sequence.last", string(p.Last)),
	}
	if t.system != "" {
		list = append(list, attribute.String("messaging.system", t.system))
	}
	return list
}

// Barrier makes a span "checkpoint", and one below it for each step.
func (t *tracer) Barrier(b *pipeline.BarrierTrace) {
	ctx, root := t.root("checkpoint", trace.SpanKindInternal, b.Begin)
	defer root.End(trace.WithTimestamp(b.End))
	if !root.IsRecording() {
		return
	}
	root.SetAttributes(attribute.Int64("kstream.epoch", int64(b.Epoch)))
	fail(root, b.Err)
	for _, s := range b.Steps {
		t.child(ctx, s.Name, s.Span)
	}
}

// root begins a trace. It is no part of whatever context the engine was called in.
func (t *tracer) root(name string, kind trace.SpanKind, begin time.Time) (context.Context, trace.Span) {
	return t.to.Start(context.Background(), name, trace.WithSpanKind(kind), trace.WithTimestamp(begin))
}

func (t *tracer) child(ctx context.Context, name string, s pipeline.Span, options ...trace.SpanStartOption) {
	_, span := t.to.Start(ctx, name, append(options, trace.WithTimestamp(s.Begin))...)
	span.End(trace.WithTimestamp(s.End))
}

func fail(s trace.Span, err error) {
	if err != nil {
		s.SetStatus(codes.Error, err.Error())
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
