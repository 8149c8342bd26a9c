package main

import (
	"bufio"
	"syscall"
	"testing"
)

// Shards that come while a person looks on join by themselves, with one note.
func TestShardsJoin(t *testing.T) {
	server := embedded(t)
	fill(t, server, 1)
	c := process(t, nil, "consume", "in", "--from", "oldest", "--poll-interval", "5ms")
	out, err := c.StdoutPipe()
	must(t, err)
	d := &daemon{t: t, c: c}
	d.start()
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != `{"n":0}` {
		t.Fatalf("got %q, %v, want the first record", lines.Text(), lines.Err())
	}
	_, _, err = server.Split("in", "shardId-000000000000") // the tip was there with that record
	must(t, err)
	_, _, err = server.Put("in", "k", []byte(`{"n":1}`))
	must(t, err)
	d.waitFor("in/shardId-000000000000 has ended: in/shardId-000000000001 and in/shardId-000000000002 joined")
	if !lines.Scan() || lines.Text() != `{"n":1}` {
		t.Fatalf("got %q, %v, want the record of a child", lines.Text(), lines.Err())
	}
	must(t, c.Process.Signal(syscall.SIGTERM))
	d.ends(exitDone)
}

func TestTogether(t *testing.T) {
	for _, c := range []struct {
		names []string
		want  string
	}{
		{[]string{"a"}, "a"},
		{[]string{"a", "b"}, "a and b"},
		{[]string{"a", "b", "c", "d"}, "a, b, c and d"},
		{[]string{"a", "b", "c", "d", "e", "f"}, "a, b, c and 3 more"},
	} {
		if got := together(c.names); got != c.want {
			t.Errorf("%q: got %q, want %q", c.names, got, c.want)
		}
	}
}
