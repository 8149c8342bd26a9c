package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/kinesislocal"
)

// resharded makes the stream "in" with records that arrived a second apart, in turn in each of its shards, which were split
// on the way, and of which one is always empty. It returns the payloads.
func resharded(t *testing.T) (payloads []string) {
	t.Helper()
	clock := kinesislocal.NewManualClock(time.Now().Add(-time.Hour))
	server := embeddedAt(t, clock)
	must(t, server.CreateStream("in", 3))
	shards := []string{"shardId-000000000000", "shardId-000000000001"}
	for i := range 60 {
		if i == 30 {
			a, b, err := server.Split("in", shards[0])
			must(t, err)
			shards = []string{a, shards[1], b}
		}
		clock.Advance(time.Second)
		payload := fmt.Sprintf(`{"n":%d,"kind":%q}`, i, shards[i%len(shards)])
		_, err := server.PutTo("in", shards[i%len(shards)], "k", []byte(payload))
		must(t, err)
		payloads = append(payloads, payload)
	}
	clock.Advance(2 * time.Second) // servers tell their time in whole seconds
	return payloads
}

// A bounded read prints the records of all shards in the order in which they arrived: all of them, the first -n of all, and
// those that a chain leaves of one shard.
func TestConsumeInOrder(t *testing.T) {
	all := resharded(t)
	var one []string
	for _, payload := range all {
		if strings.Contains(payload, "0001") {
			one = append(one, payload)
		}
	}
	state := t.TempDir()
	for _, c := range []struct {
		name, args string
		want       []string
	}{
		{"all", "", all},
		{"cbor", "--wire cbor", all},
		{"the first of all", "-n 7", all[:7]},
		{"of one shard", "--grep shardId-000000000001", one},
		{"with a checkpoint", "--state-dir " + state, all},
		{"behind the checkpoint", "--state-dir " + state, nil},
		{"results are of no shard", `--operators aggregates`, []string{`{"all":60}`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := strings.Fields("consume in --from oldest -e " + c.args)
			if args[len(args)-1] == "aggregates" {
				args[len(args)-1] = "key_by nothing = 1 | window tumbling 1d | aggregate all = count() | keep all"
			}
			var out, errOut bytes.Buffer
			if status := execute(args, nil, &out, &errOut); status != exitDone || errOut.Len() > 0 {
				t.Errorf("exit status %d: %s", status, &errOut)
			}
			if diff := cmp.Diff(c.want, strings.FieldsFunc(out.String(), func(r rune) bool { return r == '\n' })); diff != "" && len(c.want)+out.Len() > 0 {
				t.Errorf("wanted (-) and got (+) differ:\n%s", diff)
			}
		})
	}
}
