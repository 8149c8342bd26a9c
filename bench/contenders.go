package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The chains that are measured. digest does the same to a line with encoding/json, which is how it is known what they have
// to give.
const (
	filterChain = `filter status < 500 && latency_ms >= 30`
	mapChain    = `map ts, service, status`
	countChain  = `timestamp ts | key_by user_id | window tumbling 1m | aggregate requests = count()`
	protoChain  = `decode protobuf, file "` + protoFile + `" | ` + filterChain
	p99Chain    = `timestamp ts | key_by device | window tumbling 1h | aggregate p99 = quantile(latency_ms, 0.99)`
)

// contender is a program that reads the whole stream once, in a process of its own.
type contender struct {
	name    string
	command string            // one of ours: sdk, bodies; empty: kstream run
	set     map[string]string // kstream's variables, besides those that all runs have
	as      string            // what has to come out: a digest of the raw lines treated so; empty: as many bytes
	loop    string            // the (a) that does the same; empty: stockName
	stream  string            // what is read; empty: inStream
}

// The names that ratios are made against.
const (
	bareName  = "bodies read and not looked at, cbor (b)"
	stockName = "loop over the stock SDK, json (a)"
	rawName   = "kstream, raw to file, cbor"

	stockCountName = "loop over the stock SDK, minute count (a)"
	stockP99Name   = "loop over the stock SDK, p99 by key (a)"
	stockProtoName = "loop over the stock SDK, Protobuf filter (a)"
)

var contenders = []*contender{
	{name: bareName, command: "bodies"},
	{name: stockName, command: "sdk", as: "raw"},
	{name: "kstream, raw to file, json", as: "raw", set: toFile("json", "")},
	{name: rawName, as: "raw", set: toFile("cbor", "")},
	{name: "kstream, filter over two fields, json", as: "filter", set: toFile("json", filterChain)},
	{name: "kstream, filter over two fields, cbor", as: "filter", set: toFile("cbor", filterChain)},
	{name: "kstream, map of three fields, cbor", as: "map", set: toFile("cbor", mapChain)},
	{name: stockProtoName, command: "sdk", as: "protobuf", loop: stockProtoName, stream: protoStream},
	{name: "kstream, Protobuf filter over two fields, json", as: "protobuf", loop: stockProtoName, stream: protoStream, set: toBase64("json")},
	{name: "kstream, Protobuf filter over two fields, cbor", as: "protobuf", loop: stockProtoName, stream: protoStream, set: toBase64("cbor")},
	{name: stockCountName, command: "sdk", as: "count", loop: stockCountName},
	{name: "kstream, keyed minute count, json", as: "count", loop: stockCountName, set: toFile("json", countChain)},
	{name: "kstream, keyed minute count, cbor", as: "count", loop: stockCountName, set: toFile("cbor", countChain)},
	{name: stockP99Name, command: "sdk", as: "p99", loop: stockP99Name},
	{name: "kstream, p99 by 100,000 keys, cbor", as: "p99", loop: stockP99Name, set: toFile("cbor", p99Chain)},
	{name: "kstream, raw to a stream, cbor", as: "raw", set: map[string]string{
		"KSTREAM_WIRE": "cbor", "KSTREAM_SINK": "kinesis", "KSTREAM_SINK_STREAM": outStream}},
}

func toFile(wire, chain string) map[string]string {
	return map[string]string{"KSTREAM_WIRE": wire, "KSTREAM_OPERATORS": chain, "KSTREAM_SINK": "file"}
}

// toBase64 is toFile for protoChain: what passes goes out as it came, in base64, since lines can't hold it.
func toBase64(wire string) map[string]string {
	set := toFile(wire, protoChain)
	set["KSTREAM_SINK_FRAMING"] = "base64"
	return set
}

// source returns the stream that c reads.
func (c *contender) source() string { return cmp.Or(c.stream, inStream) }

// toStream reports whether c writes to outStream and not to a file.
func (c *contender) toStream() bool { return c.set["KSTREAM_SINK"] == "kinesis" }

// scene is what all contenders find.
type scene struct {
	self, kstream string // the binaries
	filled
	dir string // for what is written
}

// written is the file that a contender's run below dir leaves behind.
func written(dir string) string { return filepath.Join(dir, "out.jsonl") }

// process returns c as a process that has not been started. dir is its own and empty.
func (c *contender) process(ctx context.Context, s *scene, dir string) *exec.Cmd {
	if c.command != "" {
		p := exec.CommandContext(ctx, s.self, c.command, "-url", s.URL, "-file", written(dir), "-output", fmt.Sprint(s.Bytes), "-as", c.as, "-stream", c.source())
		p.Env = environment(nil)
		return p
	}
	set := map[string]string{
		"KSTREAM_STREAM": c.source(), "KSTREAM_UNTIL": "now", "KSTREAM_POLL_INTERVAL": "0s", "KSTREAM_HTTP_ADDR": "none",
		"KSTREAM_STATE_DIR": filepath.Join(dir, "state"), "KSTREAM_LOG_LEVEL": "warn",
		"AWS_ENDPOINT_URL": s.URL, "AWS_REGION": region, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
	}
	if !c.toStream() {
		set["KSTREAM_FILE_PATH"] = written(dir)
	}
	maps.Copy(set, c.set)
	p := exec.CommandContext(ctx, s.kstream, "run")
	p.Dir = s.dir // where protoFile is
	p.Env = environment(set)
	return p
}

// environment returns the process's own less what is meant for kstream and the SDK, and set.
func environment(set map[string]string) []string {
	env := []string{"AWS_CONFIG_FILE=" + os.DevNull, "AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull}
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "KSTREAM_") && !strings.HasPrefix(entry, "AWS_") {
			env = append(env, entry)
		}
	}
	for name, value := range set {
		env = append(env, name+"="+value)
	}
	return env
}
