package main

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
)

// outShards are enough for SINK=kinesis to have its requests side by side.
const outShards = 4

// makeOut makes outStream, and returns what deletes it with all that was written to it.
func makeOut(ctx context.Context, s *scene) (done func(), err error) {
	client := stockClient(s.URL)
	if _, err := client.CreateStream(ctx, &kinesis.CreateStreamInput{StreamName: aws.String(outStream), ShardCount: aws.Int32(outShards)}); err != nil {
		return nil, fmt.Errorf("making stream %q: %w", outStream, err)
	}
	return func() {
		// The server goes with the run: what stays behind after an interrupt hurts nobody.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		_, _ = client.DeleteStream(ctx, &kinesis.DeleteStreamInput{StreamName: aws.String(outStream)})
	}, nil
}
