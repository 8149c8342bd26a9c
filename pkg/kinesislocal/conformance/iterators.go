package conformance

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

func testIterators(e *env) {
	name := e.stream(1)
	var puts []*kinesis.PutRecordOutput
	for i := range 4 {
		puts = append(puts, e.put(name, "k", fmt.Sprint(i)))
	}
	shard := puts[0].ShardId
	latest := e.iterator(&kinesis.GetShardIteratorInput{
		StreamName: &name, ShardId: shard, ShardIteratorType: types.ShardIteratorTypeLatest,
	})
	e.put(name, "k", "4")
	all, _ := e.readAll(name, *shard, 5)
	if len(all) != 5 {
		e.Fatalf("got %d records, want 5", len(all))
	}
	at := *all[2].ApproximateArrivalTimestamp
	fromTime := 0
	for fromTime < 5 && all[fromTime].ApproximateArrivalTimestamp.Before(at) {
		fromTime++
	}
	for _, c := range []struct {
		kind     types.ShardIteratorType
		sequence *string
		time     *time.Time
		want     int // the first record
	}{
		{types.ShardIteratorTypeTrimHorizon, nil, nil, 0},
		{types.ShardIteratorTypeAtSequenceNumber, puts[2].SequenceNumber, nil, 2},
		{types.ShardIteratorTypeAfterSequenceNumber, puts[2].SequenceNumber, nil, 3},
		{types.ShardIteratorTypeAtTimestamp, nil, &at, fromTime},
		{types.ShardIteratorTypeAtTimestamp, nil, aws.Time(at.Add(-time.Hour)), 0},
	} {
		got, _ := e.read(e.iterator(&kinesis.GetShardIteratorInput{
			StreamName: &name, ShardId: shard, ShardIteratorType: c.kind, StartingSequenceNumber: c.sequence, Timestamp: c.time,
		}), 5-c.want)
		if len(got) != 5-c.want || string(got[0].Data) != fmt.Sprint(c.want) {
			e.Errorf("%s: got %d records, want those from %d on", c.kind, len(got), c.want)
		}
	}
	if got, _ := e.read(latest, 1); len(got) != 1 || string(got[0].Data) != "4" {
		e.Errorf("LATEST: got %d records, want the one that came after", len(got))
	}
}

func testIteratorErrors(e *env) {
	name := e.stream(1)
	shard := *e.put(name, "k", "x").ShardId
	for _, c := range []struct {
		what string
		in   kinesis.GetShardIteratorInput
		code string
	}{
		{"an unknown shard", kinesis.GetShardIteratorInput{
			ShardId: aws.String("shardId-000000000099"), ShardIteratorType: types.ShardIteratorTypeLatest,
		}, "ResourceNotFoundException"},
		{"a sequence number that is missing", kinesis.GetShardIteratorInput{
			ShardIteratorType: types.ShardIteratorTypeAtSequenceNumber,
		}, "InvalidArgumentException"},
		{"a time that is missing", kinesis.GetShardIteratorInput{
			ShardIteratorType: types.ShardIteratorTypeAtTimestamp,
		}, "InvalidArgumentException"},
		{"a time to come", kinesis.GetShardIteratorInput{
			ShardIteratorType: types.ShardIteratorTypeAtTimestamp, Timestamp: aws.Time(time.Now().Add(time.Hour)),
		}, "InvalidArgumentException"},
	} {
		c.in.StreamName = &name
		if c.in.ShardId == nil {
			c.in.ShardId = &shard
		}
		_, err := e.client.GetShardIterator(e.ctx, &c.in)
		e.refused(c.what, err, c.code)
	}
}

func testUnknownIteratorType(e *env) {
	name := e.stream(1)
	_, err := e.client.GetShardIterator(e.ctx, &kinesis.GetShardIteratorInput{
		StreamName: &name, ShardId: aws.String("shardId-000000000000"), ShardIteratorType: "NEWEST",
	})
	e.refused("an unknown type", err, "ValidationException")
}

func testBogusIterator(e *env) {
	e.stream(1)
	for _, it := range []string{"bogus", strings.Repeat("A", 226)} {
		_, err := e.client.GetRecords(e.ctx, &kinesis.GetRecordsInput{ShardIterator: &it})
		e.refused("iterator "+it[:5], err, "InvalidArgumentException")
	}
}

func testUnknownSequence(e *env) {
	name := e.stream(1)
	shard := e.put(name, "k", "x").ShardId
	for _, sequence := range []string{"1", "59590338271490256608559692538361571095921575989136588898"} {
		_, err := e.client.GetShardIterator(e.ctx, &kinesis.GetShardIteratorInput{
			StreamName: &name, ShardId: shard, ShardIteratorType: types.ShardIteratorTypeAtSequenceNumber,
			StartingSequenceNumber: &sequence,
		})
		e.refused("sequence number "+sequence, err, "InvalidArgumentException")
	}
}
