package main

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/base64"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/kstream/kstream/pkg/kinesislocal"
)

// protoStream has the events of inStream in Protobuf, and protoFile what they look like.
const (
	protoStream = "protobuf"
	protoFile   = "event.proto"
)

//go:embed event.proto
var protoSource string

// eventMessage compiles the schema.
func eventMessage() (protoreflect.MessageDescriptor, error) {
	c := protocompile.Compiler{Resolver: &protocompile.SourceResolver{Accessor: protocompile.SourceAccessorFromMap(map[string]string{protoFile: protoSource})}}
	files, err := c.Compile(context.Background(), protoFile)
	if err != nil {
		return nil, fmt.Errorf("reading the events' schema: %w", err)
	}
	return files[0].Messages().ByName("Event"), nil
}

// fillProto puts n events in Protobuf, and returns the bytes of their payloads.
func fillProto(server *kinesislocal.Server, shards, n int) (size int64, err error) {
	event, err := eventMessage()
	if err != nil {
		return 0, err
	}
	e, err := newEvents()
	if err != nil {
		return 0, err
	}
	if err := server.CreateStream(protoStream, shards); err != nil {
		return 0, err
	}
	m := dynamicpb.NewMessage(event)
	for range n {
		key, text := e.next()
		if err := protojson.Unmarshal(text, m); err != nil {
			return 0, fmt.Errorf("making an event of %s: %w", text, err)
		}
		data, err := proto.Marshal(m)
		if err == nil {
			_, _, err = server.Put(protoStream, key, data)
		}
		if err != nil {
			return 0, err
		}
		size += int64(len(data))
	}
	return size, nil
}

// protoFilter is the loop that filters events in Protobuf as filterChain does, and writes those that pass as lines of base64.
type protoFilter struct {
	event           protoreflect.MessageDescriptor
	status, latency protoreflect.FieldDescriptor

	mu sync.Mutex
	w  *bufio.Writer // guarded by mu
}

func newProtoFilter(w *bufio.Writer) (*protoFilter, error) {
	event, err := eventMessage()
	if err != nil {
		return nil, err
	}
	return &protoFilter{event: event, status: event.Fields().ByName("status"), latency: event.Fields().ByName("latency_ms"), w: w}, nil
}

func (l *protoFilter) take(records []types.Record) error {
	var lines []byte
	for i := range records {
		m := dynamicpb.NewMessage(l.event)
		if err := proto.Unmarshal(records[i].Data, m); err != nil {
			return err
		}
		if m.Get(l.status).Int() < 500 && m.Get(l.latency).Int() >= 30 {
			lines = append(base64.StdEncoding.AppendEncode(lines, records[i].Data), '\n')
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err := l.w.Write(lines)
	return err
}

func (l *protoFilter) end() error { return nil }
