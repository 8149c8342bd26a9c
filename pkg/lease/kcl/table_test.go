package kcl

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/lease/leasetest"
)

func open(t *testing.T) (*leasetest.Server, *dynamodb.Client) {
	t.Helper()
	s := leasetest.New(t)
	return s, dynamodb.New(dynamodb.Options{
		Region: "eu-west-1", BaseEndpoint: aws.String(s.URL), Credentials: credentials.NewStaticCredentialsProvider("x", "y", ""),
	})
}

// TestRead reads tables that the KCL itself wrote: testdata holds them as Scan gave them.
func TestRead(t *testing.T) {
	bytes := func(kb float64) *float64 {
		kb *= 1024
		return &kb
	}
	const seven = "4968048568"
	for _, c := range []struct {
		file string
		want Table
	}{
		{"2.7.2/03-checkpoint-inside-aggregate.json", Table{Seen: map[string]time.Time{}, Leases: []Lease{
			{Key: "shardId-000000000000", Shard: "shardId-000000000000", Owner: "worker-a", Counter: 6,
				Checkpoint: "49680486035174109806194359783430969645442576596418428930", Subsequence: 2},
			{Key: "shardId-000000000001", Shard: "shardId-000000000001", Owner: "worker-a", Counter: 5,
				Checkpoint: "49680486035196410551392890406571296437895610328749703186"},
		}}},
		{"3.5.1/11-handoff-running.json", Table{
			Seen: map[string]time.Time{"worker-a": time.Unix(1795423134, 0), "worker-b": time.Unix(1795423159, 0)},
			Leases: []Lease{
				{Key: "shardId-000000000000", Shard: "shardId-000000000000", Owner: "worker-b", Counter: 23, Checkpoint: ShardEnd, BytesPerSecond: bytes(2e-6)},
				{Key: "shardId-000000000001", Shard: "shardId-000000000001", Owner: "worker-b", Counter: 20, Checkpoint: ShardEnd, BytesPerSecond: bytes(0)},
				{Key: "shardId-000000000002", Shard: "shardId-000000000002", Owner: "worker-b", Releasing: "worker-a", Counter: 14,
					Checkpoint: seven + "4115778890925290289375692597412001255956414498", Parents: []string{"shardId-000000000000"}, BytesPerSecond: bytes(1.15e-4)},
				{Key: "shardId-000000000003", Shard: "shardId-000000000003", Owner: "worker-b", Counter: 15, Checkpoint: ShardEnd,
					Parents: []string{"shardId-000000000000"}, BytesPerSecond: bytes(4e-6)},
				{Key: "shardId-000000000004", Shard: "shardId-000000000004", Owner: "worker-a", Counter: 7,
					Checkpoint: seven + "7014875766734271297774127047036673485120208962", Parents: []string{"shardId-000000000001", "shardId-000000000003"},
					BytesPerSecond: bytes(2.95e-4)},
			}}},
	} {
		s, client := open(t)
		s.Load(t, "orders", filepath.Join("testdata", filepath.FromSlash(c.file)))
		got, err := Read(t.Context(), client, "orders")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&c.want, got); diff != "" {
			t.Errorf("%s: want (-) and got (+):\n%s", c.file, diff)
		}
	}
}

// Every table of testdata is read without a fault, and has leases.
func TestReadAll(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.*.*", "*.json"))
	if err != nil || len(files) < 7 {
		t.Fatalf("%d tables, %v", len(files), err)
	}
	for _, file := range files {
		s, client := open(t)
		s.Load(t, "orders", file)
		got, err := Read(t.Context(), client, "orders")
		if err != nil || len(got.Leases) == 0 || len(got.Faults) > 0 {
			t.Errorf("%s: got %+v, %v", file, got, err)
		}
	}
}

func TestReadOfSeveralStreams(t *testing.T) {
	s, client := open(t)
	s.Put("orders", "leaseKey",
		`{"leaseKey":{"S":"123456789012:shop:1700000000:shardId-000000000001"},"streamName":{"S":"123456789012:shop:1700000000"},"leaseCounter":{"N":"1"},
		  "checkpoint":{"S":"LATEST"},"parentShardId":{"SS":["shardId-000000000000"]}}`,
		`{"leaseKey":{"S":"123456789012:logs:1600000000:shardId-000000000001"},"leaseCounter":{"N":"1"},"checkpoint":{"S":"AT_TIMESTAMP"}}`,
		`{"leaseKey":{"S":"shardId-000000000007"},"leaseCounter":{"N":"1"},"checkpoint":{"S":"what"}}`,
		`{"leaseKey":{"S":"a:b"},"leaseCounter":{"N":"1"},"checkpoint":{"S":"LATEST"}}`,
		`{"leaseKey":{"S":"shardId-000000000008"},"leaseCounter":{"N":"1.5"},"checkpoint":{"S":"LATEST"}}`,
		`{"leaseKey":{"S":"Migration3.0"},"cv":{"S":"CLIENT_VERSION_3X"}}`,
	)
	got, err := Read(t.Context(), client, "orders")
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Leases) != 2 || got.Leases[0].Stream != (Stream{"123456789012", "logs", 1600000000}) || got.Leases[1].Shard != "shardId-000000000001" {
		t.Errorf("got %+v", got.Leases)
	}
	for i, want := range []string{`checkpoint "what" is no sequence number`, `"a:b" is neither a shard nor`, `leaseCounter "1.5" is no whole number`} {
		if i >= len(got.Faults) || !strings.Contains(got.Faults[i].Error(), want) {
			t.Errorf("faults %v: want %q", got.Faults, want)
		}
	}
}

func TestReadOfNoLeaseTable(t *testing.T) {
	s, client := open(t)
	s.Put("customers", "id", `{"id":{"S":"7"}}`)
	if _, err := Read(t.Context(), client, "order"); !errors.Is(err, ErrNoTable) {
		t.Errorf("got %v, want that there is no such table", err)
	}
	var other *OtherTableError
	s.Deny("Scan") // which it is not to be asked for
	if _, err := Read(t.Context(), client, "customers"); !errors.As(err, &other) || other.Key != "id" {
		t.Errorf("got %v, want that it is a table of something else", err)
	}
	if names, err := Names(t.Context(), client); err != nil || !cmp.Equal(names, []string{"customers"}) {
		t.Errorf("names %q, %v", names, err)
	}
}

// A row is read, or refused with a word on why: what others write into a table never ends the look at it.
func FuzzLease(f *testing.F) {
	f.Add("shardId-000000000000", "49680486035174109806194359783430969645442576596418428930", "6", "0", "2.0E-6")
	f.Add("123456789012:shop:1700000000:shardId-000000000001", "SHARD_END", "0", "", "x")
	f.Fuzz(func(t *testing.T, key, checkpoint, counter, sub, throughput string) {
		l, err := item{
			"leaseKey": &types.AttributeValueMemberS{Value: key}, "checkpoint": &types.AttributeValueMemberS{Value: checkpoint},
			"leaseCounter": &types.AttributeValueMemberN{Value: counter}, "checkpointSubSequenceNumber": &types.AttributeValueMemberN{Value: sub},
			"throughputKBps": &types.AttributeValueMemberN{Value: throughput},
		}.lease()
		if err != nil {
			return
		}
		if _, isSequence := l.Handled(); l.Shard == "" || isSequence == (strings.Trim(l.Checkpoint, "0123456789") != "") || !strings.HasSuffix(key, l.Shard) {
			t.Errorf("key %q, checkpoint %q: got %+v", key, checkpoint, l)
		}
	})
}
