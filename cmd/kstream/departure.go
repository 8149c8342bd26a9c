package main

import (
	"context"
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// departure blocks until nobody can read any more what is written to w, or ctx ends, and reports the first. A write would
// notice it too, but one may be long in coming: `kstream consume logs --grep rare | head -1` is over with the first record
// and not with the second. Only of a pipe or socket can it be known.
func departure(ctx context.Context, w any) (gone bool) {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&(os.ModeNamedPipe|os.ModeSocket) == 0 {
		return false
	}
	over, end, err := os.Pipe()
	if err != nil {
		return false // out of files: then it is the next write that notices
	}
	defer over.Close()
	ending := context.AfterFunc(ctx, func() { end.Close() })
	defer func() {
		if ending() {
			end.Close()
		}
	}()
	fds := []unix.PollFd{{Fd: int32(f.Fd())}, {Fd: int32(over.Fd())}} // errors and hang-ups come unasked
	for {
		_, err := unix.Poll(fds, -1)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil, fds[1].Revents != 0:
			return false
		default:
			return fds[0].Revents&(unix.POLLERR|unix.POLLHUP) != 0
		}
	}
}

// whileRead returns t with a stop that also ends when nobody reads its output any more, and what ends the watch: it reports
// whether that is what happened.
func (t *terminal) whileRead() (watched *terminal, end func() (gone bool)) {
	own := *t
	var stop context.CancelFunc
	own.stop, stop = context.WithCancel(t.stop)
	watching, unwatch := context.WithCancel(context.Background())
	gone := make(chan bool, 1) // 1: the watch may end before anybody asks
	go func() {
		left := departure(watching, t.out)
		if left {
			stop()
		}
		gone <- left
	}()
	return &own, func() bool {
		defer stop()
		unwatch()
		return <-gone
	}
}
