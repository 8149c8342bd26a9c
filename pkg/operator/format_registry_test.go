package operator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kstream/kstream/pkg/format/registry"
)

// schemas is a registry with one schema, 7, that is out until a time.
type schemas struct {
	kind  registry.Kind
	out   time.Time
	calls int
}

func (s *schemas) Kind() registry.Kind { return s.kind }
func (s *schemas) Schema(_ context.Context, id registry.ID) (*registry.Schema, error) {
	s.calls++
	switch {
	case time.Now().Before(s.out):
		return nil, errors.New("it is out")
	case id.Number == 8:
		return &registry.Schema{Type: registry.Protobuf, Text: fleet}, nil
	case id.Number == 6 || s.kind == registry.Glue:
		return &registry.Schema{Type: registry.Protobuf, Text: `syntax = "proto3"; package shop;
message Order { message Line { string sku = 1; } repeated Line lines = 1; } message Item { string sku = 1; }`}, nil
	case id.Number != 7:
		return nil, registry.ErrNotFound
	}
	return &registry.Schema{Type: registry.Avro, Text: readingSchema}, nil
}

func confluent(id byte, body string) string { return "\x00\x00\x00\x00" + string(id) + body }

// Payloads name their schema; while the registry is out the lane waits, says so, and loses nothing. That there is no such
// schema is the record's fault.
func TestAvroOfARegistry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &schemas{kind: registry.Confluent, out: time.Now().Add(time.Minute)}
		var said []string
		plan, err := Compile(Config{
			Chain: "decode avro, registry confluent | map device, total", Notice: func(msg string) { said = append(said, msg) },
			Registry: func(name string) (registry.Source, error) {
				if name != "confluent" {
					return nil, fmt.Errorf("it is %s", name)
				}
				return source, nil
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		time.AfterFunc(30*time.Second, func() {
			if !plan.Waiting() {
				t.Error("nobody can tell that the lane waits")
			}
		})
		res := newLane(plan).run(t, confluent(7, "\x04d7\x04"), confluent(9, "\x04d7\x04"), confluent(7, "\x04d8\x06"), "{}")
		if len(res.out) != 2 || res.out[0] != `{"device":"d7","total":2}` || res.out[1] != `{"device":"d8","total":3}` {
			t.Errorf("got %q", res.out)
		}
		if len(res.dead) != 2 || !strings.Contains(res.dead[0], registry.ErrNotFound.Error()) {
			t.Errorf("dead: %q", res.dead)
		}
		if waited := time.Since(began); waited < time.Minute || waited > 2*time.Minute {
			t.Errorf("it took %s", waited)
		}
		if plan.Waiting() {
			t.Error("the lane still waits")
		}
		if len(said) == 0 || !strings.Contains(said[0], "schema 7") {
			t.Errorf("said %q", said)
		}
	})
}

// A registry's header goes before payloads are read by a schema of the chain's own.
func TestHeaders(t *testing.T) {
	proto := writeFile(t, "fleet.proto", fleet)
	message := unbase64(t, "CgJkNxCBgICAgICAEBgB")
	glue := "\x03\x00" + strings.Repeat("u", 16)
	for _, c := range []struct{ name, chain, in, want string }{
		{"JSON of Confluent's", "decode json, header | map n", confluent(1, `{"n":1}`), `{"n":1}`},
		{"JSON of Glue's", "decode json, header | map n", glue + `{"n":1}`, `{"n":1}`},
		{"protobuf of Confluent's", "decode protobuf, file " + proto + ", header | map device", confluent(1, "\x00"+message), `{"device":"d7"}`},
		{"protobuf of Glue's", "decode protobuf, file " + proto + ", header | map device", glue + "\x00" + message, `{"device":"d7"}`},
	} {
		res := newLane(compile(t, c.chain)).run(t, c.in)
		if len(res.out) != 1 || res.out[0] != c.want {
			t.Errorf("%s: got %q, dead %q", c.name, res.out, res.dead)
		}
	}
	if res := newLane(compile(t, "decode json, header | map n")).run(t, `{"n":1}`); len(res.dead) != 1 {
		t.Errorf("without a header: got %q", res.out)
	}
}

// Protobuf payloads name their schema too; one of another language is the record's fault.
func TestProtobufOfARegistry(t *testing.T) {
	source := &schemas{kind: registry.Confluent}
	plan, err := Compile(Config{
		Chain:    "decode protobuf, registry confluent | map device, total",
		Registry: func(string) (registry.Source, error) { return source, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	message := "\x00" + unbase64(t, "CgJkNxAC")
	res := newLane(plan).run(t, confluent(8, message), confluent(7, message), confluent(8, message))
	if len(res.out) != 2 || res.out[1] != `{"device":"d7","total":2}` || len(res.dead) != 1 {
		t.Errorf("got %q, dead %q", res.out, res.dead)
	}
	if source.calls != 2 {
		t.Errorf("the registry was asked %d times for 2 schemas", source.calls)
	}
}

// A payload says which message of its schema it is, and is read as that one: Confluent's by its place, Glue's by its place among
// the names.
func TestMessagesOfARegistry(t *testing.T) {
	glue := "\x03\x00" + strings.Repeat("u", 16)
	const sku = "\x0a\x01x"
	for _, c := range []struct {
		kind registry.Kind
		in   string
		want string
	}{
		{registry.Confluent, confluent(6, "\x00\x0a\x03"+sku), `{"lines":[{"sku":"x"}]}`},
		{registry.Confluent, confluent(6, "\x02\x02"+sku), `{"sku":"x"}`},
		{registry.Confluent, confluent(6, "\x04\x00\x00"+sku), `{"sku":"x"}`},
		{registry.Confluent, confluent(6, "\x02\x04"+sku), "1:decode: the payload is message [2] of the schema, which has no such message"},
		{registry.Glue, glue + "\x00" + sku, `{"sku":"x"}`},
		{registry.Glue, glue + "\x01\x0a\x03" + sku, `{"lines":[{"sku":"x"}]}`},
		{registry.Glue, glue + "\x02" + sku, `{"sku":"x"}`},
		{registry.Glue, glue + "\x03" + sku, "1:decode: the payload is message 3 of the schema, which has 3"},
		{registry.Glue, glue + "\xff", "1:decode: the payload's message index is broken"},
	} {
		res := readOfRegistry(t, c.kind, "", c.in)
		if got := slices.Concat(res.out, res.dead); len(got) != 1 || got[0] != c.want {
			t.Errorf("%x: got %q, want %s", c.in, got, c.want)
		}
	}
	res := readOfRegistry(t, registry.Confluent, ", message shop.Item", confluent(6, "\x00\x0a\x03"+sku), confluent(6, "\x02\x02"+sku))
	if len(res.out) != 1 || len(res.dead) != 1 || !strings.HasSuffix(res.dead[0], "the payload is a message shop.Order: shop.Item is asked for") {
		t.Errorf("got %q, dead %q", res.out, res.dead)
	}
}

func readOfRegistry(t *testing.T, kind registry.Kind, options string, payloads ...string) outcome {
	t.Helper()
	plan, err := Compile(Config{
		Chain:    "decode protobuf, registry " + registries[kind-registry.Confluent] + options + " | encode json",
		Registry: func(string) (registry.Source, error) { return &schemas{kind: kind}, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return newLane(plan).run(t, payloads...)
}
