package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/checkpoint"
	"github.com/kstream/kstream/pkg/record"
)

// A record that is passed by is in the dead letters, and those around it in the output, once each.
func TestSeekSkip(t *testing.T) {
	server := embedded(t)
	must(t, server.CreateStream("shop", 1))
	dir := t.TempDir()
	for name, value := range map[string]string{
		"STREAM": "shop", "SINK": "file", "FILE_PATH": filepath.Join(dir, "out"), "STATE_DIR": filepath.Join(dir, "state"),
		"HTTP_ADDR": "none", "LOG_LEVEL": "error", "UNTIL": "now",
	} {
		t.Setenv("KSTREAM_"+name, value)
	}
	put := func(data string) (sequence string) {
		_, sequence, err := server.Put("shop", "k", []byte(data))
		must(t, err)
		return sequence
	}
	command := func(want int, args ...string) string {
		t.Helper()
		var out bytes.Buffer
		if status := execute(args, strings.NewReader(""), &out, &out); status != want {
			t.Fatalf("%v: status %d, %s", args, status, &out)
		}
		return out.String()
	}
	handled := put("a")
	command(exitDone, "run")
	put("b")
	poison := put("c")
	put("d")
	seek := func(want int, sequence string) string {
		t.Helper()
		return command(want, "seek", "--skip", "shardId-000000000000:"+sequence, "--state-dir", filepath.Join(dir, "state"))
	}
	if text := seek(exitDone, poison); !strings.Contains(text, "passes "+poison+" by") {
		t.Errorf("%s: it does not say what is passed by", text)
	}
	if text := seek(exitWrong, poison); !strings.Contains(text, "already") {
		t.Errorf("%s: want that it is to be passed by already", text)
	}
	command(exitDone, "run")
	if text := seek(exitWrong, handled); !strings.Contains(text, "has been handled") {
		t.Errorf("%s: want that it has been handled", text)
	}
	out, err := os.ReadFile(filepath.Join(dir, "out"))
	must(t, err)
	letters, err := filepath.Glob(filepath.Join(dir, "state", "dead*"))
	must(t, err)
	var dead []byte
	if len(letters) == 1 {
		dead, err = os.ReadFile(letters[0])
		must(t, err)
	}
	if got := string(dead); string(out) != "a\nb\nd\n" || strings.Count(got, "\n") != 1 || !strings.Contains(got, `"data":"c"`) || !strings.Contains(got, `"stage":"skip"`) {
		t.Errorf("the output is %q, the dead letters are %q; want a, b and d, and c", out, got)
	}
}

func TestSeekOfARunningFolder(t *testing.T) {
	dir, _ := savedState(t)
	held, err := checkpoint.Lock(t.Context(), dir, func(string) { t.Error("it is locked already") })
	must(t, err)
	defer func() { must(t, held.Close()) }()
	var out, errOut bytes.Buffer
	status := execute([]string{"seek", "--to", "oldest", "--state-dir", dir}, strings.NewReader(""), &out, &errOut)
	if want := fmt.Sprintf("in use by process %d on ", os.Getpid()); status != exitFailed || !strings.Contains(errOut.String(), want) {
		t.Errorf("status %d, %q; want 1 and %q", status, &errOut, want)
	}
}

