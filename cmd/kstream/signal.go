package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// sameSignal is the time within which a signal is taken for the same one: timeout(1) and shells send one to the process
// and one to its group.
const sameSignal = 250 * time.Millisecond

// abandonPatience is how long what has been abandoned may take to let go, before the process ends under it.
const abandonPatience = 2 * time.Second

// watch calls stop at the first signal and abandon at the second. What it returns ends it; signals stay caught, since one
// that comes while the process is about to exit must not take its exit status from it.
func (t *terminal) watch(stop, abandon func()) (end func()) {
	signals := make(chan os.Signal, 2) // the two that count
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	over := make(chan struct{})
	go t.follow(signals, over, stop, abandon, os.Exit) //nolint:forbidigo // for when main is held up
	return func() { close(over) }
}

// follow is watch over signals, until over is closed. Where something that has been abandoned does not let go, a call to
// the system that does not come back, it ends the process with exit.
func (t *terminal) follow(signals <-chan os.Signal, over <-chan struct{}, stop, abandon func(), exit func(status int)) {
	var first time.Time
	for {
		select {
		case <-over:
			return
		case s := <-signals:
			switch {
			case first.IsZero():
				first = time.Now()
				stop()
			case time.Since(first) >= sameSignal:
				second := s.(syscall.Signal)
				t.abandoned.Store(int32(second))
				abandon()
				select {
				case <-over:
				case <-time.After(abandonPatience):
					fmt.Fprintln(t.err, "kstream: a second signal: what was abandoned does not let go, ending all the same")
					exit(128 + int(second))
				}
				return
			}
		}
	}
}
