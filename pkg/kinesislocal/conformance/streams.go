package conformance

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

func testStream(e *env) {
	name := e.stream(3)
	s := e.active(name)
	if *s.OpenShardCount != 3 || *s.RetentionPeriodHours != 24 || *s.StreamName != name {
		e.Errorf("summary: got %d shards, %d hours, name %s", *s.OpenShardCount, *s.RetentionPeriodHours, *s.StreamName)
	}
	if !strings.HasSuffix(*s.StreamARN, ":stream/"+name) {
		e.Errorf("ARN: got %s", *s.StreamARN)
	}
	byARN, err := e.client.DescribeStream(e.ctx, &kinesis.DescribeStreamInput{StreamARN: s.StreamARN})
	e.ok(err)
	covers(e, byARN.StreamDescription.Shards)
	if got := *byARN.StreamDescription.StreamCreationTimestamp; !got.Equal(*s.StreamCreationTimestamp) {
		e.Errorf("creation time: description has %v, summary %v", got, *s.StreamCreationTimestamp)
	}
	limited, err := e.client.DescribeStream(e.ctx, &kinesis.DescribeStreamInput{StreamName: &name, Limit: aws.Int32(2)})
	e.ok(err)
	if d := limited.StreamDescription; len(d.Shards) != 2 || !*d.HasMoreShards {
		e.Errorf("description with a limit of 2: got %d shards, more %v", len(d.Shards), *d.HasMoreShards)
	}
	var names []string
	pages := kinesis.NewListStreamsPaginator(e.client, &kinesis.ListStreamsInput{Limit: aws.Int32(1)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(e.ctx)
		e.ok(err)
		names = append(names, page.StreamNames...)
	}
	if !slices.Contains(names, name) {
		e.Errorf("list of streams: got %v, want %s among them", names, name)
	}
}

func testStreamErrors(e *env) {
	name := e.stream(1)
	_, err := e.client.CreateStream(e.ctx, &kinesis.CreateStreamInput{StreamName: &name, ShardCount: aws.Int32(1)})
	e.refused("a stream that exists", err, "ResourceInUseException")
	missing := aws.String("conformance-missing")
	_, err = e.client.DescribeStreamSummary(e.ctx, &kinesis.DescribeStreamSummaryInput{StreamName: missing})
	e.refused("the summary of no stream", err, "ResourceNotFoundException")
	_, err = e.client.DeleteStream(e.ctx, &kinesis.DeleteStreamInput{StreamName: missing})
	e.refused("the end of no stream", err, "ResourceNotFoundException")
	_, err = e.client.ListShards(e.ctx, &kinesis.ListShardsInput{StreamName: missing})
	e.refused("the shards of no stream", err, "ResourceNotFoundException")
}

func testInvalidName(e *env) {
	_, err := e.client.CreateStream(e.ctx, &kinesis.CreateStreamInput{
		StreamName: aws.String("not a name"), ShardCount: aws.Int32(1),
	})
	e.refused("a name with a space", err, "ValidationException")
}

func testOnDemand(e *env) {
	name := e.create(&kinesis.CreateStreamInput{
		StreamModeDetails: &types.StreamModeDetails{StreamMode: types.StreamModeOnDemand},
	})
	s := e.active(name)
	if *s.OpenShardCount != 4 || s.StreamModeDetails.StreamMode != types.StreamModeOnDemand {
		e.Errorf("got %d shards of mode %s, want 4 of ON_DEMAND", *s.OpenShardCount, s.StreamModeDetails.StreamMode)
	}
	_, err := e.client.UpdateStreamMode(e.ctx, &kinesis.UpdateStreamModeInput{
		StreamARN:         s.StreamARN,
		StreamModeDetails: &types.StreamModeDetails{StreamMode: types.StreamModeProvisioned},
	})
	e.ok(err)
	if s = e.active(name); s.StreamModeDetails.StreamMode != types.StreamModeProvisioned || *s.OpenShardCount != 4 {
		e.Errorf("got %d shards of mode %s, want 4 of PROVISIONED", *s.OpenShardCount, s.StreamModeDetails.StreamMode)
	}
}

func testRetention(e *env) {
	name := e.stream(1)
	increase := func(hours int32) error {
		_, err := e.client.IncreaseStreamRetentionPeriod(e.ctx,
			&kinesis.IncreaseStreamRetentionPeriodInput{StreamName: &name, RetentionPeriodHours: &hours})
		return err
	}
	decrease := func(hours int32) error {
		_, err := e.client.DecreaseStreamRetentionPeriod(e.ctx,
			&kinesis.DecreaseStreamRetentionPeriodInput{StreamName: &name, RetentionPeriodHours: &hours})
		return err
	}
	e.ok(increase(48))
	if got := *e.active(name).RetentionPeriodHours; got != 48 {
		e.Errorf("increased: got %d hours, want 48", got)
	}
	e.refused("increase to less", increase(30), "InvalidArgumentException")
	e.refused("decrease to more", decrease(72), "InvalidArgumentException")
	e.refused("decrease below a day", decrease(23), "InvalidArgumentException")
	e.ok(decrease(24))
	if got := *e.active(name).RetentionPeriodHours; got != 24 {
		e.Errorf("decreased: got %d hours, want 24", got)
	}
}

func testRecordSize(e *env) {
	name := e.stream(1)
	big := make([]byte, 3<<19) // 1.5 MiB
	in := &kinesis.PutRecordInput{StreamName: &name, PartitionKey: aws.String("k"), Data: big}
	if _, err := e.client.PutRecord(e.ctx, in); err == nil {
		e.Error("a record of 1.5 MiB was taken before the stream allowed it")
	}
	_, err := e.client.UpdateMaxRecordSize(e.ctx, &kinesis.UpdateMaxRecordSizeInput{
		StreamARN: e.active(name).StreamARN, MaxRecordSizeInKiB: aws.Int32(2048),
	})
	e.ok(err)
	if got := e.active(name).MaxRecordSizeInKiB; got == nil || *got != 2048 {
		e.Errorf("record size: got %v, want 2048 KiB", got)
	}
	_, err = e.client.PutRecord(e.ctx, in)
	e.ok(err)
	records, _ := e.readAll(name, *e.shards(name, nil)[0].ShardId, 1)
	if len(records) != 1 || len(records[0].Data) != len(big) {
		e.Errorf("a record of 1.5 MiB did not come back whole")
	}
}

func testDescribeLimits(e *env) {
	e.stream(2)
	out, err := e.client.DescribeLimits(e.ctx, &kinesis.DescribeLimitsInput{})
	e.ok(err)
	if *out.OpenShardCount < 2 {
		e.Errorf("got %d open shards, want 2 at least", *out.OpenShardCount)
	}
}
