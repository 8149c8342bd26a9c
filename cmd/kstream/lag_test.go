package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/status"
)

// answering serves a report, and returns the address.
func answering(t *testing.T, code int, body string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/status" {
			t.Errorf("it asks for %s", r.URL.Path)
		}
		w.WriteHeader(code)
		fmt.Fprint(w, body)
	}))
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://")
}

func report(t *testing.T) string {
	t.Helper()
	now := time.Date(2026, 1, 2, 10, 0, 0, 0, time.UTC)
	saved, handled := now.Add(-12*time.Second), now.Add(-3*time.Hour)
	text, err := json.Marshal(status.Report{Now: now, Host: "night-1", Checkpointed: &saved, Partitions: []status.PartitionReport{
		{Stream: "logs", Shard: "a", Position: record.Position{Where: record.After, Sequence: "17", Subsequence: 2}, HandledTo: &handled, Retention: 86400, Records: 5, Bytes: 50, PerSecond: status.Volume{Bytes: 1536}},
		{Stream: "shop", Shard: "b", HandledTo: &saved},
		{Stream: "slow", Shard: "c"},
	}})
	must(t, err)
	return string(text)
}

func TestLagOfARun(t *testing.T) {
	addr := answering(t, http.StatusOK, report(t))
	for _, c := range []struct {
		args   []string
		status int
		says   []string
	}{
		{[]string{"-o", "table"}, exitDone, []string{"saved 2026-01-02T09:59:48Z, 12s ago", "logs/a  reading  night-1  3h0m    21h0m           1.50 KiB  after 17.2", "slow/c  reading  night-1  -"}},
		{[]string{"shop", "--max", "20s"}, exitDone, []string{"shop/b"}},
		{[]string{"logs", "--max", "1h"}, exitCheck, []string{"logs/a is 3h0m behind, more than --max 1h"}},
		{[]string{"--max", "1d"}, exitCheck, []string{"slow/c: how far behind it is isn't known yet"}},
		{[]string{"logs", "-o", "json"}, exitDone, []string{`"behind_seconds":10800`, `"retention_left_seconds":75600`, `"last_sequence":"17"`, `"checkpoint_age_seconds":12`}},
		{[]string{"arn:aws:kinesis:eu-west-1:123456789012:stream/shop", "-o", "json"}, exitDone, []string{`"shard":"b"`}},
	} {
		var out bytes.Buffer
		status := execute(append([]string{"lag", "--addr", addr}, c.args...), strings.NewReader(""), &out, &out)
		if status != c.status {
			t.Errorf("%v: status %d, want %d", c.args, status, c.status)
		}
		for _, want := range c.says {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%v: got\n%s\nwant %q in it", c.args, &out, want)
			}
		}
	}
}

// What is not a kstream is said to be none.
func TestLagOfSomethingElse(t *testing.T) {
	for _, c := range []struct {
		code       int
		body, want string
	}{
		{http.StatusNotFound, "no", "404 Not Found"},
		{http.StatusOK, "<html>", "no status of a kstream"},
	} {
		var out bytes.Buffer
		status := execute([]string{"lag", "--addr", answering(t, c.code, c.body)}, strings.NewReader(""), &out, &out)
		if status != exitFailed || !strings.Contains(out.String(), c.want) {
			t.Errorf("status %d, %s; want 1 and %q", status, &out, c.want)
		}
	}
}

// Watching outlives a kstream that is away for a moment, ends with the terminal, and breaks off over --max.
func TestLagWatch(t *testing.T) {
	stop, cancel := context.WithCancel(t.Context())
	var out, errOut bytes.Buffer
	on := &terminal{out: &out, err: &errOut, stop: stop}
	looks := 0
	look := func(context.Context) (*lag, error) {
		looks++
		cancel()
		return nil, fmt.Errorf("it is away")
	}
	watching := &lagOptions{watch: true, output: "table", interval: watchInterval}
	if err := watching.show(t.Context(), on, look); err != nil || looks != 1 || !strings.Contains(errOut.String(), "it is away") {
		t.Errorf("%d looks, %v, %q; want one, and that it is said", looks, err, &errOut)
	}
	watching.most = "1s"
	over := func(context.Context) (*lag, error) {
		at := time.Unix(1000, 0)
		l := &lag{at: at.Add(time.Minute)}
		l.add(lagRow{State: lagReads}, record.Position{}, &at, 0)
		return l, nil
	}
	on.stop = t.Context()
	if err := watching.show(t.Context(), on, over); statusOf(err) != exitCheck {
		t.Errorf("got %v, want that a minute is more than a second", err)
	}
}

// A command that only looks ends at the first signal, and not as if it had found out something.
func TestLooksEndAtTheStop(t *testing.T) {
	stop, cancel := context.WithCancel(t.Context())
	c := &cobra.Command{Use: "look", RunE: func(c *cobra.Command, _ []string) error {
		cancel()
		<-c.Context().Done()
		return fmt.Errorf("asking: %w", c.Context().Err())
	}}
	(&terminal{stop: stop}).endAtStop(c)
	c.SetArgs(nil)
	c.SilenceErrors, c.SilenceUsage = true, true
	if err := c.ExecuteContext(t.Context()); !errors.Is(err, errStopped) {
		t.Errorf("got %v, want that it was stopped", err)
	}
}

func TestLagOfARunningFolder(t *testing.T) {
	dir, _ := savedState(t)
	held, err := checkpoint.Lock(t.Context(), dir, func(string) { t.Error("it is locked already") })
	must(t, err)
	defer func() { must(t, held.Close()) }()
	var out bytes.Buffer
	status := execute([]string{"lag", "--state-dir", dir}, strings.NewReader(""), &out, &out)
	if want := fmt.Sprintf("in use by process %d on ", os.Getpid()); status != exitFailed || !strings.Contains(out.String(), want) || !strings.Contains(out.String(), "--addr") {
		t.Errorf("status %d, %q; want 1, %q and that --addr asks", status, &out, want)
	}
}

func TestRateCell(t *testing.T) {
	for n, want := range map[float64]string{0: "0 B", 999: "999 B", 1000: "0.98 KiB", 1536: "1.50 KiB", 1 << 20: "1.00 MiB", 12.34 * 1024: "12.3 KiB", 2.5e11: "233 GiB"} {
		if got := rateCell(&n); got != want {
			t.Errorf("rateCell(%v) = %s, want %s", n, got, want)
		}
	}
}