// What came of a shard is read again behind it; what did not stays where it is.
func TestMoveOfAShard(t *testing.T) {
	part := func(stream, shard string, parents ...record.PartitionID) record.Partition {
		return record.Partition{ID: record.PartitionID(stream + "/" + shard), Stream: stream, Shard: shard, Parents: parents}
	}
	const a, b, c, d = "shardId-000000000000", "shardId-000000000001", "shardId-000000000002", "shardId-000000000003"
	after := record.Position{Where: record.After, Sequence: "9"}
	ended := record.Position{Where: record.Ended}
	saved := func() *checkpoint.Checkpoint {
		states := map[record.PartitionID]record.State{}
		for _, s := range []record.State{
			{Partition: part("x", a), Begun: true, Position: ended, Children: []record.PartitionID{"x/" + c}, HandledTo: 4, Event: 4},
			{Partition: part("x", b), Begun: true, Position: ended, Children: []record.PartitionID{"x/" + c}, Event: 3},
			{Partition: part("x", c, "x/"+a, "x/"+b), Begun: true, Position: ended, Children: []record.PartitionID{"x/" + d}, Event: 5},
			{Partition: part("x", d, "x/"+c), Begun: true, Position: after, Event: 6},
			{Partition: part("y", a), Begun: true, Position: after, Event: 7},
		} {
			states[s.Partition.ID] = s
		}
		return &checkpoint.Checkpoint{Partitions: states}
	}
	if _, err := moveTo(saved(), a+":5"); err == nil || !strings.Contains(err.Error(), "shard of several streams") {
		t.Errorf("got %v, want that two streams have such a shard", err)
	}
	got, want := saved(), saved()
	if _, err := moveTo(got, "x/"+a+":0005"); err != nil {
		t.Fatal(err)
	}
	at := record.Position{Where: record.At, Sequence: "5"}
	want.Partitions["x/"+a] = record.State{Partition: part("x", a), Begun: true, Position: at, Event: record.StartOfTime}
	want.Partitions["x/"+c] = record.State{Partition: part("x", c, "x/"+a, "x/"+b), Event: record.StartOfTime}
	want.Partitions["x/"+d] = record.State{Partition: part("x", d, "x/"+c), Event: record.StartOfTime}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want (-) and got (+):\n%s", diff)
	}
}

// Behind a move of all shards one may be put elsewhere: the others begin where all were put, and children behind their parents.
func TestMoveOfAShardAfterAll(t *testing.T) {
	a := record.Partition{ID: "x/shardId-1", Stream: "x", Shard: "shardId-1"}
	b := record.Partition{ID: "x/shardId-2", Stream: "x", Shard: "shardId-2"}
	child := record.Partition{ID: "x/shardId-3", Stream: "x", Shard: "shardId-3", Parents: []record.PartitionID{b.ID}}
	c := &checkpoint.Checkpoint{Partitions: map[record.PartitionID]record.State{}}
	for _, p := range []record.Partition{a, b, child} {
		c.Partitions[p.ID] = record.State{Partition: p, Begun: true, Position: record.Position{Where: record.After, Sequence: "9"}, Event: 5}
	}
	for _, to := range []string{"oldest", "2024-05-01T00:00:00Z", "shardId-1:7"} {
		if _, err := moveTo(c, to); err != nil {
			t.Fatal(err)
		}
	}
	all := record.Position{Where: record.AtTime, Time: 1_714_521_600_000}
	want := &checkpoint.Checkpoint{From: all, Partitions: map[record.PartitionID]record.State{
		a.ID:     {Partition: a, Begun: true, Position: record.Position{Where: record.At, Sequence: "7"}, Event: record.StartOfTime},
		b.ID:     {Partition: b, Begun: true, Position: all, Event: record.StartOfTime},
		child.ID: {Partition: child, Event: record.StartOfTime},
	}}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("want (-) and got (+):\n%s", diff)
	}
}

func TestSeekInFiles(t *testing.T) {
	saved := func() *checkpoint.Checkpoint {
		p := record.Partition{ID: "file:/a.json", Stream: "file", Shard: "/a.json"}
		return &checkpoint.Checkpoint{Partitions: map[record.PartitionID]record.State{p.ID: {Partition: p, Begun: true}}}
	}
	if _, err := moveTo(saved(), "1h"); err == nil || !strings.Contains(err.Error(), "from the oldest only") {
		t.Errorf("got %v, want that files have no times", err)
	}
	c := saved()
	if _, err := moveTo(c, "oldest"); err != nil || len(c.Partitions) != 0 {
		t.Errorf("got %v, %v; want that the file is forgotten", c.Partitions, err)
	}
}
