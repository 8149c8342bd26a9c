package trace_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/operator/trace"
	"github.com/kstream/kstream/pkg/record"
)

// samples are records of two shards, a and b, a second apart: "a {…}".
func samples(lines string) (list []trace.Sample) {
	for i, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		shard, data, _ := strings.Cut(strings.TrimSpace(line), " ")
		list = append(list, trace.Sample{
			Partition: &record.Partition{ID: record.PartitionID(shard), Stream: "logs", Shard: shard},
			Record: record.Record{Data: []byte(data), Key: []byte("k"), Sequence: fmt.Appendf(nil, "%d", i+1),
				Arrival: record.Millis(1000 * i), Event: record.Millis(1000 * i)},
		})
	}
	return list
}

// told writes a way as lines.
func told(b *strings.Builder, w *trace.Way) {
	if w.By != "" {
		fmt.Fprintf(b, "made by %s: %s\n", w.By, w.Made)
	} else {
		fmt.Fprintf(b, "%s %s\n", w.Sample.Partition.Shard, w.Sample.Record.Data)
	}
	for _, s := range w.Steps {
		fmt.Fprintf(b, "  %s %d>%d", s.Stage, s.In, s.Out)
		for _, f := range s.Fields {
			fmt.Fprintf(b, " %s=%s", f.Name, f.Value)
		}
		if s.Late > 0 {
			fmt.Fprintf(b, " late %d", s.Late)
		}
		if s.Absorbed > 0 {
			fmt.Fprintf(b, " absorbed %d", s.Absorbed)
		}
		if s.Mismatch {
			b.WriteString(" mismatch")
		}
		if len(s.Key) > 0 {
			fmt.Fprintf(b, " key %s", s.Key)
		}
		for _, span := range s.Windows {
			fmt.Fprintf(b, " window %d-%d", span.Start, span.End)
		}
		if s.Event != 0 {
			fmt.Fprintf(b, " event %d", s.Event)
		}
		for _, e := range s.Errors {
			fmt.Fprintf(b, " error: %v", e)
		}
		for _, a := range s.After {
			fmt.Fprintf(b, " > %s", a)
		}
		b.WriteByte('\n')
	}
	for _, o := range w.Out {
		fmt.Fprintf(b, "  out %s", o.Data)
		if len(o.Key) > 0 {
			fmt.Fprintf(b, " as %s", o.Key)
		}
		b.WriteByte('\n')
	}
}

