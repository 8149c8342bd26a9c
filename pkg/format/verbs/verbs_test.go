package verbs_test

import (
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/format/verbs"
	"github.com/kstream/kstream/pkg/record"
)

func TestFormat(t *testing.T) {
	b := &record.Batch{Partition: &record.Partition{Stream: "logs", Shard: "shardId-000000000000"}}
	r := &record.Record{Data: []byte("héllo"), Key: []byte("key"), Sequence: []byte("123"), Arrival: 1_700_000_000_123}
	payload := func(dst []byte, _ *record.Batch, r *record.Record) ([]byte, error) {
		return append(dst, r.Data...), nil
	}
	for _, c := range []struct{ format, want string }{
		{`%s\n`, "héllo\n"},
		{`%t/%p@%o %k=%s`, "logs/shardId-000000000000@123 key=héllo"},
		{`%T\t%S\r\0`, "1700000000123\t6\r\x00"},
		{`100%% \\`, `100% \`},
		{`%k{hex} %s{base64}`, "6b6579 aMOpbGxv"},
		{`{%T{rfc3339}}%s}`, "{2023-11-14T22:13:20.123Z}héllo}"},
	} {
		f, err := verbs.Parse(c.format)
		if err != nil {
			t.Errorf("%s: %v", c.format, err)
			continue
		}
		encode := f.Encoder(payload, nil)
		for range 2 {
			if got, err := encode([]byte("|"), b, r); string(got) != "|"+c.want || err != nil {
				t.Errorf("%s: got %q, %v, want %q", c.format, got, err, c.want)
			}
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ format, want string }{
		{"json", "no % and no"},
		{"", "no % and no"},
		{"%x", "no verb %x"},
		{"%s{HEX}", "no modifier %s{HEX}: it is {hex} or {base64}"},
		{"%T{hex}", "no modifier %T{hex}: it is {rfc3339}"},
		{"%k{hex", "no modifier %k{hex"},
		{"%o{hex}", "takes no modifier"},
		{"%s%", "ends in the middle"},
		{`%s\`, "ends in the middle"},
		{`\q`, `no escape \q`},
	} {
		if _, err := verbs.Parse(c.format); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %q in it", c.format, err, c.want)
		}
	}
}

// marks is a painter that shows what it was given.
type marks struct{}

func (marks) Prefix(dst []byte, p *record.Partition, text []byte) []byte {
	return append(append(append(append(dst, p.Shard...), '<'), text...), '>')
}

func (marks) Payload(dst, data []byte) []byte {
	return append(append(append(dst, '('), data...), ')')
}

func (marks) Key(dst, key []byte) []byte { return append(append(append(dst, '['), key...), ']') }

func TestPainter(t *testing.T) {
	b := &record.Batch{Partition: &record.Partition{Stream: "logs", Shard: "7"}}
	r := &record.Record{Data: []byte("x"), Key: []byte("k")}
	payload := func(dst []byte, _ *record.Batch, r *record.Record) ([]byte, error) {
		return append(dst, r.Data...), nil
	}
	for format, want := range map[string]string{
		`%k %s %t\n`:    "7<[k] >(x) logs\n",
		`%k\n`:          "7<[k]\n>",
		`%s{hex} %s %k`: "7<>78 (x) [k]",
		`%k{hex} %s`:    "7<6b >(x)",
		`%p=%S %s`:      "7<7=1 >(x)",
	} {
		f, err := verbs.Parse(format)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := f.Encoder(payload, marks{})(nil, b, r); string(got) != want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", format, got, err, want)
		}
	}
}
