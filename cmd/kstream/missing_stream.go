package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/operator/nearest"
)

// explain says the nearest names in the place of an error that says that there is no such stream. Of that error the service's
// own words stay, which name the account.
func explain(ctx context.Context, err error, client *kinesis.Client, stream string) error {
	var missing *types.ResourceNotFoundException
	if text := missingStream(ctx, err, client, stream); text != "" && errors.As(err, &missing) {
		return &noStreamError{fmt.Sprintf("%s (%s)", text, strings.TrimSuffix(missing.ErrorMessage(), ".")), err}
	}
	return err
}

// noStreamError says in its own words what err means.
type noStreamError struct {
	text string
	err  error
}

func (e *noStreamError) Error() string { return e.text }
func (e *noStreamError) Unwrap() error { return e.err }

// missingStream says which streams may have been meant, where err says that the one that was asked for is not there. It is ""
// where streams can't be listed, or the stream is there and something of it is not, which says nothing new. An ARN may be
// another account's, whose streams are not listed.
func missingStream(ctx context.Context, err error, client *kinesis.Client, stream string) string {
	var missing *types.ResourceNotFoundException
	if !errors.As(err, &missing) || strings.HasPrefix(stream, "arn:") {
		return ""
	}
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	names, err := streamNames(ctx, client)
	if err != nil || slices.Contains(names, stream) {
		return ""
	}
	return notThere("stream", stream, "in "+client.Options().Region, "`kstream streams` lists those there are", names)
}

// hint says at once of a stream that is not there which one may have been meant, while who needs it tries for a minute to find
// it. What it returns ends it.
func hint(ctx context.Context, say func(string), client *kinesis.Client, stream string) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	over := make(chan struct{})
	go func() {
		defer close(over)
		name, arn := streamTarget(stream)
		_, err := client.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{StreamName: name, StreamARN: arn})
		if text := missingStream(ctx, err, client, stream); text != "" {
			say(text)
		}
	}()
	return func() {
		cancel()
		<-over
	}
}

// notThere says that there is no such thing, with the nearest names of those there are, or else where to look.
func notThere(kind, name, where, elsewhere string, names []string) string {
	const most = 3
	near := nearest.Some(name, names, most)
	switch {
	case len(names) == 0:
		return fmt.Sprintf("there is no %s %q, nor any other, %s: is this the right account and region?", kind, name, where)
	case len(near) == 0:
		return fmt.Sprintf("there is no %s %q %s: %s", kind, name, where, elsewhere)
	}
	for i := range near {
		near[i] = fmt.Sprintf("%q", near[i])
	}
	return fmt.Sprintf("there is no %s %q %s; did you mean %s?", kind, name, where, config.OneOf(near))
}

// streamTarget is how calls name a stream: as the user did.
func streamTarget(stream string) (name, arn *string) {
	if strings.HasPrefix(stream, "arn:") {
		return nil, aws.String(stream)
	}
	return aws.String(stream), nil
}

// streamNames lists the names of all streams of the client's account and region.
func streamNames(ctx context.Context, client *kinesis.Client) (names []string, err error) {
	pages := kinesis.NewListStreamsPaginator(client, &kinesis.ListStreamsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		names = append(names, page.StreamNames...)
	}
	return names, nil
}
