package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync/atomic"

	"github.com/fxamacker/cbor/v2"
	"golang.org/x/sync/errgroup"
)

// barePage is the records that the bare reader asks for. Pages of 10,000 leave the processor's cache and cost it twice as
// much.
const barePage = 1000

// bareReader is contender (b): the least that a Go program can do for a stream. It reads the pages' bodies in CBOR, looks
// at nothing but where to go on, and writes as many bytes as the payloads have. None of kstream's code runs in it, no
// request is signed and no record is seen.
type bareReader struct {
	url, stream string
	file        *os.File
	left        atomic.Int64 // bytes that are still to be written
}

func readBodies(ctx context.Context, s *settings, _ io.Reader, out, _ io.Writer) error {
	file, err := os.Create(s.file)
	if err != nil {
		return err
	}
	b := &bareReader{url: s.url, stream: s.stream, file: file}
	b.left.Store(s.output)
	var list struct{ Shards []struct{ ShardId string } }
	if err := b.ask(ctx, "ListShards", map[string]any{"StreamName": b.stream}, &list); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	for _, shard := range list.Shards {
		g.Go(func() error {
			if err := b.read(ctx, shard.ShardId); err != nil {
				return fmt.Errorf("reading shard %q: %w", shard.ShardId, err)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if n := b.left.Load(); n > 0 {
		return fmt.Errorf("the bodies are %d bytes short of what was to be written", n)
	}
	if err := finish(file); err != nil {
		return err
	}
	return reportMemory(out)
}

func (b *bareReader) read(ctx context.Context, shard string) error {
	var first struct{ ShardIterator string }
	in := map[string]any{"StreamName": b.stream, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
	if err := b.ask(ctx, "GetShardIterator", in, &first); err != nil {
		return err
	}
	var body bytes.Buffer
	for iterator := first.ShardIterator; ; {
		in, err := cbor.Marshal(map[string]any{"ShardIterator": iterator, "Limit": barePage})
		if err != nil {
			return err
		}
		body.Reset()
		if err := b.call(ctx, "GetRecords", "application/x-amz-cbor-1.1", in, &body); err != nil {
			return err
		}
		page := body.Bytes()
		part := page[:max(0, min(int64(len(page)), b.left.Add(-int64(len(page)))+int64(len(page))))]
		if _, err := b.file.Write(part); err != nil {
			return err
		}
		behind := -1
		if err := errors.Join(member(page, "MillisBehindLatest", &behind), member(page, "NextShardIterator", &iterator)); err != nil || behind == 0 {
			return err
		}
	}
}

// member reads the value of a member that comes behind the records, as the server's pages have it.
func member(page []byte, name string, into any) error {
	at := bytes.LastIndex(page, []byte(name))
	if at < 0 {
		return fmt.Errorf("there is no %s in the page", name)
	}
	if _, err := cbor.UnmarshalFirst(page[at+len(name):], into); err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	return nil
}

// ask makes a call in JSON.
func (b *bareReader) ask(ctx context.Context, operation string, in, out any) error {
	text, err := json.Marshal(in)
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := b.call(ctx, operation, "application/x-amz-json-1.1", text, &body); err != nil {
		return err
	}
	return json.Unmarshal(body.Bytes(), out)
}

// call sends in and reads the answer into body.
func (b *bareReader) call(ctx context.Context, operation, media string, in []byte, body *bytes.Buffer) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.url, bytes.NewReader(in))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", media)
	r.Header.Set("X-Amz-Target", "Kinesis_20131202."+operation)
	r.Header.Set("Authorization", "none")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body.Grow(max(0, int(answer.ContentLength)) + bytes.MinRead) // MinRead: so that ReadFrom finds the end without growing
	if _, err := body.ReadFrom(answer.Body); err != nil {
		return fmt.Errorf("reading the answer to %s: %w", operation, err)
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s: %.200s", operation, answer.Status, body.Bytes())
	}
	return nil
}
