package envelope_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/kstream/kstream/pkg/format/envelope"
	"github.com/kstream/kstream/pkg/record"
)

var (
	partition = &record.Partition{Stream: "logs", Shard: "shardId-000000000003"}
	arrival   = record.Millis(1_700_000_000_123)
)

const head = `{"stream":"logs","shard":"shardId-000000000003","sequence":"49590338271490256608559692538361571095921575989136588898","subsequence":2,"partition_key":"k<1>","arrival":"2023-11-14T22:13:20.123Z",`

func rec(data string) *record.Record {
	return &record.Record{
		Data: []byte(data), Key: []byte("k<1>"), Arrival: arrival, Subsequence: 2,
		Sequence: []byte("49590338271490256608559692538361571095921575989136588898"),
	}
}

func TestAppend(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"an object", `{"a": 9007199254740993, "b":"<x>"}`, `"data":{"a": 9007199254740993, "b":"<x>"}}`},
		{"an object over two lines", "{\"a\":\n 1}", `"data":{"a":1},"data_base64":"eyJhIjoKIDF9"}`},
		{"a JSON string", `"a"`, `"data":"a","data_base64":"ImEi"}`},
		{"a number", "42", `"data":42}`},
		{"text", "it's \"quoted\"\n", `"data":"it's \"quoted\"\n"}`},
		{"nothing", "", `"data":""}`},
		{"binary", "\xff\x00\x01", `"data_base64":"/wAB"}`},
		{"JSON that is not UTF-8", "\"\xff\"", `"data_base64":"Iv8i"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := string(envelope.Append(nil, partition, rec(c.data), []byte(c.data)))
			if got != head+c.want {
				t.Errorf("got\n%s\nwant\n%s", got, head+c.want)
			}
			if !json.Valid([]byte(got)) {
				t.Error("it is no JSON")
			}
		})
	}
}

func TestAppendRejected(t *testing.T) {
	got := string(envelope.AppendRejected([]byte("x"), partition, &record.Rejected{Record: *rec("{"), Stage: "1:decode", Err: errors.New(`it ends "early"`)}))
	want := "x" + head + `"data":"{","stage":"1:decode","error":"it ends \"early\""}` + "\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Behind key_by a dead letter has its key and window, and a result that could not be written has no position.
func TestAppendRejectedBehindAKey(t *testing.T) {
	key := []byte(`{"service":"a"}`)
	for _, c := range []struct {
		name string
		from record.Partition
		r    record.Rejected
		want string
	}{
		{"a record", *partition, record.Rejected{Record: *rec("{}"), Key: key}, head + `"data":{},"key":{"service":"a"},`},
		{"a late record", *partition, record.Rejected{Record: *rec("{}"), Key: key, Start: arrival, End: arrival + 1000},
			head + `"data":{},"key":{"service":"a"},"window_start":"2023-11-14T22:13:20.123Z","window_end":"2023-11-14T22:13:21.123Z",`},
		{"a result", record.Partition{}, record.Rejected{Record: record.Record{Data: []byte(`{"n":1}`)}, Key: key, End: 1},
			`{"data":{"n":1},"key":{"service":"a"},"window_start":"1970-01-01T00:00:00.000Z","window_end":"1970-01-01T00:00:00.001Z",`},
	} {
		c.r.Stage, c.r.Err = "4:aggregate", errors.New("late")
		got := string(envelope.AppendRejected(nil, &c.from, &c.r))
		if want := c.want + `"stage":"4:aggregate","error":"late"}` + "\n"; got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, want)
		}
	}
}

func FuzzAppend(f *testing.F) {
	for _, s := range []string{"", "{}", "{\"a\":1}", "\xff", "nul\x00", "[1,\n2]", "\"\\ud800\""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		line := envelope.Append(nil, partition, rec(string(data)), data)
		if !json.Valid(line) {
			t.Fatalf("%q is no JSON", line)
		}
		for _, c := range line {
			if c == '\n' {
				t.Fatalf("%q is more than one line", line)
			}
		}
	})
}
