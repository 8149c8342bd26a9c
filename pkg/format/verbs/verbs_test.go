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
	} {
		f, err := verbs.Parse(c.format)
		if err != nil {
			t.Errorf("%s: %v", c.format, err)
			continue
		}
		encode := f.Encoder(payload)
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
		{"%s%", "ends in the middle"},
		{`%s\`, "ends in the middle"},
		{`\q`, `no escape \q`},
	} {
		if _, err := verbs.Parse(c.format); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %q in it", c.format, err, c.want)
		}
	}
}
