package kinesislocal_test

import (
	"context"
	"fmt"
	"log"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/kinesislocal"
)

// A stream with one record, and a client that is throttled once before it gets it.
func Example() {
	server, err := kinesislocal.New(kinesislocal.Config{})
	if err != nil {
		log.Fatal(err)
	}
	if err := server.CreateStream("logs", 1); err != nil {
		log.Fatal(err)
	}
	shard, _, err := server.Put("logs", "user-1", []byte("hello"))
	if err != nil {
		log.Fatal(err)
	}
	throttle, err := server.Inject(kinesislocal.Fault{
		Operation: "GetRecords", Times: 1, Error: "ProvisionedThroughputExceededException",
	})
	if err != nil {
		log.Fatal(err)
	}

	client := kinesis.New(kinesis.Options{
		HTTPClient:   server.HTTPClient(),
		BaseEndpoint: aws.String(server.URL()),
		Region:       server.Region(),
		Credentials:  credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
	it, err := client.GetShardIterator(context.Background(), &kinesis.GetShardIteratorInput{
		StreamName: aws.String("logs"), ShardId: &shard, ShardIteratorType: types.ShardIteratorTypeTrimHorizon,
	})
	if err != nil {
		log.Fatal(err)
	}
	page, err := client.GetRecords(context.Background(), &kinesis.GetRecordsInput{ShardIterator: it.ShardIterator})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %s\n", *page.Records[0].PartitionKey, page.Records[0].Data)
	fmt.Println("throttled:", throttle.Fired())
	// Output:
	// user-1: hello
	// throttled: 1
}

// Faults as a script has them.
func ExampleParseFaults() {
	faults, err := kinesislocal.ParseFaults(`
		# the third page is cut in its middle, and every write is slow
		GetRecords after=2 times=1 cut=2000
		PutRecords latency=50ms
	`)
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range faults {
		fmt.Println(f)
	}
	// Output:
	// GetRecords after=2 times=1 cut=2000
	// PutRecords latency=50ms
}
