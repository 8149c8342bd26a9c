package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	// look is how often a kstream is asked how far it is; each answer costs it some hundred allocations.
	look = 200 * time.Millisecond
	// poll is its POLL_INTERVAL meanwhile, so that it does not allocate much by polling at the tip until that is noticed.
	poll = 50 * time.Millisecond
	// idle is its IDLE_TIMEOUT meanwhile: with it event time goes on at the tip, and the last windows fire.
	idle = 100 * time.Millisecond
	// patience is how long it may take to read everything.
	patience = 2 * time.Minute
)

// allocations runs one of kstream's without an end, and returns how many allocations it had made, from its start on, when
// all records were read and so many lines were written. Windows fire when the run is idle. It is asked over HTTP, which a run that is timed must not be.
func allocations(ctx context.Context, s *scene, c *contender, lines int) (n uint64, err error) {
	dir, err := os.MkdirTemp(s.dir, "run-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if c.toStream() {
		done, err := makeOut(ctx, s)
		if err != nil {
			return 0, err
		}
		defer done()
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return 0, err
	}
	p := c.process(ctx, s, dir)
	// The last of two values counts.
	p.Env = append(p.Env, "KSTREAM_UNTIL=", "KSTREAM_POLL_INTERVAL="+poll.String(), "KSTREAM_HTTP_ADDR="+address, "KSTREAM_IDLE_TIMEOUT="+idle.String())
	var errOut bytes.Buffer
	p.Stderr = &errOut
	if err := p.Start(); err != nil {
		return 0, fmt.Errorf("starting %v: %w", p.Args, err)
	}
	n, err = watch(ctx, "http://"+address+"/metrics", float64(s.Records), float64(lines))
	if err == nil {
		err = p.Process.Signal(syscall.SIGTERM)
	} else {
		p.Cancel() //nolint:errcheck // what went wrong is known
	}
	if ended := p.Wait(); ended != nil {
		err = errors.Join(err, fmt.Errorf("running %v: %w: %s", p.Args, ended, bytes.TrimSpace(errOut.Bytes())))
	}
	return n, err
}

// freeAddress returns an address that nobody listens on now.
func freeAddress(ctx context.Context) (string, error) {
	var c net.ListenConfig
	l, err := c.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// watch reads metrics until that many records are read and written.
func watch(ctx context.Context, url string, read, written float64) (mallocs uint64, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return 0, fmt.Errorf("waiting for %g records at %s: %w", read, url, errors.Join(ctx.Err(), err))
		case <-tick.C:
		}
		var m metrics
		if m, err = scrape(ctx, url); err != nil {
			continue // it may not listen yet
		}
		if m["kstream_records_read_total"] == read && m["kstream_records_written_total"] == written {
			return uint64(m["go_memstats_mallocs_total"]), nil
		}
	}
}

// metrics are sums over labels, by name.
type metrics map[string]float64

func scrape(ctx context.Context, url string) (metrics, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	return parseMetrics(answer.Body)
}

// parseMetrics reads Prometheus' text form, as kstream writes it: no timestamps.
func parseMetrics(r io.Reader) (metrics, error) {
	m := metrics{}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := lines.Text()
		space := strings.LastIndexByte(line, ' ')
		if strings.HasPrefix(line, "#") || space < 0 {
			continue
		}
		value, err := strconv.ParseFloat(line[space+1:], 64)
		if err != nil {
			return nil, fmt.Errorf("reading metric %q: %w", line, err)
		}
		name, _, _ := strings.Cut(line[:space], "{")
		m[name] += value
	}
	return m, lines.Err()
}
