package kinesis

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/kstream/kstream/pkg/kpl"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/source/sourcetest"
)

// aggregate packs payloads; each has its own key and explicit hash key.
func aggregate(w *world, hash string, data ...string) string {
	w.Helper()
	a := kpl.NewAggregator(1<<20, 1000)
	for i, d := range data {
		if fits, err := a.Add(fmt.Appendf(nil, "k%d", i), []byte(hash), []byte(d)); !fits || err != nil {
			w.Fatalf("packing %q: %t, %v", d, fits, err)
		}
	}
	return string(a.Append(nil))
}

// highest is a hash key of the last shard.
var highest = kpl.All.End.String()

func (w *world) readAs(d Deaggregation, known []record.State) *sourcetest.Job {
	w.Helper()
	j := sourcetest.Start(w.T, w.source(func(c *Config) { c.Deaggregation = d }), record.Position{}, known)
	j.ToTip(w.T)
	return j
}

func TestAggregates(t *testing.T) {
	inWorld(t, 2, func(w *world) {
		good, foreign := aggregate(w, "0", "a", "b", "c"), aggregate(w, highest, "x", "y")
		broken := good[:len(good)-1] + "?"
		w.put(0, "plain", good, foreign, broken, "last")
		tests := []struct {
			how     Deaggregation
			want    []string
			dropped int
		}{
			{Deaggregate, []string{"plain", "a", "b", "c", broken, "last"}, 2},
			{DeaggregateUnfiltered, []string{"plain", "a", "b", "c", "x", "y", broken, "last"}, 0},
			{DeaggregateNothing, []string{"plain", good, foreign, broken, "last"}, 0},
		}
		for _, tt := range tests {
			w.seen.dropped = 0
			j := w.readAs(tt.how, nil)
			if got := payloads(j); !slices.Equal(got, tt.want) {
				w.Errorf("way %d: read %q, want %q", tt.how, got, tt.want)
			}
			if w.seen.dropped != tt.dropped {
				w.Errorf("way %d: %d dropped, want %d", tt.how, w.seen.dropped, tt.dropped)
			}
		}
		if !w.logged("dropping an aggregate") {
			w.Error("nothing was said of the dropped aggregate")
		}
	})
}

// TestAggregateNamesItsRecords sees keys and subsequence numbers as they were written.
func TestAggregateNamesItsRecords(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		sequence := w.put(0, aggregate(w, "0", "a", "b"))[0]
		for i, g := range w.readAs(Deaggregate, nil).Got {
			want := sourcetest.Got{Partition: w.id(0), Sequence: sequence, Subsequence: uint32(i),
				Key: fmt.Sprint("k", i), Data: []string{"a", "b"}[i], Arrival: g.Arrival}
			if g != want || time.Since(g.Arrival.Time()) > time.Minute {
				w.Errorf("record %d is %+v, want %+v", i, g, want)
			}
		}
	})
}

// TestResumeInsideAnAggregate goes on behind and at each of its records, and behind one that was dropped.
func TestResumeInsideAnAggregate(t *testing.T) {
	inWorld(t, 2, func(w *world) {
		all := []string{"a", "b", "c", "next"}
		sequence := w.put(0, aggregate(w, "0", all[:3]...), "next")[0]
		known := w.readAs(Deaggregate, nil).Known()
		for sub := range 3 {
			for where, from := range map[record.Where]int{record.At: sub, record.After: sub + 1} {
				known[0].Position = record.Position{Where: where, Sequence: sequence, Subsequence: uint32(sub)}
				if got := payloads(w.readAs(Deaggregate, known)); !slices.Equal(got, all[from:]) {
					w.Errorf("%s: read %q, want %q", known[0].Position, got, all[from:])
				}
			}
		}
		// What a run that took it apart left of an aggregate comes with the whole of it.
		known[0].Position = record.Position{Where: record.After, Sequence: sequence, Subsequence: 1}
		if got := payloads(w.readAs(DeaggregateNothing, known)); len(got) != 2 {
			w.Errorf("left as it is behind its second record: read %q", got)
		}
		known[0].Position.Subsequence = 2
		if got := payloads(w.readAs(DeaggregateNothing, known)); len(got) != 1 {
			w.Errorf("left as it is behind its last record: read %q", got)
		}
		w.checkLost(0)
	})
}

// TestDroppedAggregateMovesThePosition ends a page with an aggregate that does not count.
func TestDroppedAggregateMovesThePosition(t *testing.T) {
	inWorld(t, 2, func(w *world) {
		sequence := w.put(0, aggregate(w, highest, "x", "y", "z"))[0]
		j := w.readAs(Deaggregate, nil)
		want := record.Position{Where: record.After, Sequence: sequence, Subsequence: 2}
		if got := j.States[w.id(0)].Position; got != want || len(j.Got) != 0 {
			w.Errorf("%d records, position %s; want %s", len(j.Got), got, want)
		}
		if again := w.readAs(Deaggregate, j.Known()); len(again.Got) != 0 || w.seen.dropped != 3 {
			w.Errorf("resumed: %d records, %d dropped", len(again.Got), w.seen.dropped)
		}
	})
}

// TestChildrenHaveTheirRange filters in shards that no listing of this source has shown.
func TestChildrenHaveTheirRange(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		s := w.source(nil)
		j := sourcetest.Start(w.T, s, record.Position{}, nil)
		_, _, err := w.server.Split(logs, shardName(0))
		w.must(err)
		w.put(1, aggregate(w, highest, "x"), aggregate(w, "0", "a", "b"), aggregate(w, highest, "y", "z"))
		before := w.server.Calls("ListShards")
		j.ToTip(w.T)
		if got := payloads(j); !slices.Equal(got, []string{"x", "a", "b"}) { // one alone is no aggregate
			w.Errorf("read %q", got)
		}
		if n := w.server.Calls("ListShards") - before; n != 0 {
			w.Errorf("%d listings for what the parent's page says", n)
		}
	})
}

// TestNoFilterWhereTheServicePlaces reads a stream whose records go anywhere.
func TestNoFilterWhereTheServicePlaces(t *testing.T) {
	inWorld(t, 2, func(w *world) {
		s := w.source(nil)
		w.must(s.streams[0].take(&types.StreamDescriptionSummary{
			StreamARN: aws.String("arn:aws:kinesis:us-east-1:123456789012:stream/logs"), RecordDistributionStrategy: types.RecordDistributionStrategyAuto,
		}))
		hashes, err := s.streams[0].hashRange(w.Context(), shardName(0))
		if err != nil || hashes != kpl.All {
			w.Errorf("filtered by %v, %v", hashes, err)
		}
	})
}
