package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"

	"github.com/kstream/kstream/pkg/kinesislocal"
)

// inStream is what is read, outStream what SINK=kinesis writes to.
const (
	inStream  = "in"
	outStream = "out"
)

// filled is what a server's process says of itself when it is ready.
type filled struct {
	URL     string
	Records int
	Bytes   int64 // payloads
	Proto   int64 // payloads of protoStream
}

// serve fills a stream and answers calls until in ends, so that it never outlives who started it. It prints one line of
// JSON, a filled, once it answers.
func serve(ctx context.Context, s *settings, in io.Reader, out, _ io.Writer) error {
	// Without limits: what is measured is the client, and the service's 2 MB/s a shard would have it wait.
	server, err := kinesislocal.New(kinesislocal.Config{Limits: &kinesislocal.Limits{}})
	if err != nil {
		return err
	}
	f, err := fill(server, s)
	if err != nil {
		return fmt.Errorf("filling stream %q: %w", inStream, err)
	}
	if err := server.Start(); err != nil {
		return err
	}
	f.URL = server.URL()
	if err := json.NewEncoder(out).Encode(f); err != nil {
		return errors.Join(err, server.Close())
	}
	ended := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, in)
		ended <- err
	}()
	select {
	case <-ctx.Done():
	case err = <-ended:
	}
	return errors.Join(err, server.Close())
}

func fill(server *kinesislocal.Server, s *settings) (filled, error) {
	var f filled
	e, err := newEvents()
	if err != nil {
		return f, err
	}
	if err := server.CreateStream(inStream, s.shards); err != nil {
		return f, err
	}
	for ; f.Bytes < s.bytes; f.Records++ {
		key, data := e.next()
		if _, _, err := server.Put(inStream, key, data); err != nil {
			return f, err
		}
		f.Bytes += int64(len(data))
	}
	f.Proto, err = fillProto(server, s.shards, f.Records)
	return f, err
}

// startServer starts self's serve in a process of its own, whose processor time counts for nobody, and returns what it
// said and what stops it. It blocks until the stream is filled.
func startServer(ctx context.Context, self string, s *settings) (f filled, stop func() error, err error) {
	c := exec.CommandContext(ctx, self, "serve", "-bytes", fmt.Sprint(s.bytes), "-shards", fmt.Sprint(s.shards))
	var errOut bytes.Buffer
	c.Stderr = &errOut
	c.Env = environment(nil)
	in, err := c.StdinPipe()
	if err != nil {
		return f, nil, err
	}
	out, err := c.StdoutPipe()
	if err != nil {
		return f, nil, err
	}
	if err := c.Start(); err != nil {
		return f, nil, fmt.Errorf("starting the server: %w", err)
	}
	stop = func() error {
		err := in.Close()
		if ended := c.Wait(); ended != nil {
			err = fmt.Errorf("running the server: %w: %s", ended, bytes.TrimSpace(errOut.Bytes()))
		}
		return err
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &f)
	}
	if err != nil {
		return f, nil, fmt.Errorf("starting the server: %w", errors.Join(err, stop()))
	}
	return f, stop, nil
}
