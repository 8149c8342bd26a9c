package main

import (
	"bytes"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// SIGTERM and SIGINT drain: what was read is written, a last checkpoint is taken, and the next start repeats nothing.
func TestStopBySignal(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			server := embedded(t)
			want := fill(t, server, 100)
			dir := t.TempDir()
			started := make(chan *daemon, 1)
			at(t, server, 3, func() { d := <-started; must(t, d.c.Process.Signal(signal)) })
			d := start(t, dir, nil)
			started <- d
			d.ends(exitDone)
			if got := d.output(); got != want {
				t.Errorf("it wrote %q, want %q", got, want)
			}
			again := start(t, dir, map[string]string{"KSTREAM_UNTIL": "now"})
			again.ends(exitDone)
			if got := again.output(); got != want {
				t.Errorf("after a restart there stands %q, want %q", got, want)
			}
		})
	}
}

// A stop that takes longer than SHUTDOWN_TIMEOUT is abandoned, and so is one that a second signal ends, even where
// whoever reads the output has stopped to.
func TestAbandonedStop(t *testing.T) {
	for _, c := range []struct {
		timeout string
		again   bool // signals go on coming
		status  int
		says    string
	}{
		{"1ms", false, exitFailed, "took longer than SHUTDOWN_TIMEOUT"},
		{"1h", true, 128 + int(syscall.SIGTERM), "a second signal"},
	} {
		t.Run(c.says, func(t *testing.T) {
			server := embedded(t)
			must(t, server.CreateStream("in", 1))
			for range 200 {
				_, _, err := server.Put("in", "k", bytes.Repeat([]byte("x"), 10_000)) // more than a pipe holds
				must(t, err)
			}
			unread, stdout, err := os.Pipe()
			must(t, err)
			defer unread.Close()
			d := prepare(t, t.TempDir(), map[string]string{"KSTREAM_SINK": "stdout", "KSTREAM_SHUTDOWN_TIMEOUT": c.timeout})
			d.c.Stdout = stdout
			reading := make(chan struct{})
			at(t, server, 1, func() { close(reading) })
			d.start()
			must(t, stdout.Close())
			<-reading
			over := make(chan struct{})
			var signals sync.WaitGroup
			signals.Go(func() { // those that come at once count as one
				tick := time.NewTicker(100 * time.Millisecond)
				defer tick.Stop()
				for {
					_ = d.c.Process.Signal(syscall.SIGTERM) // it may be over
					if !c.again {
						return
					}
					select {
					case <-over:
						return
					case <-tick.C:
					}
				}
			})
			d.ends(c.status)
			close(over)
			signals.Wait()
			if !strings.Contains(d.said.String(), c.says) {
				t.Errorf("it does not say %q:\n%s", c.says, d.said.String())
			}
		})
	}
}

// A reader that goes away, as head does, ends consume quietly.
func TestClosedPipe(t *testing.T) {
	server := embedded(t)
	fill(t, server, 10)
	reader, stdout, err := os.Pipe()
	must(t, err)
	must(t, reader.Close())
	c := process(t, nil, "consume", "in", "--from", "oldest", "--poll-interval", "5ms")
	var stderr bytes.Buffer
	c.Stdout, c.Stderr = stdout, &stderr
	if err := c.Run(); err != nil || stderr.Len() > 0 {
		t.Errorf("it ended with %v and said %q", err, stderr.String())
	}
	must(t, stdout.Close())
}

// Signals within a moment are one; a second one abandons what runs, and ends the process where that does not let go.
func TestFollow(t *testing.T) {
	for _, c := range []struct {
		name     string
		pauses   []time.Duration // before each signal
		letsGo   bool
		abandons bool
		status   int
	}{
		{"one", []time.Duration{0}, true, false, 0},
		{"one, sent to the process and to its group", []time.Duration{0, 100 * time.Millisecond}, true, false, 0},
		{"two", []time.Duration{0, time.Second}, true, true, 0},
		{"two, of which one comes twice", []time.Duration{0, 10 * time.Millisecond, time.Second}, true, true, 0},
		{"two, and something does not let go", []time.Duration{0, time.Second}, false, true, 143},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				term := &terminal{err: io.Discard, abandoned: new(atomic.Int32)}
				signals, over := make(chan os.Signal), make(chan struct{})
				stops, abandons, status := 0, 0, 0
				go term.follow(signals, over, func() { stops++ }, func() { abandons++ }, func(s int) { status = s })
				for _, pause := range c.pauses {
					time.Sleep(pause)
					signals <- syscall.SIGTERM
				}
				if !c.letsGo {
					time.Sleep(abandonPatience + time.Millisecond)
				}
				close(over)
				synctest.Wait()
				if stops != 1 || abandons != map[bool]int{true: 1}[c.abandons] || status != c.status {
					t.Errorf("stopped %d times, abandoned %d times, ended with %d", stops, abandons, status)
				}
			})
		})
	}
}
