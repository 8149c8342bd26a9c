package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/internal/awsclient"
	"github.com/kstream/kstream/pkg/operator/nearest"
)

// explain puts the nearest name in front of an error that says that there is no such stream.
func explain(ctx context.Context, err error, c awsclient.Config, streams ...string) error {
	for _, s := range streams {
		if near := nearestStream(ctx, err, c, s); near != "" {
			return fmt.Errorf("there is no stream %q here; did you mean %q? (%w)", s, near, err)
		}
	}
	return err
}

// nearestStream returns the stream that was meant, where err says that the one that was asked for is not there; "" where
// none is near, or they can't be listed, which says nothing new.
func nearestStream(ctx context.Context, err error, c awsclient.Config, stream string) string {
	var missing *types.ResourceNotFoundException
	if !errors.As(err, &missing) {
		return ""
	}
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	names, err := streamNames(ctx, c)
	if err != nil {
		return ""
	}
	return nearest.Of(stream, names)
}

func streamNames(ctx context.Context, c awsclient.Config) (names []string, err error) {
	client, err := awsclient.New(ctx, c)
	if err != nil {
		return nil, err
	}
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
