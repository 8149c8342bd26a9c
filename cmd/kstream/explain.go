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

// explain adds the nearest name to an error that says that there is no such stream.
func explain(ctx context.Context, err error, c awsclient.Config, streams ...string) error {
	var missing *types.ResourceNotFoundException
	if !errors.As(err, &missing) {
		return err
	}
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	names, listErr := streamNames(ctx, c)
	if listErr != nil {
		return err // that it can't be listed says nothing new
	}
	for _, s := range streams {
		if near := nearest.Of(s, names); near != "" {
			return fmt.Errorf("there is no stream %q here; did you mean %q? (%w)", s, near, err)
		}
	}
	return err
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
