// Command recordings makes the terminal recordings of the documents: it runs the binary for real, under a pseudo-terminal, against
// the embedded Kinesis, and writes what was on the screen as animated SVGs. make recordings runs it; nothing is made up but the
// records.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/kstream/kstream/pkg/kinesislocal"
)

func main() {
	binary := flag.String("binary", "bin/kstream", "the binary to record")
	folder := flag.String("o", "docs/pictures", "the folder to write to")
	flag.Parse()
	if err := record(*binary, *folder, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "recordings: "+err.Error())
		os.Exit(1)
	}
}

// record makes the recordings of those names; of none: all.
func record(binary, folder string, names []string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	binary, err := filepath.Abs(binary)
	if err != nil {
		return err
	}
	w, err := open(ctx, binary)
	if err != nil {
		return err
	}
	defer w.close()
	for _, s := range scenes {
		if len(names) > 0 && !slices.Contains(names, s.name) {
			continue
		}
		picture, err := w.play(ctx, s)
		if err != nil {
			return fmt.Errorf("recording %s: %w", s.name, err)
		}
		path := filepath.Join(folder, s.name+".svg")
		if err := os.WriteFile(path, []byte(picture), 0o644); err != nil {
			return err
		}
		fmt.Fprintf(os.Stdout, "%s, %d KiB\n", path, len(picture)>>10)
	}
	return nil
}

// world is what the scenes play in: streams with records, a producer, and a pipeline that runs.
type world struct {
	binary, dir string
	environ     []string
	server      *kinesislocal.Server
	running     []*exec.Cmd
}

func open(ctx context.Context, binary string) (*world, error) {
	server, err := kinesislocal.New(kinesislocal.Config{})
	if err != nil {
		return nil, err
	}
	w := &world{binary: binary, server: server}
	if err := w.fill(ctx); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

// fill makes the streams, one of them resharded, and starts what runs beside the scenes.
func (w *world) fill(ctx context.Context) (err error) {
	if w.dir, err = os.MkdirTemp("", "recordings"); err != nil {
		return err
	}
	if err := w.server.Start(); err != nil {
		return err
	}
	for _, name := range []string{"logs", "orders"} {
		if err := w.server.CreateStream(name, 2); err != nil {
			return err
		}
	}
	_, right, err := w.server.Split("orders", "shardId-000000000000")
	if err != nil {
		return err
	}
	if _, err := w.server.Merge("orders", right, "shardId-000000000001"); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(w.dir, "sample.jsonl"), []byte(sample), 0o600); err != nil {
		return err
	}
	w.environ = []string{
		"TERM=xterm-256color", "PATH=/usr/bin:/bin", "HOME=" + w.dir, "TZ=UTC", "KSTREAM_HTTP_ADDR=127.0.0.1:8080",
		"AWS_ENDPOINT_URL_KINESIS=" + w.server.URL(), "AWS_REGION=" + w.server.Region(), "AWS_ACCESS_KEY_ID=demo", "AWS_SECRET_ACCESS_KEY=demo",
	}
	for _, args := range [][]string{
		{"produce", "logs", "--generate", "logs", "--rate", "40/s", "--quiet"},
		{"run", "--stream", "logs", "--operators", pipeline, "--state-dir", "state", "--sink", "file", "--file-path", "counts.jsonl", "--log-level", "error"},
	} {
		c := exec.CommandContext(ctx, w.binary, args...)
		c.Dir, c.Env, c.Stderr = w.dir, w.environ, os.Stderr
		if err := c.Start(); err != nil {
			return fmt.Errorf("starting %s %s: %w", w.binary, args[0], err)
		}
		w.running = append(w.running, c)
	}
	return nil
}

// play records a scene.
func (w *world) play(ctx context.Context, s scene) (string, error) {
	r := &recorder{binary: w.binary, dir: w.dir, environ: w.environ, screen: newScreen(s.columns, s.rows)}
	time.Sleep(s.wait) // for records to be there, and a past to be told
	for _, step := range s.steps {
		if err := r.run(ctx, step); err != nil {
			return "", err
		}
	}
	return r.end(s.title), nil
}

// close ends all that was started.
func (w *world) close() {
	for _, c := range w.running {
		_ = c.Process.Signal(os.Interrupt)
		_ = c.Wait()
	}
	w.server.Close()
	if w.dir != "" {
		os.RemoveAll(w.dir)
	}
}
