package kinesis

import (
	"fmt"
	"testing"

	"github.com/kstream/kstream/pkg/kpl"
	"github.com/kstream/kstream/pkg/record"
)

// An explicit hash key decides the shard, in aggregates too, and still does when a reshard has them packed anew: those that
// were sent and went astray, and one by itself that had to wait behind them.
func TestHashKeys(t *testing.T) {
	const eighths = 8
	for name, c := range map[string]Config{
		"plain":      {InFlight: 1},
		"aggregated": {InFlight: 1, BatchBytes: 1, Aggregate: true},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, 2, func(w *world) {
				s, key := w.open(c), []byte(w.keyIn(0))
				w.must(w.server.Scale(out, 4))
				chunk := &record.Chunk{}
				want := map[string]kpl.Hash{}
				for _, i := range []uint64{0, 1, 2, 3, 7} {
					hash, data := kpl.Hash{Hi: i << 61, Lo: i}, fmt.Sprint(i)
					want[data] = hash
					chunk.Items = append(chunk.Items, record.Item{Key: key, Data: []byte(data)})
					chunk.HashKeys = append(chunk.HashKeys, hash.String())
				}
				w.must(s.Write(w.Context(), chunk))
				w.prepare(s)
				found := w.shardsOfPayloads()
				for data, hash := range want {
					if r := found[data]; !r.Contains(hash) {
						t.Errorf("%s/%d of all hash keys is in the shard from %s to %s", data, eighths, r.Start, r.End)
					}
				}
				bad := &record.Chunk{Items: []record.Item{{Key: []byte("k")}}, HashKeys: []string{"x"}}
				if err := s.Write(w.Context(), bad); err == nil {
					t.Error("a hash key that is none was taken")
				}
			})
		})
	}
}

// shardsOfPayloads returns the hash keys of the shard in which readers find each payload.
func (w *world) shardsOfPayloads() map[string]kpl.Range {
	w.Helper()
	found := map[string]kpl.Range{}
	shards, err := w.server.Shards(out)
	w.must(err)
	for i := range shards {
		for _, r := range w.readShard(&shards[i]) {
			found[string(r.Data)] = w.hashKeys(&shards[i])
		}
	}
	return found
}
