package pipeline

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"sync/atomic"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/state"
)

// plan is a chain for tests: it drops records that end in "3", refuses those that end in "7", and may have a limit.
type plan struct {
	throttle float64
	limit    int64 // 0: none
	passed   atomic.Int64
	keepAll  bool
	waits    bool   // for something outside
	work     func() // is called for each slice; nil: nothing is
}

var errSeven = errors.New("it ends in seven")

func (p *plan) Slots() int    { return 2 }
func (p *plan) Parts() int    { return 1 }
func (p *plan) Waiting() bool { return p.waits }
func (p *plan) Instance(int, *state.Store) (*operator.Chain, error) {
	return &operator.Chain{
		Stages: []operator.Named{{Label: "1:filter", Stage: pickStage{p}}, {Label: "2:limit", Stage: limitStage{p}}},
		Encode: func(dst []byte, _ *record.Batch, r *record.Record) ([]byte, error) {
			return append(dst, r.Data...), nil
		},
	}, nil
}
func (p *plan) Throttle() float64          { return p.throttle }
func (p *plan) Enough() bool               { return p.limit > 0 && p.passed.Load() >= p.limit }
func (p *plan) Counts() map[string]int64   { return map[string]int64{"0": p.passed.Load()} }
func (p *plan) Restore(c map[string]int64) { p.passed.Store(maps.Clone(c)["0"]) }
func (p *plan) Stateful() []string         { return nil }
func last(r *record.Record) byte           { return r.Data[len(r.Data)-1] }
func keeps(payload string) (keep, fails bool) {
	c := payload[len(payload)-1]
	return c != '3', c == '7'
}

type pickStage struct{ p *plan }

func (s pickStage) Process(_ context.Context, b *record.Batch) error {
	if s.p.work != nil {
		s.p.work()
	}
	if s.p.keepAll {
		return nil
	}
	kept := b.Records[:0]
	for i := range b.Records {
		r := &b.Records[i]
		switch last(r) {
		case '3':
		case '7':
			b.Reject(r, "1:filter", errSeven)
		default:
			kept = append(kept, *r)
		}
	}
	b.Records = kept
	return nil
}

type limitStage struct{ p *plan }

func (s limitStage) Process(_ context.Context, b *record.Batch) error {
	if s.p.limit == 0 {
		return nil
	}
	n := int64(len(b.Records))
	room := max(0, s.p.limit-(s.p.passed.Add(n)-n))
	if room < n {
		b.Records = b.Records[:room]
		s.p.passed.Store(s.p.limit)
	}
	return nil
}

func lineEncoder(payload record.Encoder) record.Encoder {
	return func(dst []byte, b *record.Batch, r *record.Record) ([]byte, error) {
		dst, err := payload(dst, b, r)
		return append(dst, '\n'), err
	}
}

func letterLine(dst []byte, p *record.Partition, r *record.Rejected) []byte {
	return append(bytes.Join([][]byte{dst, []byte(p.Shard), []byte(" "), r.Record.Data, []byte(" "), []byte(r.Stage)}, nil), '\n')
}
