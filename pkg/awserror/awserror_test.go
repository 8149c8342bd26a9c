package awserror_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/kstream/kstream/pkg/awserror"
)

func TestOf(t *testing.T) {
	answer := func(status int, err error) error {
		return &awshttp.ResponseError{ResponseError: &smithyhttp.ResponseError{
			Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}}, Err: err}}
	}
	api := func(code string) error { return &smithy.GenericAPIError{Code: code} }
	tests := []struct {
		name string
		err  error
		want awserror.Class
	}{
		{"a code that is listed", answer(400, api("KMSThrottlingException")), awserror.Throttled},
		{"an unknown code of the client's fault", answer(400, api("Novel")), awserror.Unclear},
		{"a code that says that the call is wrong", answer(400, api("ValidationException")), awserror.Fatal},
		{"an error that was cut", answer(400, io.ErrUnexpectedEOF), awserror.Unclear},
		{"an unknown code of the server's fault", answer(500, api("Novel")), awserror.Transient},
		{"an unknown refusal", answer(403, api("Novel")), awserror.Denied},
		{"a proxy that is asked too much", answer(429, errors.New("html")), awserror.Throttled},
		{"a proxy's page", answer(502, errors.New("html")), awserror.Transient},
		{"an answer that was cut", answer(200, io.ErrUnexpectedEOF), awserror.Transient},
		{"no connection", &smithyhttp.RequestSendError{Err: errors.New("connection refused")}, awserror.Transient},
		{"a call that the SDK refuses", &smithy.InvalidParamsError{}, awserror.Fatal},
		{"an API error without an answer", api("Novel"), awserror.Unclear},
		{"credentials that ran out", fmt.Errorf("get credentials: %w", api("ExpiredTokenException")), awserror.Denied},
	}
	for _, tt := range tests {
		if got := awserror.Of(tt.err); got != tt.want {
			t.Errorf("%s: class %d, want %d", tt.name, got, tt.want)
		}
	}
}
