package checkpoint_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/checkpoint"
)

// TestScratch holds that a start removes what killed processes have left, and nothing else.
func TestScratch(t *testing.T) {
	parent := t.TempDir()
	put := func(names ...string) {
		t.Helper()
		name := filepath.Join(append([]string{parent}, names...)...)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("kstream-scratch-1", "SCRATCH")
	put("kstream-scratch-1", "db", "000001.sst")
	put("kstream-scratch-prod", "LOCK") // somebody's state folder of that name
	put("kstream-scratch-prod", "000001.sst")
	put("else", "SCRATCH")

	first, removeFirst, err := checkpoint.Scratch(parent)
	if err != nil {
		t.Fatal(err)
	}
	second, removeSecond, err := checkpoint.Scratch(parent)
	if err != nil {
		t.Fatal(err)
	}
	left := func() map[string]bool {
		all := map[string]bool{}
		entries, err := os.ReadDir(parent)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			all[filepath.Join(parent, e.Name())] = true
		}
		return all
	}
	want := map[string]bool{first: true, second: true, filepath.Join(parent, "else"): true, filepath.Join(parent, "kstream-scratch-prod"): true}
	if diff := cmp.Diff(want, left()); diff != "" {
		t.Errorf("folders (-want +got):\n%s", diff)
	}
	if err := removeFirst(); err != nil {
		t.Error(err)
	}
	if err := removeSecond(); err != nil {
		t.Error(err)
	}
	delete(want, first)
	delete(want, second)
	if diff := cmp.Diff(want, left()); diff != "" {
		t.Errorf("folders at the end (-want +got):\n%s", diff)
	}
}
