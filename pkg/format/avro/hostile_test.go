package avro

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/twmb/avro/ocf"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/record"
)

// allocated returns how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// doubling is a schema of n records each of which has the one before twice. The first takes no bytes at all, so that a
// payload of nothing reads as 2^n objects.
func doubling(n int) string {
	out := `{"type":"record","name":"R0","fields":[]}`
	for i := range n {
		out = fmt.Sprintf(`{"type":"record","name":"R%d","fields":[{"name":"a","type":%s},{"name":"b","type":"R%d"}]}`, i+1, out, i)
	}
	return out
}

// TestHostile holds that payloads of a few bytes cost no more than a bound, and are errors.
func TestHostile(t *testing.T) {
	for _, tt := range []struct {
		name, schema, payload string
		bytes                 uint64
	}{
		{"a list of 2^60", single(`{"type":"array","items":"long"}`), l(1 << 60), 1 << 16},
		{"a list of 2^60 nulls", single(`{"type":"array","items":"null"}`), l(1 << 60), 1 << 16},
		{"a map of 2^60", single(`{"type":"map","values":"null"}`), l(1 << 60), 1 << 16},
		{"a string of 2^60", single(`"string"`), l(1 << 60), 1 << 16},
		{"blocks of nulls", single(`{"type":"array","items":"null"}`), strings.Repeat(l(maxEmpty), 1000), 1 << 24},
		{"doubling", doubling(40), "", 1 << 23},
		{"a record in itself", `{"type":"record","name":"A","fields":[{"name":"a","type":"A"},{"name":"b","type":"A"}]}`, "", 1 << 23},
		{"a deep chain", single(`["null","R"]`), strings.Repeat(l(1), 100_000), 1 << 23},
		{"long names", `{"type":"record","name":"A","fields":[{"name":"` + strings.Repeat("x", 1<<16) + `","type":{"type":"array","items":["null","A"]}}]}`,
			l(1000) + strings.Repeat(l(1)+l(0), 1000), 1 << 24},
	} {
		s := parsed(t, tt.schema)
		var err error
		d := NewDecoder(s)
		if got := allocated(func() { _, err = d.AppendJSON(nil, []byte(tt.payload)) }); got > tt.bytes || err == nil {
			t.Errorf("%s: allocates %d bytes, want at most %d (%v)", tt.name, got, tt.bytes, err)
		}
		p := format.NewProjection()
		p.Want(format.Path{Names: []string{"no", "such"}, Dotted: 1}, 0)
		b := record.NewBatch(1)
		b.Fill(nil, []record.Record{{}})
		r := NewProjector(s, p)
		if got := allocated(func() { _ = r.Project([]byte(tt.payload), b, b.Row(&b.Records[0])) }); got > tt.bytes {
			t.Errorf("%s: the projection allocates %d bytes, want at most %d", tt.name, got, tt.bytes)
		}
	}
}

