package operator

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/record"
)

// event is 1,000 bytes of 15 fields; a filter reads the third and the fourth.
func event(i int) string {
	level := []string{"info", "warn", "error"}[i%3]
	return fmt.Sprintf(`{"timestamp":"2026-11-23T10:00:%02d.123Z","host":"ip-10-0-12-%d.eu-west-1.compute.internal",`+
		`"level":%q,"status":%d,"service":"checkout","method":"POST","path":"/api/v1/orders/%d","latency_ms":%d.25,`+
		`"user_id":"u-%08d","request_id":"3f2b8c1e-5a7d-4f6e-9b0a-%012d","user_agent":"Mozilla/5.0 (X11; Linux x86_64)",`+
		`"bytes":%d,"cached":false,"tags":["eu","prod","blue"],"message":"%s"}`,
		i%60, i%256, level, 200+100*(i%4), i, i%1000, i, i, 1000+i, strings.Repeat("order placed ", 38))
}

const benchRecords = 1000

// benchChain runs a chain over slices of 1,000 events, and says what a record costs.
func benchChain(b *testing.B, chain string, encode bool) {
	l := newLane(compile(b, chain))
	payloads := make([]string, benchRecords)
	size := 0
	for i := range payloads {
		payloads[i] = event(i)
		size += len(payloads[i])
	}
	recs := l.records(payloads)
	var out []byte
	b.SetBytes(int64(size / benchRecords))
	b.ReportAllocs()
	for i := 0; i < b.N; i += benchRecords {
		out = out[:0]
		out = l.slice(b, recs, out, encode)
	}
}

func (l *lane) slice(b testing.TB, recs []record.Record, out []byte, encode bool) []byte {
	l.batch.Fill(l.part, recs)
	for _, s := range l.chain.Stages {
		if err := s.Stage.Process(context.Background(), l.batch); err != nil {
			b.Fatal(err)
		}
	}
	if !encode {
		return out
	}
	for i := range l.batch.Records {
		var err error
		if out, err = l.chain.Encode(out, l.batch, &l.batch.Records[i]); err != nil {
			b.Fatal(err)
		}
	}
	return out
}

func BenchmarkFilter(b *testing.B) {
	benchChain(b, `filter level != "debug" && status >= 100`, true)
}

func BenchmarkMap(b *testing.B) {
	benchChain(b, `map service, level = upper(level), took = latency_ms / 1000`, true)
}

func BenchmarkSet(b *testing.B) {
	benchChain(b, `set took = latency_ms / 1000 | drop tags`, true)
}

// TestAllocations holds that a record costs none: projecting, filtering, computing fields and encoding.
func TestAllocations(t *testing.T) {
	for _, chain := range []string{
		"",
		`filter level == "error" && status >= 500`,
		`filter message contains "placed" || user_id in ["a", "b"] | sample 50%`,
		`filter any(tags, # == "prod") && len(tags) == 3`,
		`map service, level = upper(level), took = latency_ms / 1000, id = "x" + user_id`,
		`set took = latency_ms / 1000, at.host = host | drop tags | keep took, at, service`,
		`decode text | filter text contains "error"`,
		`encode text "{service} {status}"`,
	} {
		t.Run(chain, func(t *testing.T) {
			l := newLane(compile(t, chain))
			payloads := make([]string, benchRecords)
			for i := range payloads {
				payloads[i] = event(i)
			}
			recs := l.records(payloads)
			out := make([]byte, 0, 2<<20)
			for range 3 { // the batch's memory grows to what the chain needs
				l.slice(t, recs, out, true)
			}
			if got := testing.AllocsPerRun(3, func() { l.slice(t, recs, out, true) }); got > benchRecords/100 {
				t.Errorf("%v allocations for %d records", got, benchRecords)
			}
		})
	}
}
