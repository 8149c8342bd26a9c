package trace_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/operator/trace"
	"github.com/kstream/kstream/pkg/record"
)

// script is a chain and the lines that go into it, of package operator's own tests.
var script = regexp.MustCompile(`(?ms)^=== (.*?)\nchain:\n(.*?)\nin:\n(.*?)\n(?:out|dead|late|mismatches):`)

// To be watched changes nothing: over all chains of package operator's tests the same comes out of a plan that is traced, and
// what a record is like behind the last stage is what goes out as JSON.
func TestTracedIsTheSame(t *testing.T) {
	t.Chdir("..") // where chains look for their tables
	files, err := filepath.Glob("testdata/*/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	chains := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range script.FindAllStringSubmatch(string(text), -1) {
			chains++
			t.Run(filepath.Base(file)+"/"+m[1], func(t *testing.T) {
				in := records(m[3], strings.Contains(file, "keyed"))
				plain, traced := outOf(t, m[2], false, in), outOf(t, m[2], true, in)
				if diff := cmp.Diff(plain, traced); diff != "" {
					t.Errorf("as it is (-) and traced (+):\n%s", diff)
				}
			})
		}
	}
	if chains < 100 {
		t.Errorf("saw %d chains: these are not all", chains)
	}
}

// outOf returns all that comes of in: what goes out of each record, and why it does not.
func outOf(t *testing.T, chain string, traced bool, in []trace.Sample) (got []string) {
	t.Helper()
	plan, err := operator.Compile(operator.Config{Chain: chain, Traced: traced})
	if err != nil {
		t.Fatal(err)
	}
	tr, err := trace.Run(t.Context(), plan, 1_700_000_000_000, in)
	if err != nil {
		t.Fatal(err)
	}
	for _, ways := range [][]trace.Way{tr.Ways, tr.Results} {
		for i := range ways {
			w := &ways[i]
			for _, s := range w.Steps {
				for _, err := range s.Errors {
					got = append(got, s.Stage+": "+err.Error())
				}
			}
			for k, o := range w.Out {
				got = append(got, fmt.Sprintf("%s as %s", o.Data, o.Key))
				if n := len(w.Steps); traced && n > 0 && !strings.Contains(chain, "encode") && !strings.Contains(chain, "decode text") && !sameJSON(w.Steps[n-1].After[k], o.Data) {
					t.Errorf("behind %s it is %s, and %s goes out", w.Steps[n-1].Stage, w.Steps[n-1].After[k], o.Data)
				}
			}
		}
	}
	return got
}

func sameJSON(a, b []byte) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return bytes.Equal(a, b)
	}
	return reflect.DeepEqual(x, y)
}

// records reads the lines of a script. In those of keyed stages a lane stands first, and " + " between records.
func records(text string, keyed bool) (in []trace.Sample) {
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		lane, list := "a", []string{line}
		if keyed {
			var rest string
			lane, rest, _ = strings.Cut(line, " ")
			if !strings.HasPrefix(rest, "{") {
				continue // idle, end, restart
			}
			lane, _, _ = strings.Cut(lane, "@")
			list = strings.Split(rest, " + ")
		}
		for k, data := range list {
			in = append(in, trace.Sample{
				Partition: &record.Partition{ID: record.PartitionID(lane), Stream: "logs", Shard: lane},
				Record: record.Record{Data: []byte(data), Key: []byte("k"), Sequence: fmt.Appendf(nil, "%d", 1000*i+k+1),
					Arrival: record.Millis(1000 * i), Event: record.Millis(1000 * i)},
			})
		}
	}
	return in
}
