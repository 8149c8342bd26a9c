package kinesis

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/wire"
)

// TestEmptiedAnswersOfAClosedShard gives a shard that has ended and was not read answers without records and next iterator. The
// listing says that it is closed, and yet all that is in it has to be read.
func TestEmptiedAnswersOfAClosedShard(t *testing.T) {
	for _, body := range []string{`{}`, `null`, `{"MillisBehindLatest":0}`, `{"Records":[]}`, `{"Records":[],"MillisBehindLatest":0,"ChildShards":[]}`} {
		t.Run(body, func(t *testing.T) {
			inWorld(t, 1, func(w *world) {
				w.client = kinesis.New(w.client.Options(), wire.JSON)
				want := numbered(0, 6)
				w.put(0, want[:4]...)
				_, _, err := w.server.Split(logs, shardName(0))
				w.must(err)
				w.put(1, want[4])
				w.put(2, want[5])
				emptied := w.inject("GetRecords shard=" + shardName(0) + " times=2 body=" + body)[0]
				j := w.start(record.Position{}, nil)
				j.ToTip(w.T)
				if got := payloads(j); len(got) < 4 || !slices.Equal(got[:4], want[:4]) || !slices.Equal(slices.Sorted(slices.Values(got)), want) {
					t.Errorf("read %q", got)
				}
				if emptied.Fired() != 2 {
					t.Errorf("%d answers were emptied, want 2", emptied.Fired())
				}
			})
		})
	}
}

// TestTipOfAClosedShard reads a server that says "at the tip" ahead of a closed shard's end. Believed, it would end a bounded
// read ahead of the children.
func TestTipOfAClosedShard(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		w.put(0, "one")
		_, _, err := w.server.Split(logs, shardName(0))
		w.must(err)
		w.inject(`GetRecords times=1 body={"Records":[],"NextShardIterator":"AAAA","MillisBehindLatest":0}`)
		j := w.start(record.Position{}, nil)
		var tips []bool
		for range 2 {
			page := record.NewPage(nil)
			w.must(j.ReadPage(w.Context(), w.id(0), page))
			tips = append(tips, page.Tip)
		}
		if got := payloads(j); !slices.Equal(got, []string{"one"}) || tips[0] {
			t.Errorf("read %q, at the tip: %v", got, tips)
		}
	})
}
