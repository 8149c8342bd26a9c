package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// step is a command of a scene, as a person would type it.
type step struct {
	command string // words apart by spaces; single quotes keep them together
	keys    []key  // what is typed while it runs
}

// key is typed so long after the command, or the key before it, was.
type key struct {
	after time.Duration
	text  string
}

const (
	interrupt = "\x03" // Ctrl-C
	prompt    = "\x1b[32m$\x1b[0m "
)

// How a recording is told: what is longer than longest is cut to it, since nobody wants to look at a pause, and what comes within
// together is one frame.
const (
	longest  = 1500 * time.Millisecond
	together = 60 * time.Millisecond
	atTheEnd = 4 * time.Second
)

// recorder runs commands under a pseudo-terminal and keeps what is on its screen.
type recorder struct {
	binary, dir string
	environ     []string
	screen      *screen
	frames      []frame
	now         time.Duration // in the recording
}

// run types a command, runs it, and returns when it has ended.
func (r *recorder) run(ctx context.Context, s step) error {
	r.typed(s.command)
	t, err := openTerminal(uint16(r.screen.columns), uint16(r.screen.rows)) //nolint:gosec // some tens
	if err != nil {
		return err
	}
	defer t.Close()
	words := splitWords(s.command)
	c := exec.CommandContext(ctx, r.binary, words[1:]...)
	c.Dir, c.Env = r.dir, r.environ
	if err := t.start(c); err != nil {
		return err
	}
	r.watch(ctx, t.ours, s.keys)
	if err := c.Wait(); err != nil && c.ProcessState.ExitCode() < 0 {
		return fmt.Errorf("running %s: %w", s.command, err)
	}
	return ctx.Err()
}

// watch shows what the program writes until it has ended, and types keys.
func (r *recorder) watch(ctx context.Context, ours *os.File, keys []key) {
	written := make(chan []byte)
	go read(ours, written)
	last := time.Now()
	var typing <-chan time.Time
	next := func() {
		if typing = nil; len(keys) > 0 {
			typing = time.After(keys[0].after)
		}
	}
	next()
	for {
		select {
		case data, ok := <-written:
			if !ok {
				return
			}
			r.now += min(longest, time.Since(last))
			last = time.Now()
			r.screen.write(data)
			r.look()
		case <-typing:
			_, _ = ours.WriteString(keys[0].text)
			keys = keys[1:]
			next()
		case <-ctx.Done():
			return // the command is killed, and reading ends
		}
	}
}

// read passes on what a program writes, and closes written when it has ended.
func read(ours *os.File, written chan<- []byte) {
	defer close(written)
	buffer := make([]byte, 64<<10)
	for {
		n, err := ours.Read(buffer)
		if err != nil {
			return // EIO: nobody has the other side open any more
		}
		written <- append([]byte(nil), buffer[:n]...)
	}
}

// look makes a frame of the screen, or changes the last one if that has only just been.
func (r *recorder) look() {
	f := frame{r.now, r.screen.picture()}
	if n := len(r.frames); n > 0 && r.now-r.frames[n-1].at < together {
		f.at = r.frames[n-1].at
		r.frames[n-1] = f
		return
	}
	r.frames = append(r.frames, f)
}

// typed shows a prompt, and how a command is typed.
func (r *recorder) typed(command string) {
	if r.screen.column > 0 {
		r.screen.write([]byte("\r\n"))
	}
	r.screen.write([]byte(prompt))
	r.now += together
	r.look()
	for _, word := range strings.SplitAfter(command, " ") {
		r.now += 150 * time.Millisecond
		r.screen.write([]byte(word))
		r.look()
	}
	r.now += 300 * time.Millisecond
	r.screen.write([]byte("\r\n"))
	r.look()
}

// end shows a last prompt, and returns the picture.
func (r *recorder) end(title string) string {
	r.screen.write([]byte("\x1b[?25h"))
	if r.screen.column > 0 {
		r.screen.write([]byte("\r\n"))
	}
	r.screen.write([]byte(prompt))
	r.now += together
	r.look()
	return draw(title, r.frames, r.now+atTheEnd)
}

// splitWords parts a command line as a shell would, of single quotes only.
func splitWords(line string) (words []string) {
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			words = append(words, part)
			continue
		}
		words = append(words, strings.Fields(part)...)
	}
	return words
}
