package file

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/sinktest"
)

func TestConformance(t *testing.T) {
	for _, c := range []Config{
		{Path: "out.jsonl"},
		{Path: "out", Compression: Gzip},
		{Path: "out.log.zst", Compression: Zstd},
		{Path: "sub/folder/out.jsonl", RollSize: 200},
		{Path: "out.jsonl", RollSize: 1, Compression: Gzip},
		{Path: "out.jsonl", RollInterval: time.Hour, Compression: Zstd},
	} {
		t.Run(fmt.Sprintf("%+v", c), func(t *testing.T) {
			sinktest.Run(t, func(t *testing.T) sinktest.Harness {
				c := c
				c.Path = filepath.Join(t.TempDir(), c.Path)
				return sinktest.Harness{
					Open:  func(t *testing.T) record.Sink { return open(t, c) },
					Read:  func(t *testing.T) []string { return lines(t, c) },
					Frame: "\n",
				}
			})
		})
	}
}

func open(t *testing.T, c Config) *Sink {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// lines returns what a reader finds in all files, by number. A finished row has no ".open".
func lines(t *testing.T, c Config) (all []string) {
	t.Helper()
	n, err := newNames(c)
	if err != nil {
		t.Fatal(err)
	}
	files := []string{n.single()}
	if n.rolls {
		found, err := n.existing()
		if err != nil {
			t.Fatal(err)
		}
		files = nil
		for name := range found {
			if strings.HasSuffix(name, openSuffix) {
				t.Errorf("%s was left open", name)
			}
			files = append(files, name)
		}
		sort.Slice(files, func(i, j int) bool { return found[files[i]] < found[files[j]] })
	}
	for _, name := range files {
		text := unpack(t, name, c.Compression)
		if text == "" && n.rolls {
			t.Errorf("%s is empty", name)
		}
		for l := range strings.Lines(text) {
			all = append(all, strings.TrimSuffix(l, "\n"))
		}
	}
	return all
}

func unpack(t *testing.T, name string, c Compression) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var r io.Reader = bytes.NewReader(data)
	switch {
	case len(data) == 0 || c == None:
	case c == Gzip:
		r, err = gzip.NewReader(r)
	default:
		r, err = zstd.NewReader(r)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s is not whole: %v", name, err)
	}
	return string(text)
}

func put(t *testing.T, s *Sink, text string) {
	t.Helper()
	if err := s.Write(t.Context(), &record.Chunk{Body: []byte(text)}); err != nil {
		t.Fatal(err)
	}
}

func barrier(t *testing.T, s *Sink, b record.Barrier) record.Token {
	t.Helper()
	token, err := s.Prepare(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(t.Context(), b.Epoch); err != nil {
		t.Fatal(err)
	}
	return token
}

func ls(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// A row of files over time: names, what asks for a barrier, and that idle files are finished and empty ones never made.
func TestRolling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		s := open(t, Config{Path: filepath.Join(dir, "out.jsonl"), RollSize: 20, RollInterval: time.Hour})
		if err := s.Restore(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		expect := func(what string, asked bool, want ...string) {
			t.Helper()
			select {
			case <-s.Asks():
				if !asked {
					t.Errorf("%s: asked for a barrier", what)
				}
			default:
				if asked {
					t.Errorf("%s: did not ask for a barrier", what)
				}
			}
			if diff := cmp.Diff(want, ls(t, dir)); diff != "" {
				t.Errorf("%s: files differ:\n%s", what, diff)
			}
		}
		const first, second, third = "out-20000101T000000Z-1.jsonl", "out-20000101T000000Z-2.jsonl", "out-20000101T030000Z-3.jsonl"
		barrier(t, s, record.Barrier{Epoch: 1})
		expect("nothing written", false)
		put(t, s, strings.Repeat("x", bufferBytes)+"\n")
		expect("over its size", true, first+openSuffix)
		barrier(t, s, record.Barrier{Epoch: 2})
		expect("finished at the barrier", false, first)
		put(t, s, "small\n")
		barrier(t, s, record.Barrier{Epoch: 3})
		expect("too small to finish", false, first, second+openSuffix)
		time.Sleep(time.Hour)
		synctest.Wait()
		expect("an hour old", true, first, second+openSuffix)
		barrier(t, s, record.Barrier{Epoch: 4})
		expect("finished by age", false, first, second)
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		expect("idle without a file", false, first, second)
		put(t, s, "last\n")
		barrier(t, s, record.Barrier{Epoch: 5, Final: true})
		expect("finished by a clean stop", false, first, second, third)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestRestoreRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		damage func(t *testing.T, file string)
		want   []string
	}{
		{"a missing file", func(t *testing.T, f string) { must(t, os.Remove(f)) }, []string{"missing", "6 bytes"}},
		{"a shorter file", func(t *testing.T, f string) { must(t, os.Truncate(f, 3)) }, []string{"3 bytes", "6"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := Config{Path: filepath.Join(t.TempDir(), "out")}
			s := open(t, config)
			must(t, s.Restore(t.Context(), nil))
			put(t, s, "hello\n")
			token := barrier(t, s, record.Barrier{Epoch: 1})
			must(t, s.Close())
			c.damage(t, config.Path)
			err := open(t, config).Restore(t.Context(), token)
			if err == nil {
				t.Fatal("it was taken as it is")
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("got %q, want it to say %q", err, w)
				}
			}
		})
	}
}

