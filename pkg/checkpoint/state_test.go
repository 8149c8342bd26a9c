package checkpoint_test

import (
	"encoding/binary"
	"errors"
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/state"
)

// sum is what the test keeps for a key.
type sum struct{ n uint64 }

func (s *sum) Append(dst []byte) []byte { return binary.AppendUvarint(dst, s.n) }
func (s *sum) Size() int                { return 8 }

func loadSum(data []byte) (*sum, error) {
	n, size := binary.Uvarint(data)
	if size != len(data) {
		return nil, errors.New("no sum")
	}
	return &sum{n}, nil
}

// State that is twenty times larger than its memory counts right, over saves that lag behind, compactions and power losses.
func TestStateLargerThanMemory(t *testing.T) {
	const keys, buckets, rounds = 3000, 3, 6
	r := rand.New(rand.NewPCG(1, 2))
	fs := vfs.NewCrashableMem()
	type place struct {
		bucket record.Millis
		key    uint64
	}
	saved := map[place]uint64{}
	var epoch record.Epoch
	for range rounds {
		disk := open(t, fs, "state")
		if _, err := disk.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		durable := epoch
		store := state.New(state.Config{
			Reader: disk, Last: 255, Memory: keys * buckets * 150 / 20, Durable: func() record.Epoch { return durable },
		})
		table, err := state.NewTable(store, 3, loadSum)
		if err != nil {
			t.Fatal(err)
		}
		want := maps.Clone(saved)
		for range 4 {
			for range keys {
				p := place{record.Millis(r.IntN(buckets)), r.Uint64N(keys)}
				key := binary.BigEndian.AppendUint64(nil, p.key)
				e, err := table.Find(p.bucket, uint8(p.key), key)
				switch {
				case err != nil:
					t.Fatal(err)
				case e == nil:
					e = table.Insert(p.bucket, uint8(p.key), key, new(sum))
				case e.Value.n != want[p]:
					t.Fatalf("%v is %d, want %d", p, e.Value.n, want[p])
				}
				e.Value.n++
				table.Touch(e)
				want[p]++
				if r.IntN(50) == 0 {
					store.Trim()
				}
			}
			d := new(checkpoint.Delta)
			epoch++
			store.Snapshot(epoch, d)
			if r.IntN(4) == 0 {
				break // the power goes before it is saved
			}
			save(t, disk, epoch, d)
			durable, saved = epoch, maps.Clone(want)
		}
		if store.Keys() != int64(len(want)) {
			t.Fatalf("%d keys are counted, want %d", store.Keys(), len(want))
		}
		after := fs.CrashClone(vfs.CrashCloneCfg{})
		if err := disk.Close(); err != nil {
			t.Fatal(err)
		}
		fs = after
	}
}
