package file

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	pq "github.com/parquet-go/parquet-go"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/sink/sinktest"
)

// wrapped is a Sink that takes lines which are no objects as the field r of one.
type wrapped struct{ *Sink }

func (w wrapped) Write(ctx context.Context, c *record.Chunk) error {
	var body []byte
	for line := range bytes.Lines(c.Body) {
		body = append(append(append(body, `{"r":"`...), bytes.TrimSuffix(line, []byte("\n"))...), "\"}\n"...)
	}
	return w.Sink.Write(ctx, &record.Chunk{Body: body})
}

func TestParquetConformance(t *testing.T) {
	for name, c := range map[string]Config{
		"one file a run": {Path: "out.parquet", Container: Parquet},
		"rolling":        {Path: "out", Container: Parquet, RollSize: 200, Compression: Zstd},
	} {
		t.Run(name, func(t *testing.T) {
			sinktest.Run(t, func(t *testing.T) sinktest.Harness {
				c := c
				c.Path = filepath.Join(t.TempDir(), c.Path)
				return sinktest.Harness{
					Open:  func(t *testing.T) record.Sink { return wrapped{open(t, c)} },
					Read:  func(t *testing.T) []string { return parquetRows(t, c) },
					Frame: "\n",
				}
			})
		})
	}
}

// parquetRows returns the column r of all files, by number. There is nothing else in their folder.
func parquetRows(t *testing.T, c Config) (rows []string) {
	t.Helper()
	n, err := newNames(c)
	must(t, err)
	found, err := n.existing()
	must(t, err)
	var files []string
	for _, name := range ls(t, n.dir) {
		if !strings.HasSuffix(name, ".parquet") {
			t.Errorf("%s was left", name)
		}
		files = append(files, filepath.Join(n.dir, name))
	}
	sort.Slice(files, func(i, j int) bool { return found[files[i]] < found[files[j]] })
	for _, name := range files {
		read, err := pq.ReadFile[struct {
			R string `parquet:"r,optional"`
		}](name)
		must(t, err)
		for _, r := range read {
			rows = append(rows, r.R)
		}
	}
	return rows
}

// unfinished returns a sink's configuration and the token of a barrier that promised to finish its one file of two rows.
func unfinished(t *testing.T) (c Config, token record.Token, spool, final string) {
	t.Helper()
	c = Config{Path: filepath.Join(t.TempDir(), "out.parquet"), Container: Parquet}
	s := open(t, c)
	must(t, s.Restore(t.Context(), nil))
	put(t, s, "{\"r\":\"one\"}\n{\"r\":\"two\"}\n")
	token, err := s.Prepare(t.Context(), record.Barrier{Epoch: 1, Final: true})
	must(t, err)
	must(t, s.Close())
	return c, token, s.closed.name, s.closed.final
}

// TestCrashesWhileFinishing stops at every step of finishing a file: the next start, and the one after it, leave one whole
// file, and none where somebody has taken it away.
func TestCrashesWhileFinishing(t *testing.T) {
	made := func(t *testing.T, spool, final string) {
		must(t, new(Sink).makeParquet(t.Context(), spool, final))
	}
	for _, c := range []struct {
		name  string
		crash func(t *testing.T, spool, final string)
		want  []string
	}{
		{"before it is begun", func(*testing.T, string, string) {}, []string{"one", "two"}},
		{"while it is made", func(t *testing.T, _, final string) {
			must(t, os.WriteFile(final+makingSuffix, []byte("PAR1 and a part that is longer than the whole"+strings.Repeat(" ", 1<<16)), 0o644))
		}, []string{"one", "two"}},
		{"when it is made", func(t *testing.T, spool, final string) {
			made(t, spool, final)
			must(t, os.Rename(final+madeSuffix, final+makingSuffix))
		}, []string{"one", "two"}},
		{"when it is whole", made, []string{"one", "two"}},
		{"when its lines are gone", func(t *testing.T, spool, final string) {
			made(t, spool, final)
			must(t, os.Remove(spool))
		}, []string{"one", "two"}},
		{"when it is finished", func(t *testing.T, spool, final string) {
			made(t, spool, final)
			must(t, publish(spool, final))
		}, []string{"one", "two"}},
		{"when it was taken away", func(t *testing.T, spool, final string) {
			made(t, spool, final)
			must(t, publish(spool, final))
			must(t, os.Remove(final))
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			config, token, spool, final := unfinished(t)
			c.crash(t, spool, final)
			for range 2 {
				s := open(t, config)
				must(t, s.Restore(t.Context(), token))
				must(t, s.Close())
				if diff := cmp.Diff(c.want, parquetRows(t, config)); diff != "" {
					t.Errorf("rows (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// TestFinishingFails lets each step of finishing fail, by what stands in its way: the error says so, nothing is lost, and
// when the way is free the next start finishes the file.
func TestFinishingFails(t *testing.T) {
	inTheWay := func(suffix string) func(t *testing.T, spool, final string) func() {
		return func(t *testing.T, _, final string) func() {
			folder := final + suffix
			must(t, os.MkdirAll(filepath.Join(folder, "full"), 0o755))
			return func() { must(t, os.RemoveAll(folder)) }
		}
	}
	for _, c := range []struct {
		name string
		set  func(t *testing.T, spool, final string) (free func())
	}{
		{"the lines are not what was written", func(t *testing.T, spool, _ string) func() {
			text, err := os.ReadFile(spool)
			must(t, err)
			must(t, os.WriteFile(spool, bytes.Replace(text, []byte("{"), []byte("!"), 1), 0o644))
			return func() { must(t, os.WriteFile(spool, text, 0o644)) }
		}},
		{"it can't be begun", inTheWay(makingSuffix)},
		{"it can't be made whole", inTheWay(madeSuffix)},
		{"it can't be given its name", inTheWay("")},
	} {
		t.Run(c.name, func(t *testing.T) {
			config, token, spool, final := unfinished(t)
			free := c.set(t, spool, final)
			s := open(t, config)
			if err := s.Restore(t.Context(), token); err == nil || !strings.Contains(err.Error(), final) {
				t.Errorf("got %v, want an error that names %s", err, final)
			}
			must(t, s.Close())
			free()
			s = open(t, config)
			must(t, s.Restore(t.Context(), token))
			must(t, s.Close())
			if diff := cmp.Diff([]string{"one", "two"}, parquetRows(t, config)); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

// A stop that takes too long ends the making of a file, which the next start does again; a row of other files, or of
// lines under the same names, finishes what was promised before.
func TestPromisesAreKept(t *testing.T) {
	config, token, _, _ := unfinished(t)
	s := open(t, config)
	slow := errors.New("too slow")
	ctx, stop := context.WithCancelCause(t.Context())
	stop(slow)
	if err := s.Restore(ctx, token); !errors.Is(err, slow) {
		t.Errorf("got %v, want %v", err, slow)
	}
	lines := config
	lines.Container, lines.RollSize = Lines, 1<<20
	s = open(t, lines)
	must(t, s.Restore(t.Context(), token))
	must(t, s.Close())
	if diff := cmp.Diff([]string{"one", "two"}, parquetRows(t, config)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}
