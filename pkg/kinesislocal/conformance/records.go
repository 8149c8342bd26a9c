package conformance

import (
	"bytes"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

func testWrite(e *env) {
	name := e.stream(1)
	arn := e.active(name).StreamARN
	want := []string{"", "one", "\x00\xff binary", strings.Repeat("long ", 5000)}
	first := e.put(name, "ключ", want[0])
	var entries []types.PutRecordsRequestEntry
	for _, data := range want[1:] {
		entries = append(entries, types.PutRecordsRequestEntry{PartitionKey: aws.String("k"), Data: []byte(data)})
	}
	out, err := e.client.PutRecords(e.ctx, &kinesis.PutRecordsInput{StreamARN: arn, Records: entries})
	e.ok(err)
	if *out.FailedRecordCount != 0 || len(out.Records) != len(entries) {
		e.Fatalf("%d of %d records failed", *out.FailedRecordCount, len(out.Records))
	}
	numbers := []*string{first.SequenceNumber}
	for _, r := range out.Records {
		numbers = append(numbers, r.SequenceNumber)
	}
	got, _ := e.readAll(name, *first.ShardId, len(want))
	if len(got) != len(want) {
		e.Fatalf("got %d records, want %d", len(got), len(want))
	}
	for i, r := range got {
		if !bytes.Equal(r.Data, []byte(want[i])) || *r.SequenceNumber != *numbers[i] {
			e.Errorf("record %d: got %.20q with number %s, want %.20q with %s", i, r.Data, *r.SequenceNumber, want[i], *numbers[i])
		}
		if i > 0 && number(*r.SequenceNumber).Cmp(number(*got[i-1].SequenceNumber)) <= 0 {
			e.Errorf("record %d: number %s is not above %s", i, *r.SequenceNumber, *got[i-1].SequenceNumber)
		}
		if age := time.Since(*r.ApproximateArrivalTimestamp).Abs(); age > patience {
			e.Errorf("record %d: arrived at %v, which is %v off", i, *r.ApproximateArrivalTimestamp, age)
		}
	}
	if *got[0].PartitionKey != "ключ" {
		e.Errorf("partition key: got %q", *got[0].PartitionKey)
	}
}

func number(text string) *big.Int {
	n, _ := new(big.Int).SetString(text, 10)
	return n
}

func testExplicitHashKey(e *env) {
	name := e.stream(4)
	for _, sh := range e.shards(name, nil) {
		for _, key := range []*string{sh.HashKeyRange.StartingHashKey, sh.HashKeyRange.EndingHashKey} {
			out, err := e.client.PutRecord(e.ctx, &kinesis.PutRecordInput{
				StreamName: &name, PartitionKey: aws.String("k"), ExplicitHashKey: key, Data: []byte("x"),
			})
			e.ok(err)
			if *out.ShardId != *sh.ShardId {
				e.Errorf("hash key %s went to %s, want %s", *key, *out.ShardId, *sh.ShardId)
			}
		}
	}
	_, err := e.client.PutRecord(e.ctx, &kinesis.PutRecordInput{
		StreamName: &name, PartitionKey: aws.String("k"), Data: []byte("x"),
		ExplicitHashKey: aws.String("340282366920938463463374607431768211456"), // 2^128
	})
	e.refused("a hash key of 2^128", err, "InvalidArgumentException")
}

func testWriteErrors(e *env) {
	name := e.stream(1)
	entry := func(key string) types.PutRecordsRequestEntry {
		return types.PutRecordsRequestEntry{PartitionKey: &key, Data: []byte("x")}
	}
	many := make([]types.PutRecordsRequestEntry, 501)
	for i := range many {
		many[i] = entry(fmt.Sprint(i))
	}
	for what, records := range map[string][]types.PutRecordsRequestEntry{
		"501 records":         many,
		"no records":          {},
		"an empty key":        {entry("k"), entry("")},
		"a key of 257 digits": {entry(strings.Repeat("7", 257))},
	} {
		_, err := e.client.PutRecords(e.ctx, &kinesis.PutRecordsInput{StreamName: &name, Records: records})
		e.refused(what, err, "ValidationException")
	}
	_, err := e.client.PutRecord(e.ctx, &kinesis.PutRecordInput{
		StreamName: aws.String("conformance-missing"), PartitionKey: aws.String("k"), Data: []byte("x"),
	})
	e.refused("a record for no stream", err, "ResourceNotFoundException")
}

func testLimit(e *env) {
	name := e.stream(1)
	var shard *string
	for i := range 5 {
		shard = e.put(name, "k", fmt.Sprint(i)).ShardId
	}
	it := e.iterator(&kinesis.GetShardIteratorInput{
		StreamName: &name, ShardId: shard, ShardIteratorType: types.ShardIteratorTypeTrimHorizon,
	})
	page, err := e.client.GetRecords(e.ctx, &kinesis.GetRecordsInput{ShardIterator: it, Limit: aws.Int32(2)})
	e.ok(err)
	if len(page.Records) != 2 {
		e.Errorf("limit of 2: got %d records", len(page.Records))
	}
	again, err := e.client.GetRecords(e.ctx, &kinesis.GetRecordsInput{ShardIterator: it, Limit: aws.Int32(2)})
	e.ok(err)
	if len(again.Records) != 2 || *again.Records[0].SequenceNumber != *page.Records[0].SequenceNumber {
		e.Errorf("the same iterator gave other records")
	}
	rest, _ := e.read(page.NextShardIterator, 3)
	if len(rest) != 3 || string(rest[0].Data) != "2" {
		e.Errorf("behind a page of 2: got %d records from %q", len(rest), rest[0].Data)
	}
	_, err = e.client.GetRecords(e.ctx, &kinesis.GetRecordsInput{ShardIterator: it, Limit: aws.Int32(10_001)})
	e.refused("a limit of 10,001", err, "InvalidArgumentException")
}

func testPageSize(e *env) {
	const records, size = 12, 1<<20 - 1
	name := e.stream(1)
	data := strings.Repeat("x", size)
	var shard *string
	for range records {
		shard = e.put(name, "k", data).ShardId
	}
	page, err := e.client.GetRecords(e.ctx, &kinesis.GetRecordsInput{ShardIterator: e.iterator(&kinesis.GetShardIteratorInput{
		StreamName: &name, ShardId: shard, ShardIteratorType: types.ShardIteratorTypeTrimHorizon,
	})})
	e.ok(err)
	if n := len(page.Records); n == 0 || n*size > 10<<20 {
		e.Errorf("got %d records of 1 MiB in a page, want 10 at most", n)
	}
	rest, _ := e.read(page.NextShardIterator, records-len(page.Records))
	if got := len(page.Records) + len(rest); got != records {
		e.Errorf("got %d records over all pages, want %d", got, records)
	}
}

func testTip(e *env) {
	name := e.stream(1)
	shard := e.put(name, "k", "x").ShardId
	_, last := e.readAll(name, *shard, 1)
	e.eventually("the tip", func() bool {
		page, err := e.client.GetRecords(e.ctx, &kinesis.GetRecordsInput{ShardIterator: last.NextShardIterator})
		e.ok(err)
		last = page
		return *page.MillisBehindLatest == 0
	})
	if len(last.ChildShards) != 0 || last.NextShardIterator == nil {
		e.Errorf("an open shard ended: children %v", last.ChildShards)
	}
}
