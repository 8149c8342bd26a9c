package kinesis

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/kinesislocal"
	"github.com/kstream/kstream/pkg/kinesislocal/kinesistest"
	"github.com/kstream/kstream/pkg/kpl"
	"github.com/kstream/kstream/pkg/record"
)

// BenchmarkSink writes records of 1 KB with 1,000 keys: through the SDK into an embedded Kinesis without limits, and to a
// client that takes all and does nothing, which leaves what the sink itself costs.
func BenchmarkSink(b *testing.B) {
	server := kinesistest.New(b, kinesislocal.Config{Limits: &kinesislocal.Limits{}, MaxBytes: 64 << 20})
	if err := server.CreateStream(out, 4); err != nil {
		b.Fatal(err)
	}
	local := kinesistest.Client(server)
	for name, c := range map[string]Config{"plain": {}, "strict": {Strict: true}, "aggregated": {Aggregate: true}} {
		c.Stream, c.InFlight, c.BatchBytes = out, 4, 5<<20
		b.Run(name, func(b *testing.B) { benchmark(b, c, local) })
		b.Run(name+"/sink alone", func(b *testing.B) { benchmark(b, c, taker{local}) })
	}
}

// taker is a client that takes all.
type taker struct{ client }

// PutRecords implements client.
func (taker) PutRecords(_ context.Context, in *kinesis.PutRecordsInput, _ ...func(*kinesis.Options)) (*kinesis.PutRecordsOutput, error) {
	out := &kinesis.PutRecordsOutput{Records: make([]types.PutRecordsResultEntry, len(in.Records))}
	shard, sequence := "shardId-000000000000", "1"
	for i := range out.Records {
		out.Records[i].ShardId, out.Records[i].SequenceNumber = &shard, &sequence
	}
	return out, nil
}

func benchmark(b *testing.B, c Config, client client) {
	const each = 1000
	if t, ok := client.(taker); ok && c.Aggregate {
		client = oneShard{t}
	}
	chunk := &record.Chunk{}
	for i := range each {
		chunk.Items = append(chunk.Items, record.Item{Key: fmt.Append(nil, "key ", i), Data: make([]byte, 1000)})
	}
	s, err := Open(b.Context(), c, client)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n := 0
	for b.Loop() {
		if err := s.Write(b.Context(), chunk); err != nil {
			b.Fatal(err)
		}
		n += each
	}
	if _, err := s.Prepare(b.Context(), record.Barrier{}); err != nil {
		b.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "records/s")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(n), "allocs/record")
}

// oneShard is a taker whose stream has the one shard that it says records go to.
type oneShard struct{ taker }

// ListShards implements client.
func (oneShard) ListShards(context.Context, *kinesis.ListShardsInput, ...func(*kinesis.Options)) (*kinesis.ListShardsOutput, error) {
	return &kinesis.ListShardsOutput{Shards: []types.Shard{{ShardId: aws.String("shardId-000000000000"), HashKeyRange: &types.HashKeyRange{
		StartingHashKey: aws.String("0"), EndingHashKey: aws.String(kpl.All.End.String())}}}}, nil
}
