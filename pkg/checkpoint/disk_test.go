package checkpoint_test

import (
	"encoding/binary"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/record"
)

// entries returns a Delta that sets n keys from the first on, each to a value of 100 bytes.
func entries(first, n int) *checkpoint.Delta {
	d := new(checkpoint.Delta)
	value := make([]byte, 100)
	for i := first; i < first+n; i++ {
		binary.BigEndian.PutUint64(value[8:], uint64(i))
		d.Set(stateKey(i), value)
	}
	return d
}

// stateKey spreads keys as hashes do.
func stateKey(i int) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(i)*0x9e3779b97f4a7c15)
}

// A save writes what changed: on top of much state it logs what it logs on top of none.
func TestSaveWritesWhatChanged(t *testing.T) {
	logs := func(before int) int64 {
		fs := &loggedFS{FS: vfs.NewMem()}
		s := open(t, fs, "state")
		defer s.Close()
		save(t, s, 1, entries(0, before))
		was := fs.bytes.Load()
		save(t, s, 2, entries(7, 10))
		return fs.bytes.Load() - was
	}
	if none, much := logs(10), logs(10_000); none < 1000 || much > 2*none {
		t.Errorf("ten keys took %d bytes of the log on top of 10,000, and %d on top of ten", much, none)
	}
}

// loggedFS counts what is written to the database's log.
type loggedFS struct {
	vfs.FS
	bytes atomic.Int64
}

func (fs *loggedFS) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	f, err := fs.FS.Create(name, c)
	if err != nil || !strings.HasSuffix(name, ".log") {
		return f, err
	}
	return &loggedFile{File: f, bytes: &fs.bytes}, nil
}

type loggedFile struct {
	vfs.File
	bytes *atomic.Int64
}

func (f *loggedFile) Write(p []byte) (int, error) {
	f.bytes.Add(int64(len(p)))
	return f.File.Write(p)
}

func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	readOnly := checkpoint.DiskConfig{FS: vfs.Default, Dir: dir, ReadOnly: true, Fatal: func(m string) { t.Error(m) }}
	if _, err := checkpoint.OpenDisk(readOnly); err == nil || !strings.Contains(err.Error(), "nothing was saved there") {
		t.Fatalf("got %v, want an error that says there is nothing", err)
	}
	s := open(t, vfs.Default, dir)
	save(t, s, 3, entries(0, 1000))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := checkpoint.OpenDisk(readOnly)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if c, err := s.Load(t.Context()); err != nil || c == nil || c.Epoch != 3 {
		t.Fatalf("got %+v, %v, want epoch 3", c, err)
	}
	if v, found, err := s.Get(nil, stateKey(500)); err != nil || !found || len(v) != 100 {
		t.Fatalf("got %d bytes, %v, %v", len(v), found, err)
	}
	if s.Bytes() < 100_000 {
		t.Errorf("%d bytes on disk, want those of 1,000 values of 100 bytes at least", s.Bytes())
	}
	if err := s.Save(t.Context(), &checkpoint.Checkpoint{Epoch: 4}); err == nil {
		t.Error("a database that was opened to be read took a save")
	}
}

func save(tb testing.TB, s *checkpoint.Disk, e record.Epoch, deltas ...*checkpoint.Delta) {
	tb.Helper()
	if err := s.Save(tb.Context(), &checkpoint.Checkpoint{Epoch: e, State: deltas}); err != nil {
		tb.Fatal(err)
	}
}

// BenchmarkDisk saves 10,000 changed keys, and reads one that is there and one that is not, over more and more state.
func BenchmarkDisk(b *testing.B) {
	for _, size := range []int{10_000, 1_000_000} {
		dir := b.TempDir()
		s, err := checkpoint.OpenDisk(checkpoint.DiskConfig{
			FS: vfs.Default, Dir: dir, CacheBytes: 32 << 20, MemTableBytes: 16 << 20, Fatal: func(m string) { b.Error(m) },
		})
		if err != nil {
			b.Fatal(err)
		}
		e := record.Epoch(0)
		for first := 0; first < size; first += 10_000 {
			e++
			save(b, s, e, entries(first, 10_000))
		}
		b.Run(fmt.Sprintf("save 10k of %d", size), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				e++
				save(b, s, e, entries(i*10_000%size, 10_000))
			}
		})
		if err := s.Settle(b.Context()); err != nil {
			b.Fatal(err)
		}
		for name, shift := range map[string]int{"hit": 0, "miss": size} {
			b.Run(fmt.Sprintf("get %s of %d", name, size), func(b *testing.B) {
				var value []byte
				for i := 0; b.Loop(); i++ {
					if value, _, err = s.Get(value[:0], stateKey(shift+i*7919%size)); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