// What somebody does to the file while it is written is said at the next barrier, before a checkpoint counts on it.
func TestFileIsHarmed(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(t *testing.T, file string)
		want string
	}{
		"removed": {func(t *testing.T, f string) { must(t, os.Remove(f)) }, "removed"},
		"moved":   {func(t *testing.T, f string) { must(t, os.Rename(f, f+".1")) }, "moved"},
		"replaced": {func(t *testing.T, f string) {
			must(t, os.Remove(f))
			must(t, os.WriteFile(f, []byte("hello\nworld\n"), 0o644))
		}, "removed"},
		"cut":                               {func(t *testing.T, f string) { must(t, os.Truncate(f, 0)) }, "somebody else has cut it"},
		"cut, and longer than what follows": {func(t *testing.T, f string) { must(t, os.Truncate(f, 40)) }, "40 bytes, and 6 were written"},
	} {
		t.Run(name, func(t *testing.T) {
			config := Config{Path: filepath.Join(t.TempDir(), "out")}
			s := open(t, config)
			must(t, s.Restore(t.Context(), nil))
			put(t, s, "hello\n")
			barrier(t, s, record.Barrier{Epoch: 1})
			c.harm(t, config.Path)
			put(t, s, "world\n")
			_, err := s.Prepare(t.Context(), record.Barrier{Epoch: 2})
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), config.Path) {
				t.Errorf("got %v, want %q and the path", err, c.want)
			}
			must(t, s.Close())
		})
	}
}

// Another path finishes the old file at the checkpoint's length first; what was there under the new name stays.
func TestChangedPath(t *testing.T) {
	dir := t.TempDir()
	old := Config{Path: filepath.Join(dir, "old.log"), RollSize: 1 << 20}
	s := open(t, old)
	must(t, s.Restore(t.Context(), nil))
	put(t, s, "kept\n")
	token := barrier(t, s, record.Barrier{Epoch: 1})
	put(t, s, "lost by the crash\n")
	must(t, s.f.buf.Flush())
	must(t, s.Close())
	fresh := Config{Path: filepath.Join(dir, "new.log")}
	must(t, os.WriteFile(fresh.Path, []byte("was there\n"), 0o644))
	s = open(t, fresh)
	must(t, s.Restore(t.Context(), token))
	put(t, s, "new\n")
	barrier(t, s, record.Barrier{Epoch: 2, Final: true})
	must(t, s.Close())
	if diff := cmp.Diff([]string{"kept"}, lines(t, old)); diff != "" {
		t.Errorf("old file: %s", diff)
	}
	if diff := cmp.Diff([]string{"was there", "new"}, lines(t, fresh)); diff != "" {
		t.Errorf("new file: %s", diff)
	}
}

// A finished file that somebody has taken away is no fault.
func TestFinishedFilesMayBeRemoved(t *testing.T) {
	c := Config{Path: filepath.Join(t.TempDir(), "out"), RollSize: 1}
	s := open(t, c)
	must(t, s.Restore(t.Context(), nil))
	put(t, s, "one\n")
	token := barrier(t, s, record.Barrier{Epoch: 1, Final: true})
	must(t, s.Close())
	for _, name := range ls(t, filepath.Dir(c.Path)) {
		must(t, os.Remove(filepath.Join(filepath.Dir(c.Path), name)))
	}
	s = open(t, c)
	must(t, s.Restore(t.Context(), token))
	must(t, s.Close())
}

// A disk that is full fails the write or the barrier, never silently.
func TestFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("this system has no /dev/full")
	}
	must(t, err)
	s := open(t, Config{Path: filepath.Join(t.TempDir(), "out")})
	must(t, s.Restore(t.Context(), nil))
	must(t, s.f.f.Close())
	s.f.f = full
	s.use(s.f)
	werr := s.Write(context.Background(), &record.Chunk{Body: []byte("does not fit\n")})
	_, perr := s.Prepare(context.Background(), record.Barrier{Epoch: 1})
	if err := errors.Join(werr, perr); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Fatalf("got %v, want no space left", err)
	}
	must(t, s.Close())
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
