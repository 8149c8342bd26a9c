package envelope_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kstream/kstream/pkg/format/envelope"
	"github.com/kstream/kstream/pkg/record"
)

// ignored are the parts of a record that are the engine's.
var ignored = cmpopts.IgnoreUnexported(record.Record{})

func TestLetterComesBack(t *testing.T) {
	for _, data := range []string{
		"", "text", "{", `{"a":[1,2.50]}`, "42", "null", "true", `"a JSON string"`, ` "with space in front"`, `"half`, "\xff\x00", "\"\xff\"", "two\nlines\n",
	} {
		r := rec(data)
		line := envelope.AppendRejected(nil, partition, &record.Rejected{Record: *r, Stage: "1:decode", Err: errors.New("why")})
		got, err := envelope.ParseLetter(line)
		if err != nil {
			t.Errorf("%q: %v", data, err)
			continue
		}
		want := &envelope.Letter{Stream: partition.Stream, Shard: partition.Shard, Record: *r, Stage: "1:decode", Error: "why"}
		want.Record.Event = want.Record.Arrival
		if diff := cmp.Diff(want, got, ignored, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q: written (-) and read back (+):\n%s", data, diff)
		}
	}
}

func TestLetterWithoutPosition(t *testing.T) {
	line := envelope.AppendRejected(nil, &record.Partition{}, &record.Rejected{
		Record: record.Record{Data: []byte(`{"n":1}`)}, Key: []byte(`{"service":"a"}`), End: 1, Stage: "4:aggregate", Err: errors.New("late"),
	})
	got, err := envelope.ParseLetter(line)
	if err != nil || got.Stream != "" || string(got.Record.Data) != `{"n":1}` || got.Stage != "4:aggregate" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestNoLetter(t *testing.T) {
	const rest = `"stage":"1:decode","error":"x"}`
	for _, c := range []struct{ line, want string }{
		{``, "it is no dead letter: it is no JSON"},
		{`half a li`, "it is no dead letter: it is no JSON"},
		{`[1]`, "it is no dead letter: it is no JSON object"},
		{`{"data":1,"sequence":7,` + rest, "it is no dead letter: its sequence can't be of the type number"},
		{`{"level":"info"}`, "it is no dead letter: it has no stage"},
		{`{` + rest, "it is no dead letter: it has no data"},
		{`{"data":1,"stream":"s",` + rest, "it is no dead letter: it has a stream and no shard"},
		{`{"data":1,"stream":"s","shard":"a","sequence":"1x",` + rest, `it is no dead letter: its sequence is "1x"`},
		{`{"data":1,"stream":"s","shard":"a","sequence":"007",` + rest, `it is no dead letter: its sequence is "007"`},
		{`{"data":1,"stream":"s","shard":"a","sequence":"7",` + rest, "it is no dead letter: it has no arrival"},
	} {
		if _, err := envelope.ParseLetter([]byte(c.line)); err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.line, err, c.want)
		}
	}
}

// No line makes ParseLetter give a letter that can't be written as one again.
func FuzzParseLetter(f *testing.F) {
	f.Add(envelope.AppendRejected(nil, partition, &record.Rejected{Record: *rec("{"), Stage: "1:decode", Err: errors.New("x")}))
	f.Add([]byte(`{"data":"\ud800","stage":"s"}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		l, err := envelope.ParseLetter(line)
		if err != nil {
			return
		}
		p := &record.Partition{Stream: l.Stream, Shard: l.Shard}
		again := envelope.AppendRejected(nil, p, &record.Rejected{Record: l.Record, Stage: l.Stage, Err: errors.New(l.Error)})
		if _, err := envelope.ParseLetter(again); err != nil {
			t.Fatalf("%q became %q: %v", line, again, err)
		}
	})
}
