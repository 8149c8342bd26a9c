package wire

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/smithy-go"
	smithyrand "github.com/aws/smithy-go/rand"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// model is what the calls of a stream have in common. It does not change.
type model struct {
	arn             string // of the stream: an account may have an endpoint of its own
	url, host       string
	header          http.Header
	region, service string        // that it is signed for
	skew            time.Duration // of the time of the signature
	inCBOR          bool
	means
}

// call makes one call and reads its answer.
func (m *model) call(ctx context.Context, in *kinesis.GetRecordsInput) (*kinesis.GetRecordsOutput, time.Time, error) {
	out := &kinesis.GetRecordsOutput{}
	date, err := m.exchange(ctx, in, out)
	if err != nil {
		return nil, time.Time{}, &smithy.OperationError{ServiceID: kinesis.ServiceID, OperationName: "GetRecords", Err: err}
	}
	return out, date, nil
}

func (m *model) exchange(ctx context.Context, in *kinesis.GetRecordsInput, out *kinesis.GetRecordsOutput) (date time.Time, err error) {
	req, err := m.request(ctx, in)
	if err != nil {
		return time.Time{}, err
	}
	resp, err := m.client.Do(req) //nolint:bodyclose // CloseResponseBody does, below
	switch {
	case err != nil && ctx.Err() != nil:
		return time.Time{}, &smithy.CanceledError{Err: ctx.Err()}
	case err != nil:
		return time.Time{}, &smithyhttp.RequestSendError{Err: err}
	}
	answer := &smithyhttp.Response{Response: resp}
	defer func() { smithyhttp.CloseResponseBody(ctx, answer, false, err) }()
	if err := m.protocol.ClientProtocol.DeserializeResponse(ctx, m.protocol.schema, m.protocol.types, answer, out); err != nil {
		return time.Time{}, &awshttp.ResponseError{
			ResponseError: &smithyhttp.ResponseError{Response: answer, Err: err},
			RequestID:     resp.Header.Get("X-Amzn-Requestid"),
		}
	}
	date, _ = http.ParseTime(resp.Header.Get("Date")) // the zero time where it is none
	return date, nil
}

// request returns the signed request for in.
func (m *model) request(ctx context.Context, in *kinesis.GetRecordsInput) (*http.Request, error) {
	credentials, err := m.credentials.Retrieve(ctx)
	if err != nil {
		return nil, fmt.Errorf("get identity: get credentials: %w", err) // the SDK's own words, which awserror knows
	}
	id, err := smithyrand.NewUUID(rand.Reader).GetUUID()
	if err != nil {
		return nil, fmt.Errorf("naming a call: %w", err)
	}
	encode := encodeGet
	if m.inCBOR {
		encode = encodeCBOR
	}
	body := encode(in)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.url, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("making a request: %w", err)
	}
	req.Host, req.Header = m.host, m.header.Clone()
	req.Header[callHeader] = []string{id}
	hash := sha256.Sum256(body)
	if err := m.signer.SignHTTP(ctx, credentials, req, hex.EncodeToString(hash[:]), m.service, m.region, time.Now().Add(m.skew)); err != nil {
		return nil, fmt.Errorf("signing a request: %w", err)
	}
	return req, nil
}
