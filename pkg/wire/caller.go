package wire

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
)

// Client is what a Caller needs of the SDK's client.
type Client interface {
	GetRecords(context.Context, *kinesis.GetRecordsInput, ...func(*kinesis.Options)) (*kinesis.GetRecordsOutput, error)
}

// Caller calls GetRecords of one stream. For each call the SDK puts some thirty layers together, which find the endpoint, make
// headers and have the request signed: half of what a call at the tip costs. All that they do comes out the same for each call of
// a stream, but for the body, the time and the signature. So a Caller has the SDK make one call, and makes those behind it
// alike, with the SDK's signer, credentials, HTTP client and protocol, whose errors are the SDK's. Behind a call that failed the
// next one is the SDK's again, so that what it learns from errors (how far the clocks are apart) is learned.
//
// Where a client has middleware of its own, or signs by anything but version 4, the SDK makes each call; one that is wrapped by
// another sees each call if that hands on none of the Caller's options. Many goroutines may use a Caller.
type Caller struct {
	client Client
	model  atomic.Pointer[model] // nil: the next call is the SDK's
}

// NewCaller returns a Caller that makes its calls by client.
func NewCaller(client Client) *Caller { return &Caller{client: client} }

// GetRecords makes one attempt at a call: to try again is up to the caller. The records come in b, as with WithBuffer. date is
// when the service says that it answered, cut to seconds; zero where it does not say.
func (c *Caller) GetRecords(ctx context.Context, in *kinesis.GetRecordsInput, b *Buffer) (out *kinesis.GetRecordsOutput, date time.Time, err error) {
	ctx = WithBuffer(ctx, b)
	m := c.model.Load()
	if m == nil || !isPlainGet(in) || m.arn != aws.ToString(in.StreamARN) {
		return c.ask(ctx, in)
	}
	if out, date, err = m.call(ctx, in); err != nil {
		c.model.CompareAndSwap(m, nil)
		return nil, time.Time{}, err
	}
	return out, date, nil
}

// ask has the SDK make the call, and keeps it for a model if it succeeds.
func (c *Caller) ask(ctx context.Context, in *kinesis.GetRecordsInput) (*kinesis.GetRecordsOutput, time.Time, error) {
	var w witness
	out, err := c.client.GetRecords(ctx, in, w.attend)
	if err != nil {
		return nil, time.Time{}, err
	}
	if m := w.model(in); m != nil {
		c.model.Store(m)
	}
	date, _ := awsmiddleware.GetServerTime(out.ResultMetadata)
	return out, date, nil
}
