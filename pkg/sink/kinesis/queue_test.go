package kinesis

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what is there into testdata")

// TestQueue runs testdata/queue.txt. Time is seconds since the start; what a command answers stands indented below it.
//
//	new [strict] [bytes=N] [linger=N]  a new queue
//	at N                               time is N: what has rested long enough is ready
//	add KEY:DATA …                     records come
//	take                               the next request, numbered from 1: "1: KEY:DATA …"
//	settle N [until=T] KEY:DATA …      request N is back: these failed, and rest until T
//	look                               what waits, what is ready of it, whether that fills a request, what time comes next
//	drain                              what waited, whatever it waited for
func TestQueue(t *testing.T) {
	const file = "testdata/queue.txt"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var script queueScript
	var got strings.Builder
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, " ") {
			continue
		}
		got.WriteString(line)
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		answer, err := script.do(strings.Fields(line))
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if answer != "" {
			fmt.Fprintf(&got, "  %s\n", answer)
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(text), got.String()); diff != "" {
		t.Errorf("%s differs from what happens (-update writes it):\n%s", file, diff)
	}
}

type queueScript struct {
	*queue
	now      time.Time
	requests [][]*entry
}

func second(text string) time.Time {
	n, _ := strconv.Atoi(text)
	return time.Unix(int64(n), 0)
}

func (s *queueScript) do(words []string) (string, error) {
	name, words := words[0], words[1:]
	settings := map[string]string{"bytes": "1000", "linger": "0"}
	var rest []string
	for _, w := range words {
		if k, v, ok := strings.Cut(w, "="); ok {
			settings[k] = v
		} else {
			rest = append(rest, w)
		}
	}
	switch name {
	case "new":
		bytes, err := strconv.Atoi(settings["bytes"])
		*s = queueScript{queue: newQueue(len(rest) > 0, bytes, second(settings["linger"]).Sub(second("0"))), now: second("0")}
		return "", err
	case "at":
		s.now = second(rest[0])
		s.wake(s.now)
	case "add":
		for _, r := range rest {
			key, data, _ := strings.Cut(r, ":")
			s.add(&entry{key: key, data: []byte(data), since: s.now})
		}
	case "take":
		r := s.take()
		if r == nil {
			return "nothing", nil
		}
		s.requests = append(s.requests, r)
		return fmt.Sprintf("%d: %s", len(s.requests), show(r)), nil
	case "settle":
		return "", s.finish(rest, second(settings["until"]))
	case "look":
		return s.look(), nil
	case "drain":
		return show(s.drain()), nil
	default:
		return "", fmt.Errorf("no such command")
	}
	return "", nil
}

func (s *queueScript) finish(words []string, until time.Time) error {
	n, err := strconv.Atoi(words[0])
	if err != nil {
		return err
	}
	request := s.requests[n-1]
	failed, left := make([]bool, len(request)), map[string]bool{}
	for _, w := range words[1:] {
		left[w] = true
	}
	for i := range request {
		name := show(request[i : i+1])
		failed[i] = left[name]
		delete(left, name)
	}
	if len(left) > 0 {
		return fmt.Errorf("not in request %d: %v", n, left)
	}
	s.settle(request, failed, func(int) time.Time { return until })
	return nil
}

func (s *queueScript) look() string {
	next := "never"
	if t, ok := s.next(); ok {
		next = strconv.FormatInt(t.Unix(), 10)
	}
	return fmt.Sprintf("waiting %d (%d bytes), ready %d (%d bytes), full %t, next %s",
		s.held.records, s.held.bytes, s.offered.records, s.offered.bytes, s.full(), next)
}

func show(entries []*entry) string {
	var words []string
	for _, e := range entries {
		words = append(words, e.key+":"+string(e.data))
	}
	return strings.Join(words, " ")
}
