package operator

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
)

// writeFile puts text into a file of the test's own, and returns its name as a chain has it.
func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return `"` + path + `"`
}

// A slice of payloads that unpack to much more, or read as much more, is handled in rounds: memory is what one of them needs,
// and nothing is lost, repeated or out of order.
func TestSliceOfBombs(t *testing.T) {
	const payloads, room, one = 16, 4 << 20, 1<<20 + 1<<16
	long := strings.Repeat("x", 1<<20)
	schema := ", file " + writeFile(t, "all.proto", `syntax = "proto3"; message All { repeated One one = 1; } message One { string a_long_name = 1; }`)
	var packed, several, wire []string
	for i := range payloads {
		packed = append(packed, gzipped(t, fmt.Sprintf(`{"n":%d,"s":%q}`, i, long)))
		several = append(several, gzipped(t, fmt.Sprintf("{\"n\":%d,\"s\":%q}\n{\"n\":%d}", i, long, i)))
		wire = append(wire, strings.Repeat("\x0a\x00", 20_000))
	}
	for _, c := range []struct {
		name, chain string
		in          []string
		each        string // of the n-th payload
		rounds      int    // at least
	}{
		{"json", "sample 100% | limit 1000 | decode json | map n", packed, "{\"n\":%d}", 3},
		{"text", "decode text | encode text \"{text[5:text | indexOf(',')]}\"", packed, "%d", 3},
		{"several records", "decode ndjson | filter s == nil | map n", several, "{\"n\":%d}", 3},
		{"protobuf", "decode protobuf" + schema + ", message All | map n = len(one) - 20000 + int(meta.subsequence)", wire, "{\"n\":%d}", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := newLane(compile(t, c.chain)).run(t, c.in...)
			var want []string
			for i := range payloads {
				want = append(want, fmt.Sprintf(c.each, i))
			}
			if diff := cmp.Diff(want, res.out); diff != "" || res.dead != nil {
				t.Errorf("dead %q, wanted (-) and got (+) differ:\n%s", res.dead, diff)
			}
			if res.rounds < c.rounds || res.most > room+one {
				t.Errorf("%d rounds, in one of which %d bytes were kept", res.rounds, res.most)
			}
		})
	}
}

// A payload of a few KiB holds as many records as have room, and no more, whatever it unpacks to.
func TestRecordsOfAPayload(t *testing.T) {
	message := ", file " + writeFile(t, "empty.proto", `syntax = "proto3"; message Empty { int64 n = 1; }`)
	for _, c := range []struct{ name, chain, begin, each, end, want string }{
		{"lines", "decode ndjson | filter n == 1", "", "{}\n", "", "1:decode: the payload holds more than 262144 records"},
		{"rows", "decode csv, header | filter n == 1", "n\n", "2\n", "", "1:decode: the payload holds more than 262144 records"},
		{"messages", "decode protobuf" + message + ", delimited | filter n == 1", "", "\x00", "", "1:decode: the payload holds more than 262144 records"},
		{"elements", "flat_map l | filter n == 1", "{\"l\":[{}", ",{}", "]}", "1:flat_map: the list has more than 262144 elements"},
	} {
		t.Run(c.name, func(t *testing.T) {
			payload := func(n int) string {
				return gzipped(t, c.begin+strings.Repeat(c.each, n)+c.end)
			}
			few := maxParts - len(c.end)/2 // the list has one element to begin with
			if res := newLane(compile(t, c.chain)).run(t, payload(few)); res.dead != nil {
				t.Errorf("%d of them: %d dead, the first %q", few, len(res.dead), res.dead[0])
			}
			res := newLane(compile(t, c.chain)).run(t, payload(few+1))
			if len(res.dead) != 1 || res.dead[0] != c.want || res.out != nil {
				t.Errorf("one more: %d out, %d dead, want one %q", len(res.out), len(res.dead), c.want)
			}
		})
	}
}

