package file

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/source/sourcetest"
)

// write makes a file of text, packed as its name says.
func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch filepath.Ext(name) {
	case ".gz":
		w = gzip.NewWriter(&b)
	case ".zst":
		var err error
		if w, err = zstd.NewWriter(&b); err != nil {
			t.Fatal(err)
		}
	}
	if w == nil {
		b.WriteString(text)
	} else if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	} else if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func source(t *testing.T, c Config) *Source {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func payloads(j *sourcetest.Job) (list []string) {
	for _, g := range j.Got {
		list = append(list, g.Data)
	}
	return list
}

func TestLines(t *testing.T) {
	long := strings.Repeat("x", 3*pageBytes)
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"nothing.txt", "", nil},
		{"nothing.gz", "", nil},
		{"one.txt", "a\n", []string{"a"}},
		{"unended.txt", "a\nb", []string{"a", "b"}},
		{"empty-lines.txt", "\na\n\n", []string{"", "a", ""}},
		{"dos.txt", "a\r\nb\r\n", []string{"a", "b"}},
		{"long.txt", "a\n" + long + "\nb\n", []string{"a", long, "b"}},
		{"long.gz", "a\n" + long + "\nb", []string{"a", long, "b"}},
		{"zst.zst", "a\nb\n", []string{"a", "b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := sourcetest.Start(t, source(t, Config{Paths: []string{write(t, t.TempDir(), c.name, c.text)}}), record.Position{}, nil)
			j.ToTip(t)
			if diff := cmp.Diff(c.want, payloads(j)); diff != "" {
				t.Error(diff)
			}
			for id, s := range j.States {
				if s.Position.Where != record.Ended {
					t.Errorf("%s is at %s, want ended", id, s.Position)
				}
			}
		})
	}
}

// Reading goes on behind any line, in a packed file too, and behind one that is as long as several reads.
func TestGoOn(t *testing.T) {
	var want []string
	for i := range 10 {
		want = append(want, fmt.Sprint("line ", i))
	}
	want[7] = strings.Repeat("y", pageBytes+10)
	for _, name := range []string{"a.txt", "a.gz", "a.zst"} {
		path := write(t, t.TempDir(), name, strings.Join(want, "\n"))
		all := sourcetest.Start(t, source(t, Config{Paths: []string{path}}), record.Position{}, nil)
		all.ToTip(t)
		for i, g := range all.Got {
			known := record.State{Partition: partition(path), Begun: true, Position: record.Position{Where: record.After, Sequence: g.Sequence}}
			j := sourcetest.Start(t, source(t, Config{Paths: []string{path}}), record.Position{}, []record.State{known})
			j.ToTip(t)
			if got := payloads(j); !slices.Equal(got, want[i+1:]) {
				t.Fatalf("%s: behind line %d come %d lines, want %d", name, i, len(got), len(want)-i-1)
			}
			j.Close(t)
		}
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	packed := write(t, dir, "cut.gz", strings.Repeat("some text\n", 10_000))
	if err := os.Truncate(packed, 100); err != nil {
		t.Fatal(err)
	}
	shorter := write(t, dir, "shorter.gz", "a\n")
	noGzip := write(t, dir, "plain.txt", "text")
	if err := os.Rename(noGzip, noGzip+".gz"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, path, want string
		known            []record.State
	}{
		{"a file that is not there", filepath.Join(dir, "missing"), "there is no file", nil},
		{"a pattern that fits nothing", filepath.Join(dir, "*.parquet"), "there is no file", nil},
		{"a folder", dir, "is a folder", nil},
		{"a pattern that is none", "[", "pattern", nil},
		{"a packed file that is cut", packed, "the file is cut", nil},
		{"a packed file that is none", noGzip + ".gz", "unpacking", nil},
		{"a file that is shorter than it was", shorter, "shorter than it was", []record.State{{
			Partition: partition(shorter), Position: record.Position{Where: record.After, Sequence: "100"},
		}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := source(t, Config{Paths: []string{c.path}})
			if err := readAll(t, s, c.known); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// readAll reads a source of one file to its end, and returns the first error.
func readAll(t *testing.T, s *Source, known []record.State) error {
	t.Helper()
	states, err := s.Restore(t.Context(), record.Position{}, known)
	if err != nil {
		return err
	}
	fresh, err := s.Partitions(t.Context())
	if err != nil {
		return err
	}
	for _, p := range fresh {
		states = append(states, record.State{Partition: p})
	}
	r, err := s.Open(t.Context(), states[0])
	if err != nil {
		return err
	}
	for err == nil {
		err = r.Read(t.Context(), record.NewPage(nil))
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return errors.Join(err, r.Close())
}

// What comes through a pipe for hours arrives when it is read, and not when the run began: it is not ahead of its own time.
func TestInputArrives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		s := source(t, Config{Input: r})
		reader, err := s.Open(t.Context(), record.State{Partition: partition(stdin)})
		if err != nil {
			t.Fatal(err)
		}
		began := record.MillisOf(time.Now())
		var arrived []time.Duration
		for range 3 {
			time.Sleep(2 * time.Hour)
			go func() { _, _ = io.WriteString(w, "line\n") }()
			var p record.Page
			if err := reader.Read(t.Context(), &p); err != nil {
				t.Fatal(err)
			}
			for i := range p.Records {
				arrived = append(arrived, p.Records[i].Arrival.Sub(began))
			}
		}
		if want := []time.Duration{2 * time.Hour, 4 * time.Hour, 6 * time.Hour}; !slices.Equal(arrived, want) {
			t.Errorf("records arrived %v behind the begin, want %v", arrived, want)
		}
	})
}

// Standard input is read as it comes; a stop does not wait for it.
func TestInput(t *testing.T) {
	r, w := io.Pipe()
	s := source(t, Config{Input: r})
	j := sourcetest.Start(t, s, record.Position{}, []record.State{{Partition: partition(stdin), Position: record.Position{Where: record.After, Sequence: "100"}}})
	go func() { _, _ = io.WriteString(w, "a\nb\n") }()
	id := partition(stdin).ID
	if err := j.ReadPage(t.Context(), id, record.NewPage(nil)); err != nil {
		t.Fatal(err)
	}
	if got := payloads(j); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("got %q, want what was written", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := j.ReadPage(ctx, id, record.NewPage(nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that the stop is heard", err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// Files are read once each, whatever patterns name them; those that a checkpoint knows to have ended are not read again.
func TestFilesOfAJob(t *testing.T) {
	dir := t.TempDir()
	a, b := write(t, dir, "a.txt", "a\n"), write(t, dir, "b.txt", "b\n")
	c := Config{Paths: []string{filepath.Join(dir, "*.txt"), a}}
	first := sourcetest.Start(t, source(t, c), record.Position{}, nil)
	first.ToTip(t)
	if got := payloads(first); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("read %q", got)
	}
	write(t, dir, "c.txt", "c\n")
	if err := os.Remove(b); err != nil {
		t.Fatal(err)
	}
	second := sourcetest.Start(t, source(t, c), record.Position{}, first.Known())
	second.ToTip(t)
	if got := payloads(second); !slices.Equal(got, []string{"c"}) {
		t.Errorf("read %q at the next start, want the new file", got)
	}
}
