package main

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/kstream/kstream/pkg/record"
)

func TestOwnKey(t *testing.T) {
	for _, c := range []struct{ key, want string }{{"user-7", "user-7"}, {"", "4959"}} {
		got, err := ownKey([]byte("before|"), nil, &record.Record{Key: []byte(c.key), Sequence: []byte("4959")})
		if err != nil || string(got) != "before|"+c.want {
			t.Errorf("key %q: got %q, %v, want %q", c.key, got, err, c.want)
		}
	}
}

// A dead letter in a stream is the JSON alone.
func TestLetterRecord(t *testing.T) {
	r := &record.Rejected{Record: record.Record{Data: []byte("x\n"), Sequence: []byte("1")}, Stage: "1:filter", Err: errors.New("why")}
	got := letterRecord(nil, &record.Partition{Stream: "s", Shard: "0"}, r)
	if !json.Valid(got) || got[len(got)-1] != '}' {
		t.Errorf("got %q", got)
	}
}

// A stream takes no record without a key, and what a window's result comes from is no shard.
func TestLetterKey(t *testing.T) {
	for shard, want := range map[string]string{"shardId-000000000007": "shardId-000000000007", "": "results"} {
		if got := string(letterKey(&record.Partition{Shard: shard})); got != want {
			t.Errorf("shard %q: got %q, want %q", shard, got, want)
		}
	}
}