func unbase64(t *testing.T, text string) string {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var out strings.Builder
	w := gzip.NewWriter(&out)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const fleet = `syntax = "proto3"; package fleet;
message Reading { string device = 1; int64 total = 2; Status status = 3; repeated double values = 4; }
enum Status { OK = 0; FAILED = 1; }`

const readingSchema = `{"type":"record","name":"Reading","fields":[{"name":"device","type":"string"},{"name":"total","type":"long"}]}`

// What goes in by one format comes out by another, as it came where nothing changes it, and packed payloads are unpacked.
func TestFormats(t *testing.T) {
	proto, avsc := writeFile(t, "fleet.proto", fleet), writeFile(t, "reading.avsc", readingSchema)
	protobuf := ", file " + proto + ", message fleet.Reading"
	message := unbase64(t, "CgJkNxCBgICAgICAEBgB") // device d7, total 2^53+1, FAILED
	for _, c := range []struct{ name, chain, in, want string }{
		{"JSON, packed, as it came", "filter n > 1", gzipped(t, `{"n": 2}`), gzipped(t, `{"n": 2}`)},
		{"JSON, packed and changed", "set m = n + 1", gzipped(t, `{"n": 2}`), `{"n": 2,"m":3}`},
		{"text, packed", "decode text | filter text contains \"a\" | encode json", gzipped(t, "banana"), `{"text":"banana"}`},
		{"protobuf as it came", "decode protobuf" + protobuf + ` | filter status == "FAILED"`, message, message},
		{"protobuf as JSON", "decode protobuf" + protobuf + " | encode json", message, `{"device":"d7","total":9007199254740993,"status":"FAILED","values":[]}`},
		{"two fields of protobuf", "decode protobuf" + protobuf + " | map device, total", message, `{"device":"d7","total":9007199254740993}`},
		{"protobuf with a field more", "decode protobuf" + protobuf + " | keep device | set more = total ?? 0", message, `{"device":"d7","more":0}`},
		{"to protobuf", "encode protobuf" + protobuf, `{"device":"d7","total":9007199254740993,"status":"FAILED"}`, message},
		{"protobuf from other fields", "map device = id, total = n, status = \"FAILED\" | encode protobuf" + protobuf, `{"id":"d7","n":9007199254740993}`, message},
		{"packed protobuf", "decode protobuf" + protobuf + " | map device", gzipped(t, message), `{"device":"d7"}`},
		{"to avro and back", "decode avro, file " + avsc + " | set total = total + 1 | encode avro, file " + avsc, "\x04d7\x04", "\x04d7\x06"},
		{"avro, single objects", "encode avro, file " + avsc + ", single | ", `{"device":"d7","total":2}`, ""},
		{"msgpack", "decode msgpack | filter n == 2 | encode json", "\x81\xa1n\x02", `{"n":2}`},
		{"to msgpack", "encode msgpack", `{"n":2}`, "\x81\xa1n\x02"},
		{"cbor", "decode cbor | map n", "\xa1\x61n\x02", `{"n":2}`},
		{"a window over protobuf", "decode protobuf" + protobuf + " | map device | encode logfmt", message, `device=d7`},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := newLane(compile(t, strings.TrimSuffix(c.chain, " | "))).run(t, c.in)
			if c.want == "" {
				if len(res.out) != 1 || !strings.HasPrefix(res.out[0], "\xc3\x01") {
					t.Errorf("got %q, dead %q", res.out, res.dead)
				}
				return
			}
			if len(res.out) != 1 || res.out[0] != c.want {
				t.Errorf("got %q, dead %q, want %q", res.out, res.dead, c.want)
			}
		})
	}
}

// A payload that holds several records is refused whole where one of them can't be read, and a bomb is no more than a dead
// letter.
func TestFormatsRefuse(t *testing.T) {
	proto := writeFile(t, "fleet.proto", fleet)
	for _, c := range []struct{ name, chain, in, want string }{
		{"one line of many", "decode ndjson", "{\"n\":1}\n{\"n\":", "1:decode: "},
		{"a bomb", "filter n == 1", gzipped(t, strings.Repeat(" ", 64<<20)), "1:decode: unpacking gzip: "},
		{"cut short", "filter n == 1", gzipped(t, `{"n":1}`)[:20], "1:decode: unpacking gzip: "},
		{"not by the schema", "decode protobuf, file " + proto, "\xff\xff\xff", "1:decode: "},
		{"a wrong type", "encode protobuf, file " + proto, `{"total":"many"}`, "encode: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			lane := newLane(compile(t, c.chain))
			res := lane.run(t, c.in)
			if len(res.out) != 0 || len(res.dead) != 1 || !strings.HasPrefix(res.dead[0], c.want) {
				t.Errorf("got %q, dead %q, want one that begins with %q", res.out, res.dead, c.want)
			}
		})
	}
}

