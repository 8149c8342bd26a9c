package protobuf_test

import (
	"bytes"
	"runtime"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/kstream/kstream/pkg/format/protobuf"
	"github.com/kstream/kstream/pkg/record"
)

func nested(n protowire.Number, depth int) (payload []byte) {
	for range depth {
		payload = protowire.AppendBytes(protowire.AppendTag(nil, n, protowire.BytesType), payload)
	}
	return payload
}

// hostile are payloads that ask for more than they are, for test.Everything.
func hostile() map[string][]byte {
	const many = 1 << 18                                          // bytes
	emptyInners := bytes.Repeat([]byte{0xe2, 0x01, 0x00}, many/3) // each reads as all the zeros that the message has
	url := protowire.AppendBytes([]byte{0x0a}, []byte("x/test.Everything"))
	inAny := []byte{}
	for range 60 {
		inAny = protowire.AppendBytes(append(bytes.Clone(url), 0x12), inAny)
		inAny = protowire.AppendBytes(protowire.AppendTag(nil, 43, protowire.BytesType), inAny)
	}
	groups := bytes.Repeat([]byte{0xa3, 0x06}, many/2)
	pieces := nested(17, 90)
	for len(pieces) < many {
		pieces = append(pieces, pieces...) // one message in a thousand pieces, 90 deep
	}
	return map[string][]byte{
		"deep messages":       nested(17, 2_000),
		"deep groups":         groups,
		"deep values":         nestedValues(2_000),
		"deep Anys":           inAny,
		"a length bomb":       {0xe2, 0x01, 0xff, 0xff, 0xff, 0xff, 0x07},
		"a packed bomb":       {0xc2, 0x01, 0xff, 0xff, 0xff, 0xff, 0x07, 1},
		"packed names":        protowire.AppendBytes(protowire.AppendTag(nil, 29, protowire.BytesType), make([]byte, many)),
		"empty messages":      emptyInners,
		"empty entries":       bytes.Repeat([]byte{0xf2, 0x01, 0x00}, many/3),
		"a message in pieces": pieces,
		"control characters":  protowire.AppendBytes([]byte{0x72}, make([]byte, many)),
	}
}

func nestedValues(depth int) (payload []byte) {
	for range depth {
		payload = protowire.AppendBytes([]byte{0x32}, protowire.AppendBytes([]byte{0x0a}, payload)) // list_value { values {
	}
	return protowire.AppendBytes(protowire.AppendTag(nil, 37, protowire.BytesType), payload)
}

// TestHostilePayloads holds what such a payload may cost: memory and output that grow with its length and nothing else.
func TestHostilePayloads(t *testing.T) {
	s := load(t, "everything.proto", "test.Everything")
	p := paths(everyPath...)
	for name, payload := range hostile() {
		t.Run(name, func(t *testing.T) {
			most := uint64(8<<20 + 200*len(payload)) // all that is allocated: the output has outgrown its array a dozen times
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			doc, err := s.Transcoder().AppendJSON(nil, payload)
			runtime.ReadMemStats(&after)
			if got := after.TotalAlloc - before.TotalAlloc; got > most {
				t.Errorf("reading %d bytes allocated %d, more than %d", len(payload), got, most)
			}
			if n := 1<<20 + 32*len(payload) + 1<<16; len(doc) > n {
				t.Errorf("%d bytes read as %d, more than %d (%v)", len(payload), len(doc), n, err)
			}
			runtime.ReadMemStats(&before)
			_ = s.FieldReader(p).Project(payload, &record.Batch{}, make([]record.Value, len(everyPath))) // an error or none: its cost counts
			runtime.ReadMemStats(&after)
			if got := after.TotalAlloc - before.TotalAlloc; got > most {
				t.Errorf("projecting %d bytes allocated %d, more than %d", len(payload), got, most)
			}
		})
	}
}

// A long message, which a short payload may be that was packed, reads as 64 MiB at most, and so do all its wanted fields.
func TestLongMessages(t *testing.T) {
	const most = 64<<20 + 1<<16
	s := load(t, "everything.proto", "test.Everything")
	payload := bytes.Repeat([]byte{0xe2, 0x01, 0x00}, 1<<20) // 32 times this would be 96 MiB
	if doc, err := s.Transcoder().AppendJSON(nil, payload); err == nil || len(doc) > most {
		t.Errorf("it reads as %d bytes, %v", len(doc), err)
	}
	b := record.NewBatch(0)
	if err := s.FieldReader(paths(everyPath...)).Project(payload, b, make([]record.Value, len(everyPath))); err == nil || b.Size() > most {
		t.Errorf("its fields read as %d bytes, %v", b.Size(), err)
	}
}

// TestHostileFaults holds that each limit says its name.
func TestHostileFaults(t *testing.T) {
	s := load(t, "everything.proto", "test.Everything")
	payloads := hostile()
	for name, want := range map[string]string{
		"deep messages": "messages nest too deep (100)", "deep groups": "messages nest too deep (100)", "deep values": "messages nest too deep (100)",
		"deep Anys": "messages nest too deep (100)", "empty messages": "more JSON than 1 MiB and 32 times its own size",
		"a length bomb": "the message ends early", "a packed bomb": "the message ends early",
		"a message in pieces": "stands in pieces, whose messages stand in pieces, too deep",
	} {
		if _, err := s.Transcoder().AppendJSON(nil, payloads[name]); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}
	deepest := nested(17, protobuf.MaxDepth-1)
	doc, err := s.Transcoder().AppendJSON(nil, deepest)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.Transcriber().AppendPayload(nil, doc); err != nil || !bytes.Equal(again, deepest) {
		t.Errorf("the deepest message that can be read is written as %x, %v", again, err)
	}
	tooDeep := strings.Repeat(`{"inner":`, protobuf.MaxDepth) + "{}" + strings.Repeat("}", protobuf.MaxDepth)
	if _, err := s.Transcriber().AppendPayload(nil, []byte(tooDeep)); err == nil || !strings.Contains(err.Error(), "too deep") {
		t.Errorf("a deeper one is written: %v", err)
	}
}