func TestRun(t *testing.T) {
	for _, c := range []struct{ name, chain, key, lines, want string }{
		{"no chain", "", "", "a \xffx", "a \xffx\n  out \xffx\n"},
		{"filter", "filter status >= 500 && meta.shard == 'a'\nset n = status + 1", "service", `
			a {"status":500,"service":"x"}
			a {"status":200}
			a {"status":"500"}
			a {"status":501}
			a nothing`, `
a {"status":500,"service":"x"}
  1:decode 1>1 > {"status":500,"service":"x"}
  1:filter 1>1 status=500 > {"status":500,"service":"x"}
  2:set 1>1 status=500 > {"status":500,"service":"x","n":501}
  out {"status":500,"service":"x","n":501} as x
a {"status":200}
  1:decode 1>1 > {"status":200}
  1:filter 1>0 status=200
a {"status":"500"}
  1:decode 1>1 > {"status":"500"}
  1:filter 1>0 status="500" mismatch
a {"status":501}
  1:decode 1>1 > {"status":501}
  1:filter 1>1 status=501 > {"status":501}
  2:set 1>1 status=501 > {"status":501,"n":502}
  sink 1>0 error: the partition key expression is nil or empty for this record
a nothing
  1:decode 1>0 error: the payload is no JSON object, so it has no fields
`},
		{"flat_map", "flat_map items\nfilter a.b > 1\nencode text \"{a.b}\"", "", `a {"items":[{"a":{"b":1}},{"a":{"b":2}},{"a":{"b":3}}]}`, `
a {"items":[{"a":{"b":1}},{"a":{"b":2}},{"a":{"b":3}}]}
  1:decode 1>1 > {"items":[{"a":{"b":1}},{"a":{"b":2}},{"a":{"b":3}}]}
  1:flat_map 1>3 items=[{"a":{"b":1}},{"a":{"b":2}},{"a":{"b":3}}] > {"a":{"b":1}} > {"a":{"b":2}} > {"a":{"b":3}}
  2:decode 3>3 > {"a":{"b":1}} > {"a":{"b":2}} > {"a":{"b":3}}
  2:filter 3>2 a.b=1 > {"a":{"b":2}} > {"a":{"b":3}}
  3:encode 2>2 a.b=2 > {"a":{"b":2}} > {"a":{"b":3}}
  out 2
  out 3
`},
		{"windows", "timestamp ts, disorder 0s\nkey_by s\nwindow tumbling 10s, late dead_letter\naggregate n = count(), top = max(v)\nfilter n > 1", "", `
			a {"ts":1,"s":"x","v":3}
			b {"ts":2,"s":"x","v":4}
			a {"ts":21,"s":"y","v":4}
			a {"ts":3,"s":"x","v":9}
			b {"ts":22,"s":"y"}`, `
a {"ts":1,"s":"x","v":3}
  1:decode 1>1 > {"ts":1,"s":"x","v":3}
  1:timestamp 1>1 ts=1 event 1000 > {"ts":1,"s":"x","v":3}
  2:key_by 1>1 s="x" key {"s":"x"} > {"ts":1,"s":"x","v":3}
  3:window 1>1 key {"s":"x"} window 0-10000 event 1000 > {"ts":1,"s":"x","v":3}
  4:aggregate 1>0 absorbed 1
b {"ts":2,"s":"x","v":4}
  1:decode 1>1 > {"ts":2,"s":"x","v":4}
  1:timestamp 1>1 ts=2 event 2000 > {"ts":2,"s":"x","v":4}
  2:key_by 1>1 s="x" key {"s":"x"} > {"ts":2,"s":"x","v":4}
  3:window 1>1 key {"s":"x"} window 0-10000 event 2000 > {"ts":2,"s":"x","v":4}
  4:aggregate 1>0 absorbed 1
a {"ts":21,"s":"y","v":4}
  1:decode 1>1 > {"ts":21,"s":"y","v":4}
  1:timestamp 1>1 ts=21 event 21000 > {"ts":21,"s":"y","v":4}
  2:key_by 1>1 s="y" key {"s":"y"} > {"ts":21,"s":"y","v":4}
  3:window 1>1 key {"s":"y"} window 20000-30000 event 21000 > {"ts":21,"s":"y","v":4}
  4:aggregate 1>0 absorbed 1
a {"ts":3,"s":"x","v":9}
  1:decode 1>1 > {"ts":3,"s":"x","v":9}
  1:timestamp 1>1 ts=3 event 3000 > {"ts":3,"s":"x","v":9}
  2:key_by 1>1 s="x" key {"s":"x"} > {"ts":3,"s":"x","v":9}
  3:window 1>0 late 1 window 0-10000 event 3000 error: the record is late: its window ended at 1970-01-01T00:00:10Z, and event time had come to 1970-01-01T00:00:21Z
b {"ts":22,"s":"y"}
  1:decode 1>1 > {"ts":22,"s":"y"}
  1:timestamp 1>1 ts=22 event 22000 > {"ts":22,"s":"y"}
  2:key_by 1>1 s="y" key {"s":"y"} > {"ts":22,"s":"y"}
  3:window 1>1 key {"s":"y"} window 20000-30000 event 22000 > {"ts":22,"s":"y"}
  4:aggregate 1>0 absorbed 1
made by 4:aggregate: {"s":"x","window_start":"1970-01-01T00:00:00Z","window_end":"1970-01-01T00:00:10Z","n":2,"top":4}
  5:filter 1>1 n=2 key {"s":"x"} > {"s":"x","window_start":"1970-01-01T00:00:00Z","window_end":"1970-01-01T00:00:10Z","n":2,"top":4}
  out {"s":"x","window_start":"1970-01-01T00:00:00Z","window_end":"1970-01-01T00:00:10Z","n":2,"top":4} as x
made by 4:aggregate: {"s":"y","window_start":"1970-01-01T00:00:20Z","window_end":"1970-01-01T00:00:30Z","n":2,"top":4}
  5:filter 1>1 n=2 key {"s":"y"} > {"s":"y","window_start":"1970-01-01T00:00:20Z","window_end":"1970-01-01T00:00:30Z","n":2,"top":4}
  out {"s":"y","window_start":"1970-01-01T00:00:20Z","window_end":"1970-01-01T00:00:30Z","n":2,"top":4} as y
`},
		{"dedupe", "dedupe id, within 1h", "", "a {\"id\":1}\na {\"id\":1}\nb {}", `
a {"id":1}
  1:decode 1>1 > {"id":1}
  1:dedupe 1>1 id=1 > {"id":1}
  out {"id":1}
a {"id":1}
  1:decode 1>1 > {"id":1}
  1:dedupe 1>0 id=1
b {}
  1:decode 1>1 > {}
  1:dedupe 1>1 id=null > {}
  out {}
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan, err := operator.Compile(operator.Config{Chain: c.chain, Key: c.key, Traced: true})
			if err != nil {
				t.Fatal(err)
			}
			got, err := trace.Run(t.Context(), plan, 0, samples(c.lines))
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			for i := range got.Ways {
				told(&b, &got.Ways[i])
			}
			for i := range got.Results {
				told(&b, &got.Results[i])
			}
			if diff := cmp.Diff(strings.TrimPrefix(c.want, "\n"), b.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