// Reading only what is asked for gives what the whole record gives.
func TestFieldsStraight(t *testing.T) {
	proto, avsc := writeFile(t, "fleet.proto", fleet), writeFile(t, "reading.avsc", readingSchema)
	for _, c := range []struct{ format, in string }{
		{"logfmt", `device=d7 total=2 note="a b"`},
		{"csv, names [device, total number, note]", `d7,2,"a b"`},
		{"csv, names [device, total, note], delimiter tab", "d7\t2\ta b"},
		{"msgpack", "\x83\xa6device\xa2d7\xa5total\x02\xa4note\xa3a b"},
		{"cbor", "\xa3\x66device\x62d7\x65total\x02\x64note\x63a b"},
		{"protobuf, file " + proto + ", message fleet.Reading", unbase64(t, "CgJkNxAC")},
		{"avro, file " + avsc, "\x04d7\x04"},
	} {
		want := `{"device":"d7","total":2}`
		for _, chain := range []string{"map device, total", "keep device, total | map device, total"} {
			res := newLane(compile(t, "decode "+c.format+" | "+chain)).run(t, c.in)
			if len(res.out) != 1 || res.out[0] != want {
				t.Errorf("%s | %s: got %q, dead %q, want %s", c.format, chain, res.out, res.dead, want)
			}
		}
	}
}

// decode auto reads each payload as what it looks like, and tells once of each kind.
func TestAuto(t *testing.T) {
	var told []string
	plan, err := Compile(Config{Chain: "decode auto | filter level != \"info\"", Notice: func(text string) { told = append(told, text) }})
	if err != nil {
		t.Fatal(err)
	}
	res := newLane(plan).run(t,
		`{"level":"error","n":1}`, `{"level":"info","n":2}`, "level=error n=3 msg=x", gzipped(t, `{"level":"error","n":4}`),
		"just a line", "{\"level\":\"error\",\"n\":5}\n{\"level\":\"error\",\"n\":6}\n", "\xff\xfe\x00\x01\x02",
	)
	want := []string{
		`{"level":"error","n":1}`, `{"level":"error","n":3,"msg":"x"}`, `{"level":"error","n":4}`, `{"text":"just a line"}`,
		`{"level":"error","n":5}`, `{"level":"error","n":6}`,
	}
	if diff := cmp.Diff(want, res.out); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(res.dead) != 1 || !strings.Contains(res.dead[0], "no telling") {
		t.Errorf("dead: %q", res.dead)
	}
	kinds := []string{"JSON", "logfmt", "JSON, gzip", "text", "binary"}
	for _, kind := range kinds {
		if !slices.ContainsFunc(told, func(s string) bool { return strings.Contains(s, "shardId-000000000000: "+kind) }) {
			t.Errorf("nobody was told of %s: %q", kind, told)
		}
	}
	if len(told) != 6 {
		t.Errorf("told %q", told)
	}
}

// A field that the schema does not have is a fault of the chain, with the nearest one.
func TestFieldsOfASchema(t *testing.T) {
	proto := writeFile(t, "fleet.proto", fleet)
	_, err := Compile(Config{Chain: "decode protobuf, file " + proto + " | filter devise == \"d7\" | set more = 1 | map more, totl"})
	if err == nil || !strings.Contains(err.Error(), "device") || !strings.Contains(err.Error(), "total") {
		t.Errorf("got %v", err)
	}
}

// What came in a KPL aggregate is said to have.
func TestAutoTellsOfAggregates(t *testing.T) {
	var told string
	plan, err := Compile(Config{Chain: "decode auto", Notice: func(text string) { told = text }})
	if err != nil {
		t.Fatal(err)
	}
	l := newLane(plan)
	recs := l.records([]string{`{"n":1}`, `{"n":2}`, `{"n":3}`})
	for i := range recs {
		recs[i].Sequence, recs[i].Subsequence = []byte("7"), uint32(i)
	}
	l.batch.Fill(l.part, recs)
	if err := l.chain.Stages[0].Stage.Process(t.Context(), l.batch); err != nil {
		t.Fatal(err)
	}
	if want := "shardId-000000000000: KPL aggregate of 3; JSON"; told != want {
		t.Errorf("told %q, want %q", told, want)
	}
}
