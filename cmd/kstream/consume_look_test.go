package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/kstream/kstream/pkg/format/verbs"
	"github.com/kstream/kstream/pkg/record"
)

// A person is shown JSON indented, a hex dump of what is no text, and nothing that a terminal obeys; a pipe gets the bytes.
func TestLook(t *testing.T) {
	const jsonText, binaryText = `{"level":"error"}`, "\xff\x00hex"
	const dumpText = "00000000  ff 00 68 65 78                                    |..hex|\n"
	const nasty = "\x1b[2J\u009b1m\u202eok\r\n"
	person, pipe := look{person: true}, look{}
	for _, c := range []struct {
		name, data, want string
		line             func(dst []byte, b *record.Batch, r *record.Record, data []byte) []byte
	}{
		{"raw, pipe", binaryText, binaryText + "\n", pipe.appendRaw},
		{"raw, person", binaryText, dumpText, person.appendRaw},
		{"raw, person, escapes", nasty, `\u001b[2J\u009b1m\u202eok` + "\n", person.appendRaw},
		{"pretty, person, escapes", nasty, `\u001b[2J\u009b1m\u202eok` + "\n", person.appendPretty},
		{"pretty, person, escapes in JSON", "\"\u009b\"", `"\u009b"` + "\n", person.appendPretty},
		{"raw, pipe, escapes", nasty, nasty, pipe.appendRaw},
		{"raw, end-of-line", "x\n", "x\n", pipe.appendRaw},
		{"pretty, pipe", binaryText, dumpText, pipe.appendPretty},
		{"pretty, person", jsonText, "{\n  \"level\": \"error\"\n}\n", person.appendPretty},
		{"colour", jsonText, "\x1b[31m" + jsonText + "\x1b[0m\n", look{colour: true}.appendRaw},
		{"nothing, coloured", "", "\n", look{colour: true}.appendRaw},
	} {
		if got := c.line(nil, &record.Batch{}, &record.Record{}, []byte(c.data)); string(got) != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// NO_COLOR goes for auto; --color always is what somebody asked for there and then. A file is no terminal.
func TestColourChoice(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/out")
	must(t, err)
	defer file.Close()
	for _, c := range []struct {
		choice, noColor string
		want            bool
	}{{"auto", "", false}, {"always", "", true}, {"always", "1", true}, {"never", "", false}} {
		t.Setenv("NO_COLOR", c.noColor)
		o := consumeOptions{colour: c.choice}
		l := o.look(&terminal{out: file})
		if l.colour != c.want || l.person {
			t.Errorf("--color %s, NO_COLOR=%s: got %+v, want colour %t", c.choice, c.noColor, l, c.want)
		}
	}
}

func TestLevelColour(t *testing.T) {
	for data, want := range map[string]string{
		`{"level":"ERROR"}`:            red,
		`{"severity":"Warning"}`:       yellow,
		`{"lvl":"trace"}`:              faint,
		`{"level":50}`:                 red, // pino, bunyan
		`{"level":40}`:                 yellow,
		`{"level":20}`:                 faint,
		`{"level":30}`:                 "",
		`{"log":{"level":"fatal"}}`:    red,
		`{"log":"level"}`:              "",
		`{"level":"info"}`:             "",
		`{"level":{"a":1}}`:            "",
		`{"message":"error"}`:          "",
		`level=error`:                  "",
		``:                             "",
		`{"level":"error"`:             "",
		`{"log":1,"levelname":"CRIT"}`: red,
	} {
		if got := levelColour([]byte(data)); got != want {
			t.Errorf("%s: got %q, want %q", data, got, want)
		}
	}
}

// Each line has its colour to itself.
func TestPaint(t *testing.T) {
	got := paint([]byte("|"), red, []byte("a\n\nb"))
	if want := []byte("|\x1b[31ma\x1b[0m\n\n\x1b[31mb\x1b[0m"); !bytes.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestShardColour(t *testing.T) {
	colour := func(shard string) string { return shardColour(&record.Partition{Shard: shard}) }
	if colour("shardId-000000000001") == colour("shardId-000000000002") {
		t.Error("neighbours have one colour")
	}
	if a := colour("part"); a != colour("part") || a == "" {
		t.Errorf("a shard that is no number: %q", a)
	}
}

// What a format shows in a line is as safe, keys included.
func TestLookInLine(t *testing.T) {
	f, err := verbs.Parse(`%k %s %k\n`)
	must(t, err)
	payload := func(dst []byte, _ *record.Batch, r *record.Record) ([]byte, error) {
		return append(dst, r.Data...), nil
	}
	for data, want := range map[string]string{"\x1b[2J": `\u001b[2J`, "\xff": "/w==", "text": "text"} {
		r := &record.Record{Data: []byte(data), Key: []byte(data)}
		got, err := f.Encoder(payload, look{person: true}.painter())(nil, &record.Batch{Partition: &record.Partition{}}, r)
		if want := want + " " + want + " " + want + "\n"; err != nil || string(got) != want {
			t.Errorf("%q: got %q, %v, want %q", data, got, err, want)
		}
	}
}
