package wire

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Headers that differ from call to call: of the signature, and what names the call.
const (
	dateHeader   = "X-Amz-Date"
	dateFormat   = "20060102T150405Z"
	signedHeader = "Authorization"
	tokenHeader  = "X-Amz-Security-Token"
	callHeader   = "Amz-Sdk-Invocation-Id"
)

// witness sees a call that the SDK makes.
type witness struct {
	means
	request *http.Request // as it was sent, signed; nil: it was none of ours to see
	sent    time.Time
}

// means are what a call is made with.
type means struct {
	client      kinesis.HTTPClient
	credentials aws.CredentialsProvider
	signer      kinesis.HTTPSignerV4
	protocol    overheard
}

// Do is the HTTP client's.
func (w *witness) Do(r *http.Request) (*http.Response, error) {
	w.request, w.sent = r, time.Now()
	return w.client.Do(r)
}

// attend is an option of the SDK's: one attempt, which w sees.
func (w *witness) attend(o *kinesis.Options) {
	o.Retryer = aws.NopRetryer{}
	if len(o.APIOptions) > 0 || o.ClientLogMode != 0 {
		return // somebody wants to see each call
	}
	w.client, w.credentials, w.signer = o.HTTPClient, o.Credentials, o.HTTPSignerV4
	w.protocol.ClientProtocol = o.Protocol
	o.HTTPClient, o.Protocol = w, &w.protocol
}

// overheard is a protocol that keeps what the SDK says of the operation's answers.
type overheard struct {
	smithyhttp.ClientProtocol
	schema *smithy.OperationSchema
	types  *smithy.TypeRegistry
}

func (p *overheard) DeserializeResponse(ctx context.Context, schema *smithy.OperationSchema, types *smithy.TypeRegistry, resp *smithyhttp.Response, out smithy.Deserializable) error {
	p.schema, p.types = schema, types
	return p.ClientProtocol.DeserializeResponse(ctx, schema, types, resp, out)
}

// model returns what was seen, nil where that does not do.
func (w *witness) model(in *kinesis.GetRecordsInput) *model {
	r := w.request
	if r == nil || w.protocol.schema == nil {
		return nil
	}
	m := &model{arn: aws.ToString(in.StreamARN), url: r.URL.String(), host: r.Host, header: r.Header.Clone(), means: w.means}
	// AWS4-HMAC-SHA256 Credential=KEY/20261123/us-east-1/kinesis/aws4_request, SignedHeaders=…, Signature=…
	credential, found := strings.CutPrefix(r.Header.Get(signedHeader), "AWS4-HMAC-SHA256 Credential=")
	credential, _, _ = strings.Cut(credential, ",")
	scope := strings.Split(credential, "/")
	signed, err := time.Parse(dateFormat, r.Header.Get(dateHeader))
	if !found || len(scope) < 5 || err != nil || r.Method != http.MethodPost {
		return nil
	}
	m.region, m.service = scope[len(scope)-3], scope[len(scope)-2]
	// Less than a second is what the header was cut by.
	if skew := signed.Sub(w.sent); skew.Abs() > time.Second {
		m.skew = skew
	}
	switch r.Header.Get("Content-Type") {
	case jsonType:
	case cborType:
		m.inCBOR = true
	default:
		return nil
	}
	for _, own := range []string{dateHeader, signedHeader, tokenHeader, callHeader, "Content-Length"} {
		m.header.Del(own)
	}
	return m
}
