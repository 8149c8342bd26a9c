package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// cost is what one process took.
type cost struct {
	cpu      time.Duration // user and system
	kernel   time.Duration // the system's part of it
	wall     time.Duration
	resident int64  // bytes, at most. No less than what this process had when it started the other: Linux counts that in.
	mallocs  uint64 // allocations, for who reports them; else 0
}

// memory is what a contender of ours prints at its end.
type memory struct{ Mallocs uint64 }

// reportMemory prints how much this process has allocated.
func reportMemory(out io.Writer) error {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return json.NewEncoder(out).Encode(memory{stats.Mallocs})
}

// run runs p to its end and returns what it took. An error has what p wrote to stderr.
func run(p *exec.Cmd) (cost, error) {
	var out, errOut bytes.Buffer
	p.Stdout, p.Stderr = &out, &errOut
	began := time.Now()
	if err := p.Run(); err != nil {
		return cost{}, fmt.Errorf("running %v: %w: %s", p.Args, err, bytes.TrimSpace(errOut.Bytes()))
	}
	c := cost{wall: time.Since(began), kernel: p.ProcessState.SystemTime()}
	c.cpu = p.ProcessState.UserTime() + c.kernel
	if usage, ok := p.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.resident = usage.Maxrss * 1024
	}
	if out.Len() > 0 {
		var m memory
		if err := json.Unmarshal(out.Bytes(), &m); err != nil {
			return cost{}, fmt.Errorf("reading what %v printed: %w", p.Args, err)
		}
		c.mallocs = m.Mallocs
	}
	return c, nil
}

// once runs c in a folder of its own, hands the folder to look, if there is one, and removes it.
func once(ctx context.Context, s *scene, c *contender, look func(dir string) error) (taken cost, err error) {
	dir, err := os.MkdirTemp(s.dir, "run-")
	if err != nil {
		return cost{}, err
	}
	defer func() {
		if gone := os.RemoveAll(dir); err == nil {
			err = gone
		}
	}()
	if c.toStream() {
		done, err := makeOut(ctx, s)
		if err != nil {
			return cost{}, err
		}
		defer done()
	}
	if taken, err = run(c.process(ctx, s, dir)); err == nil && look != nil {
		err = look(dir)
	}
	return taken, err
}
