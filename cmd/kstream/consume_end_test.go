package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
)

// startReading starts a consume of "in" and returns it with the first line that it has printed, what follows it, and what to
// close so as to read no more.
func startReading(t *testing.T, args string) (d *daemon, first string, rest io.Reader, pipe io.Closer) {
	t.Helper()
	c := process(t, nil, append([]string{"consume", "in", "--poll-interval", "5ms"}, strings.Fields(args)...)...)
	out, in, err := os.Pipe()
	must(t, err)
	t.Cleanup(func() { out.Close() }) // a second time is harmless
	c.Stdout = in
	d = &daemon{t: t, c: c}
	d.start()
	must(t, in.Close())
	lines := bufio.NewReader(out)
	first, err = lines.ReadString('\n')
	must(t, err)
	return d, first, lines, out
}

// Whoever reads and goes away (head) ends it: quietly, with 0, whether it follows or has an end.
func TestReaderGoesAway(t *testing.T) {
	for _, args := range []string{"--from oldest", "--from oldest -e", "--last 10000"} {
		t.Run(args, func(t *testing.T) {
			server := embedded(t)
			fill(t, server, 10_000) // more than a pipe holds
			d, first, _, pipe := startReading(t, args)
			if first != "{\"n\":0}\n" {
				t.Errorf("the first line is %q", first)
			}
			must(t, pipe.Close())
			d.ends(exitDone)
			if said := d.said.String(); said != "" {
				t.Errorf("it said %q", said)
			}
		})
	}
}

// The same where nothing more is written, which is when a closed pipe would be noticed otherwise.
func TestReaderOfQuietStreamGoesAway(t *testing.T) {
	for _, args := range []string{"--from oldest", "--last 1", "--from oldest --until 2999-01-01"} {
		t.Run(args, func(t *testing.T) {
			server := embedded(t)
			fill(t, server, 1)
			d, _, _, pipe := startReading(t, args)
			must(t, pipe.Close())
			d.ends(exitDone)
			if said := d.said.String(); said != "" {
				t.Errorf("it said %q", said)
			}
		})
	}
}

// A departure is that of the last reader of a pipe; of a file there is none.
func TestDeparture(t *testing.T) {
	r, w, err := os.Pipe()
	must(t, err)
	defer w.Close()
	gone := make(chan bool)
	go func() { gone <- departure(t.Context(), w) }()
	must(t, r.Close())
	if !<-gone {
		t.Error("the reader's departure was not seen")
	}
	r, w2, err := os.Pipe()
	must(t, err)
	defer r.Close()
	defer w2.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() { gone <- departure(ctx, w2) }()
	cancel()
	if <-gone {
		t.Error("the reader is there")
	}
	file, err := os.Create(t.TempDir() + "/out")
	must(t, err)
	defer file.Close()
	if departure(t.Context(), file) || departure(t.Context(), io.Discard) {
		t.Error("a file has been read to its end")
	}
}

// Ctrl-C ends it: quietly, with 0, and with whole lines only.
func TestInterrupted(t *testing.T) {
	for _, args := range []string{"--from oldest", "--last 3", "--from oldest --until 2999-01-01"} {
		t.Run(args, func(t *testing.T) {
			server := embedded(t)
			fill(t, server, 3)
			d, first, lines, _ := startReading(t, args)
			must(t, d.c.Process.Signal(syscall.SIGINT))
			rest, err := io.ReadAll(lines)
			must(t, err)
			d.ends(exitDone)
			if said := d.said.String(); said != "" {
				t.Errorf("it said %q", said)
			}
			if all := first + string(rest); !strings.HasPrefix("{\"n\":0}\n{\"n\":1}\n{\"n\":2}\n", all) || !strings.HasSuffix(all, "\n") {
				t.Errorf("it printed %q", all)
			}
		})
	}
}
