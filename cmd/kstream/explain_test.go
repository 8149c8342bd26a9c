package main

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"

	"github.com/kstream/kstream/internal/config"
	sinkkinesis "github.com/kstream/kstream/pkg/sink/kinesis"
)

// A stream that is not there is tried for a minute, since a new one takes a while to become known; which one may have been meant
// is said at once.
func TestMissingStream(t *testing.T) {
	const said = `there is no stream "inn" in us-east-1; did you mean "in"?`
	for name, do := range map[string]func(j *job, ctx context.Context, term *terminal) error{
		"run": (*job).pipeline,
		"consume": func(j *job, ctx context.Context, term *terminal) error {
			var o consumeOptions
			o.command()
			v, err := o.view(term)
			must(t, err)
			return j.consume(ctx, term, &o, v)
		},
		"a sink": func(j *job, ctx context.Context, _ *terminal) error {
			_, err := openStream(ctx, sinkkinesis.Config{Stream: "inn", BatchBytes: 1, InFlight: 1, Log: j.logs.sampled}, j.clients["inn"], j.notice)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(b *bubble) {
				conf, err := config.Load(config.Options{Everything: true, Flags: map[string]string{"stream": "inn", "http-addr": "none"}})
				must(b.t, err)
				term := &terminal{out: &b.out, err: &b.err, stop: b.t.Context(), abandoned: new(atomic.Int32)}
				j, err := newJob(term, conf, nil, nil)
				must(b.t, err)
				j.clients = map[string]*kinesis.Client{"inn": b.clients[0].client}
				ended := make(chan error, 1)
				go func() { ended <- do(j, b.t.Context(), term) }()
				time.Sleep(time.Second)
				synctest.Wait()
				if got := strings.ReplaceAll(b.err.String(), `\"`, `"`); !strings.Contains(got, said) {
					b.t.Errorf("after a second: %s", got)
				}
				want := said + " (Stream inn under account 123456789012 not found)"
				if err := <-ended; err == nil || err.Error() != want {
					b.t.Errorf("it ended with %v, want %s", err, want)
				}
			})
		})
	}
}
