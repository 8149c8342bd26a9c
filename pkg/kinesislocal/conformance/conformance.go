// Package conformance holds what a Kinesis has to do, as tests that run against any endpoint: the embedded server, an
// emulator, or the service itself.
package conformance

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/aws/smithy-go"
)

// Case is one thing that a Kinesis has to do.
type Case struct {
	Name string
	run  func(*env)
}

// Cases returns all of them.
func Cases() []Case {
	return []Case{
		{"stream", testStream},
		{"stream/errors", testStreamErrors},
		{"stream/invalid name", testInvalidName},
		{"stream/on demand", testOnDemand},
		{"stream/retention", testRetention},
		{"stream/record size", testRecordSize},
		{"stream/limits", testDescribeLimits},
		{"write/records", testWrite},
		{"write/explicit hash key", testExplicitHashKey},
		{"write/errors", testWriteErrors},
		{"read/iterators", testIterators},
		{"read/iterator errors", testIteratorErrors},
		{"read/unknown iterator type", testUnknownIteratorType},
		{"read/bogus iterator", testBogusIterator},
		{"read/unknown sequence", testUnknownSequence},
		{"read/limit", testLimit},
		{"read/page size", testPageSize},
		{"read/tip", testTip},
		{"shards/paging", testPaging},
		{"shards/split", testSplit},
		{"shards/merge", testMerge},
		{"shards/scale", testScale},
		{"shards/reshard errors", testReshardErrors},
		{"shards/filters", testFilters},
		{"shards/filter at trim horizon", testFilterTrimHorizon},
	}
}

// Run runs all cases against the endpoint that client talks to, as subtests. The client should not retry. skips holds the
// names of cases that the endpoint is known to fail, each with the fault; a name that there is no case for is an error.
// Streams that Run makes are deleted again; their names begin with "conformance-".
func Run(t *testing.T, client *kinesis.Client, skips map[string]string) {
	known := map[string]bool{}
	for _, c := range Cases() {
		known[c.Name] = true
		t.Run(c.Name, func(t *testing.T) {
			if fault, ok := skips[c.Name]; ok {
				t.Skipf("known fault of this endpoint: %s", fault)
			}
			c.run(&env{T: t, client: client, ctx: t.Context()})
		})
	}
	for name := range skips {
		if !known[name] {
			t.Errorf("skipped case %q does not exist", name)
		}
	}
}

// env is what a case works with.
type env struct {
	*testing.T
	client *kinesis.Client
	ctx    context.Context //nolint:containedctx // a case's own, beside its testing.T
	made   int
}

// patience bounds what is waited for: a stream that becomes ACTIVE, a record that can be read. pollEvery is how often the
// endpoint is asked meanwhile; the service allows 5 calls a second.
const (
	patience  = 5 * time.Minute
	pollEvery = 250 * time.Millisecond
)

// stream makes a stream of n shards, waits until it is ACTIVE and returns its name.
func (e *env) stream(n int32) string {
	e.Helper()
	return e.create(&kinesis.CreateStreamInput{ShardCount: aws.Int32(n)})
}

func (e *env) create(in *kinesis.CreateStreamInput) string {
	e.Helper()
	e.made++
	name := fmt.Sprintf("conformance-%d-%d", time.Now().UnixNano(), e.made)
	in.StreamName = &name
	_, err := e.client.CreateStream(e.ctx, in)
	e.ok(err)
	e.Cleanup(func() {
		_, err := e.client.DeleteStream(context.Background(), &kinesis.DeleteStreamInput{StreamName: &name})
		e.ok(err)
	})
	e.active(name)
	return name
}

// active waits until a stream is ACTIVE and returns its summary.
func (e *env) active(name string) *types.StreamDescriptionSummary {
	e.Helper()
	var summary *types.StreamDescriptionSummary
	e.eventually("ACTIVE", func() bool {
		out, err := e.client.DescribeStreamSummary(e.ctx, &kinesis.DescribeStreamSummaryInput{StreamName: &name})
		e.ok(err)
		summary = out.StreamDescriptionSummary
		return summary.StreamStatus == types.StreamStatusActive
	})
	return summary
}

// eventually asks until done says so.
func (e *env) eventually(what string, done func() bool) {
	e.Helper()
	ctx, cancel := context.WithTimeout(e.ctx, patience)
	defer cancel()
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			e.Fatalf("waiting for %s: %v", what, ctx.Err())
		case <-ticker.C:
		}
	}
}

func (e *env) ok(err error) {
	e.Helper()
	if err != nil {
		e.Fatal(err)
	}
}

// refused checks that err is the service's, with this code.
func (e *env) refused(what string, err error, code string) {
	e.Helper()
	var api smithy.APIError
	switch {
	case !errors.As(err, &api):
		e.Errorf("%s: got %v, want %s", what, err, code)
	case api.ErrorCode() != code:
		e.Errorf("%s: got %v, want %s", what, api, code)
	}
}

// put writes one record and returns what the service said.
func (e *env) put(stream, key, data string) *kinesis.PutRecordOutput {
	e.Helper()
	out, err := e.client.PutRecord(e.ctx, &kinesis.PutRecordInput{StreamName: &stream, PartitionKey: &key, Data: []byte(data)})
	e.ok(err)
	return out
}

// iterator asks for an iterator of a shard.
func (e *env) iterator(in *kinesis.GetShardIteratorInput) *string {
	e.Helper()
	out, err := e.client.GetShardIterator(e.ctx, in)
	e.ok(err)
	return out.ShardIterator
}

// read reads from an iterator until n records have come, or the shard has ended, and returns them with the last page.
func (e *env) read(it *string, n int) (records []types.Record, last *kinesis.GetRecordsOutput) {
	e.Helper()
	e.eventually(fmt.Sprintf("%d records", n), func() bool {
		page, err := e.client.GetRecords(e.ctx, &kinesis.GetRecordsInput{ShardIterator: it})
		e.ok(err)
		records, last, it = append(records, page.Records...), page, page.NextShardIterator
		return it == nil || len(records) >= n
	})
	return records, last
}

// readAll reads a shard from its oldest record.
func (e *env) readAll(stream, shard string, n int) (records []types.Record, last *kinesis.GetRecordsOutput) {
	e.Helper()
	return e.read(e.iterator(&kinesis.GetShardIteratorInput{
		StreamName: &stream, ShardId: &shard, ShardIteratorType: types.ShardIteratorTypeTrimHorizon,
	}), n)
}

// shards lists the shards of a stream that a filter lets through; nil: all.
func (e *env) shards(stream string, filter *types.ShardFilter) []types.Shard {
	e.Helper()
	out, err := e.client.ListShards(e.ctx, &kinesis.ListShardsInput{StreamName: &stream, ShardFilter: filter})
	e.ok(err)
	return out.Shards
}