// TestHostileFiles holds it for files, whose schema is the sender's too.
func TestHostileFiles(t *testing.T) {
	tiny := container(t, `{"type":"record","name":"T","fields":[{"name":"b","type":"boolean"}]}`, nil)
	mark := tiny[len(tiny)-syncLen:]
	zeros := make([]byte, 2<<20)
	many, err := ocf.DeflateCodec(9).Compress(zeros)
	if err != nil {
		t.Fatal(err)
	}
	packedTiny := container(t, `{"type":"record","name":"T","fields":[{"name":"b","type":"boolean"}]}`, nil, ocf.WithCodec(ocf.DeflateCodec(9)))
	packedMark := packedTiny[len(packedTiny)-syncLen:]
	for _, tt := range []struct {
		name    string
		payload []byte
	}{
		{"2^60 records of nothing", append(container(t, `{"type":"record","name":"T","fields":[]}`, nil), append([]byte(l(1<<60)+l(0)), mark...)...)},
		{"blocks of them", append(container(t, `{"type":"record","name":"T","fields":[]}`, nil), bytes.Repeat(append([]byte(l(maxEmpty)+l(0)), mark...), 100)...)},
		{"2 Mi records of a byte", append(packedTiny, append([]byte(l(int64(len(zeros)))+l(int64(len(many)))+string(many)), packedMark...)...)},
		{"doubling", append(container(t, doubling(40), nil), append([]byte(l(1)+l(0)), mark...)...)},
		{"a schema of brackets", []byte(magic + l(1) + b("avro.schema") + b(strings.Repeat("[", maxSchemaText)) + l(0) + strings.Repeat("x", syncLen))},
		{"a huge schema", []byte(magic + l(1) + b("avro.schema") + b(strings.Repeat(" ", maxSchemaText+1)) + l(0) + strings.Repeat("x", syncLen))},
	} {
		var err error
		n := 0
		got := allocated(func() {
			err = NewFiles(0).Split(tt.payload, record.NewBatch(0), func([]byte) error { n++; return nil })
		})
		if err == nil || got > 256<<20 || n > maxOutput/recordCost {
			t.Errorf("%s: %d records for %d bytes of memory (%v)", tt.name, n, got, err)
		}
	}
}

// FuzzEncode holds that whatever a document is, it is written as something that reads again, or refused.
func FuzzEncode(f *testing.F) {
	var schemas []*Schema
	for i, text := range []string{event, times, kitchen} {
		schemas = append(schemas, parsed(f, text))
		f.Add(byte(i), []byte(`{"date":"2023-01-01","dec":1.5,"list":[1,null,"x"],"next":{"b":true}}`))
	}
	f.Add(byte(1), []byte(`{"date":"2023-01-01","tm":"01:02:03.4","tu":5,"im":"2023-01-01T00:00:00Z","iu":1,"in":-1,"lm":"2023-01-01T00:00:00","lu":0,"ln":0,`+
		`"dec":-1.5,"fd":12,"big":1e-5,"id":"b7b4a7f0-9c96-4e4a-a687-fb5de9ef0c63","span":"P1DT1.5S"}`))
	f.Fuzz(func(t *testing.T, which byte, doc []byte) {
		s := schemas[int(which)%len(schemas)]
		payload, err := NewEncoder(s, nil).AppendPayload(nil, doc)
		if err != nil {
			return
		}
		first, err := NewDecoder(s).AppendJSON(nil, payload)
		if err != nil {
			if strings.Contains(err.Error(), "more JSON") {
				return
			}
			t.Fatalf("%s is written as %x: %v", doc, payload, err)
		}
		again, err := NewEncoder(s, nil).AppendPayload(nil, first)
		if err != nil {
			t.Fatalf("%s does not go back: %v", first, err)
		}
		if second, err := NewDecoder(s).AppendJSON(nil, again); err != nil || !bytes.Equal(first, second) {
			t.Fatalf("read again it is %s, it was %s (%v)", second, first, err)
		}
	})
}

// TestDepth holds that what is read can be written, at any depth, and that more is refused both ways.
func TestDepth(t *testing.T) {
	s := parsed(t, single(`["null","R"]`))
	for _, deep := range []int{maxDepth - 1, maxDepth} {
		payload := strings.Repeat(l(1), deep) + l(0)
		doc, err := NewDecoder(s).AppendJSON(nil, []byte(payload))
		if (err == nil) != (deep < maxDepth) {
			t.Fatalf("%d records in each other: %v", deep+1, err)
		}
		if err != nil {
			doc = []byte(strings.Repeat(`{"v":`, deep+1) + "null" + strings.Repeat("}", deep+1))
		}
		again, err := NewEncoder(s, nil).AppendPayload(nil, doc)
		if (err == nil) != (deep < maxDepth) || err == nil && string(again) != payload {
			t.Fatalf("%d records in each other are written as %d bytes: %v", deep+1, len(again), err)
		}
		if err != nil && len(err.Error()) > 2*maxWay {
			t.Errorf("the error has %d bytes", len(err.Error()))
		}
	}
}
