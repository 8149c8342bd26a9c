package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"

	"github.com/DataDog/sketches-go/ddsketch"
	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"golang.org/x/sync/errgroup"
)

const (
	// stockPage is the records that the loop asks for: what the service gives where nothing is said, and where the loop is
	// fastest. Pages of 1,000 cost it a tenth more.
	stockPage = 10_000
	// fileBuffer is what a contender collects before it writes.
	fileBuffer = 1 << 20
	region     = "us-east-1"
)

// plainBody hands net/http a request body that closing does not end. The SDK closes its own as soon as the response's
// headers have come, which tears down connections in the middle of the response: without this the loop is ten times
// slower for a reason that is not the SDK's decoding.
type plainBody struct{ inner aws.HTTPClient }

// Do sends req with its body copied into memory.
func (c plainBody) Do(req *http.Request) (*http.Response, error) {
	if req.Body == nil {
		return c.inner.Do(req)
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, fmt.Errorf("reading request body: %w", err)
	}
	plain := *req
	plain.Body = io.NopCloser(bytes.NewReader(body))
	return c.inner.Do(&plain)
}

// stockClient returns the SDK's client as it comes, but for plainBody.
func stockClient(url string) *kinesis.Client {
	return kinesis.New(kinesis.Options{
		BaseEndpoint: aws.String(url), Region: region, HTTPClient: plainBody{awshttp.NewBuildableClient()},
		Credentials: credentials.NewStaticCredentialsProvider("x", "x", ""),
	})
}

// readWithSDK is contender (a): what one writes first with the SDK. It reads each shard in a goroutine up to the tip, and
// writes the payloads as lines to a file, or what it counts of them. None of kstream's code runs in it.
func readWithSDK(ctx context.Context, s *settings, _ io.Reader, out, _ io.Writer) error {
	client := stockClient(s.url)
	shards, err := client.ListShards(ctx, &kinesis.ListShardsInput{StreamName: &s.stream})
	if err != nil {
		return err
	}
	file, err := os.Create(s.file)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(file, fileBuffer)
	loop, err := newLoop(s.as, w)
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	for _, shard := range shards.Shards {
		g.Go(func() error {
			if err := readShard(ctx, client, s.stream, *shard.ShardId, loop); err != nil {
				return fmt.Errorf("reading shard %q: %w", *shard.ShardId, err)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if err := errors.Join(loop.end(), w.Flush()); err != nil {
		return err
	}
	if err := finish(file); err != nil {
		return err
	}
	return reportMemory(out)
}

// loop is what the goroutines of all shards do with their pages.
type loop interface {
	take(records []types.Record) error
	end() error // behind the last page
}

func newLoop(as string, w *bufio.Writer) (loop, error) {
	switch as {
	case "raw":
		return &lineWriter{w: w}, nil
	case "count":
		return &minuteCounter{out: json.NewEncoder(w), counts: map[minuteOfUser]int{}}, nil
	case "protobuf":
		return newProtoFilter(w)
	case "p99":
		return &quantiler{out: json.NewEncoder(w), sketches: map[hourOfDevice]*ddsketch.DDSketch{}}, nil
	}
	return nil, fmt.Errorf("there is no loop that makes %q", as)
}

func readShard(ctx context.Context, client *kinesis.Client, stream, shard string, l loop) error {
	first, err := client.GetShardIterator(ctx, &kinesis.GetShardIteratorInput{StreamName: &stream, ShardId: &shard, ShardIteratorType: types.ShardIteratorTypeTrimHorizon})
	if err != nil {
		return err
	}
	for iterator := first.ShardIterator; iterator != nil; {
		page, err := client.GetRecords(ctx, &kinesis.GetRecordsInput{ShardIterator: iterator, Limit: aws.Int32(stockPage)})
		if err != nil {
			return err
		}
		if err := l.take(page.Records); err != nil {
			return err
		}
		if aws.ToInt64(page.MillisBehindLatest) == 0 {
			return nil
		}
		iterator = page.NextShardIterator
	}
	return nil
}

// lineWriter is one file that all shards write to, a page at a time.
type lineWriter struct {
	mu sync.Mutex
	w  *bufio.Writer // guarded by mu
}

func (l *lineWriter) take(records []types.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range records {
		l.w.Write(records[i].Data) //nolint:errcheck // the first error stays, and the next line returns it
		if err := l.w.WriteByte('\n'); err != nil {
			return err
		}
	}
	return nil
}

func (l *lineWriter) end() error { return nil }

// finish makes what has been written durable, as kstream's file sink does.
func finish(file *os.File) error {
	if err := file.Sync(); err != nil {
		return err
	}
	return file.Close()
}
