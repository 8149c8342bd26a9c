package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/record"
)

// stampedItems returns a chunk of one lane's records, "TIME TEXT" each, as the outlet encodes them.
func stampedItems(t *testing.T, records ...string) *record.Chunk {
	t.Helper()
	encode := stamped(withPayload(look{}.appendRaw))(func(dst []byte, _ *record.Batch, r *record.Record) ([]byte, error) {
		return append(dst, r.Data...), nil
	})
	var c record.Chunk
	for _, text := range records {
		var at int64
		_, err := fmt.Sscan(text, &at)
		must(t, err)
		_, err = c.Encode(&record.Batch{}, &record.Record{Arrival: record.Millis(at), Data: []byte(text)}, encode, nil)
		must(t, err)
	}
	return &c
}

// The last records are those of all shards; within a shard its order stands, though an arrival may be before the last.
func TestNewest(t *testing.T) {
	for _, c := range []struct {
		most   int
		chunks [][]string
		want   string
		full   bool
	}{
		{3, [][]string{{"1 a", "4 b"}, {"2 c", "3 d", "5 e"}}, "3 d,4 b,5 e", true},
		{9, [][]string{{"1 a", "4 b"}, {"2 c"}}, "1 a,2 c,4 b", false},
		{2, [][]string{{"1 a", "9 b", "3 c"}, {"4 d"}, {"5 e"}}, "9 b,3 c", true},
		{1, [][]string{{"7 a", "7 b"}, {"7 c"}}, "7 c", true},
		{2, nil, "", false},
	} {
		var out bytes.Buffer
		n := newNewest(c.most, &out)
		for _, records := range c.chunks {
			must(t, n.Write(t.Context(), stampedItems(t, records...)))
			if len(n.lines) >= 2*c.most {
				t.Errorf("the last %d: %d lines are held", c.most, len(n.lines))
			}
		}
		full := n.full()
		must(t, n.print(t.Context()))
		if got := strings.ReplaceAll(strings.TrimSpace(out.String()), "\n", ","); got != c.want || full != c.full {
			t.Errorf("the last %d of %q: got %q, full %t, want %q, %t", c.most, c.chunks, got, full, c.want, c.full)
		}
	}
}
