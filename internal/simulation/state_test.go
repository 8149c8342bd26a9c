package simulation

import (
	"math/rand/v2"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/kstream/kstream/pkg/checkpoint"
)

// state is where checkpoints outlive a process: a store in memory, or a database on a disk that loses at a crash what was
// not synced, or a part of it.
type state struct {
	t      *testing.T
	r      *rand.Rand
	memory *checkpoint.Memory // nil: disk
	disk   *vfs.MemFS
}

func newState(t *testing.T, r *rand.Rand) *state {
	t.Helper()
	if r.IntN(3) == 0 {
		return &state{t: t, r: r, memory: new(checkpoint.Memory)}
	}
	return &state{t: t, r: r, disk: vfs.NewCrashableMem()}
}

// open returns the store as a new process finds it. closing ends the process; crashed, it takes nothing with it that was
// not synced.
func (s *state) open() (store checkpoint.Store, closing func(crashed bool)) {
	s.t.Helper()
	if s.memory != nil {
		return s.memory, func(bool) {}
	}
	d, err := checkpoint.OpenDisk(checkpoint.DiskConfig{FS: s.disk, Dir: "state", Fatal: func(msg string) { panic(msg) }})
	must(s.t, err)
	return d, func(crashed bool) {
		after := s.disk
		if crashed {
			after = s.disk.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: s.r.IntN(101), RNG: s.r})
		}
		must(s.t, d.Close())
		s.disk = after
	}
}
