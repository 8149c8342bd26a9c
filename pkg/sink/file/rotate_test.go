package file

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/record"
)

// A file that may be taken away is, between two runs and in the middle of one: every line is in the one that was taken or in the
// one that follows it.
func TestRotated(t *testing.T) {
	for name, take := range map[string]func(t *testing.T, file string){
		"moved": func(t *testing.T, f string) { must(t, os.Rename(f, f+".1")) },
		"moved, and made anew": func(t *testing.T, f string) {
			must(t, os.Rename(f, f+".1"))
			must(t, os.WriteFile(f, nil, 0o644))
		},
	} {
		for _, running := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, running %t", name, running), func(t *testing.T) {
				var said []string
				config := Config{Path: filepath.Join(t.TempDir(), "out"), Rotated: func(path string, bytes int64) {
					said = append(said, fmt.Sprintf("%s had %d bytes", filepath.Base(path), bytes))
				}}
				s := open(t, config)
				must(t, s.Restore(t.Context(), nil))
				put(t, s, "one\n")
				token := barrier(t, s, record.Barrier{Epoch: 1})
				want := []string{"out had 4 bytes"}
				if running {
					take(t, config.Path)
					put(t, s, "two\n")
					token = barrier(t, s, record.Barrier{Epoch: 2})
					want = []string{"out had 8 bytes"}
				}
				must(t, s.Close())
				if !running {
					take(t, config.Path)
				}
				s = open(t, config)
				must(t, s.Restore(t.Context(), token))
				put(t, s, "three\n")
				barrier(t, s, record.Barrier{Epoch: 3, Final: true})
				must(t, s.Close())
				if diff := cmp.Diff(want, said); diff != "" {
					t.Errorf("wanted (-) and said (+):\n%s", diff)
				}
				taken, err := os.ReadFile(config.Path + ".1")
				must(t, err)
				left, err := os.ReadFile(config.Path)
				must(t, err)
				wantTaken := "one\n"
				if running {
					wantTaken = "one\ntwo\n"
				}
				if string(taken) != wantTaken || string(left) != "three\n" {
					t.Errorf("taken was %q, and what follows is %q", taken, left)
				}
			})
		}
	}
}

// Of a file that was removed while it was written, or cut, what it held is gone: the run ends, and does it again.
func TestRotatedIsNotRemoved(t *testing.T) {
	for name, harm := range map[string]func(file string) error{
		"removed": os.Remove,
		"cut":     func(f string) error { return os.Truncate(f, 1) },
	} {
		config := Config{Path: filepath.Join(t.TempDir(), "out"), Rotated: func(string, int64) { t.Errorf("%s: taken for rotated", name) }}
		s := open(t, config)
		must(t, s.Restore(t.Context(), nil))
		put(t, s, "one\n")
		barrier(t, s, record.Barrier{Epoch: 1})
		must(t, harm(config.Path))
		put(t, s, "two\n")
		if _, err := s.Prepare(t.Context(), record.Barrier{Epoch: 2}); err == nil {
			t.Errorf("%s: the checkpoint was taken", name)
		}
		must(t, s.Close())
	}
}
