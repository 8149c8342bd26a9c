package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/internal/config"
	"github.com/kstream/kstream/pkg/kinesislocal"
	"github.com/kstream/kstream/pkg/lease/kcl"
	"github.com/kstream/kstream/pkg/lease/leasetest"
)

// leased starts a Kinesis and a DynamoDB.
func leased(t *testing.T) (*kinesislocal.Server, *leasetest.Server) {
	t.Helper()
	tables := leasetest.New(t)
	server := embedded(t)
	t.Setenv("AWS_ENDPOINT_URL_DYNAMODB", tables.URL)
	return server, tables
}

// leaseJSON is a row of a lease table. More is added to it as it is.
func leaseJSON(key, checkpoint, owner, more string) string {
	row := fmt.Sprintf(`{"leaseKey":{"S":%q},"checkpoint":{"S":%q},"checkpointSubSequenceNumber":{"N":"0"},"leaseCounter":{"N":"7"}`, key, checkpoint)
	if owner != "" {
		row += fmt.Sprintf(`,"leaseOwner":{"S":%q}`, owner)
	}
	return row + more + "}"
}

func parents(shards ...string) string {
	list, _ := json.Marshal(shards)
	return fmt.Sprintf(`,"parentShardId":{"SS":%s}`, list)
}

const (
	shard0 = "shardId-000000000000"
	shard1 = "shardId-000000000001"
	shard2 = "shardId-000000000002"
	shard3 = "shardId-000000000003"
	shard4 = "shardId-000000000004"
)

// lagOf runs kstream lag -o json with args, and returns its rows by shard.
func lagOf(t *testing.T, args ...string) (map[string]lagRow, string) {
	t.Helper()
	var out, errOut bytes.Buffer
	if status := execute(append([]string{"lag", "-o", "json"}, args...), strings.NewReader(""), &out, &errOut); status != exitDone {
		t.Fatalf("lag %v: status %d: %s", args, status, &errOut)
	}
	rows := map[string]lagRow{}
	for d := json.NewDecoder(&out); d.More(); {
		var r lagRow
		must(t, d.Decode(&r))
		rows[r.Shard] = r
	}
	return rows, errOut.String()
}

// TestLagOfAGroup asks a stream about leases of all kinds.
func TestLagOfAGroup(t *testing.T) {
	server, tables := leased(t)
	must(t, server.CreateStream("orders", 3))
	var sequences []string
	for range 3 {
		_, sequence, err := server.Put("orders", "k", []byte("x"))
		must(t, err)
		sequences = append(sequences, sequence)
	}
	shard, _, err := server.Put("orders", "k", []byte("x"))
	must(t, err)
	_, _, err = server.Split("orders", shard2)
	must(t, err)
	tables.Put("app", "leaseKey",
		leaseJSON(shard0, "SHARD_END", "a", ""),
		leaseJSON(shard1, "LATEST", "", ""),
		leaseJSON(shard2, "TRIM_HORIZON", "a", `,"throughputKBps":{"N":"2.0E-1"},"checkpointOwner":{"S":"b"}`),
		leaseJSON(shard3, "TRIM_HORIZON", "b", parents(shard2)),
		leaseJSON("shardId-000000000099", sequences[0], "b", ""),
		`{"leaseKey":{"S":"b"},"entityType":{"S":"WORKER_METRIC_STATS"},"lut":{"N":"1"}}`,
	)
	tables.Put("app2", "leaseKey", leaseJSON(shard, sequences[0], "a", ""))
	rows, says := lagOf(t, "orders", "--group", "app")
	if says != "" {
		t.Errorf("it says %s", says)
	}
	got := map[string]string{}
	for shard, r := range rows {
		got[shard] = fmt.Sprintf("%s, %s, behind %t", r.state(), r.Position, r.Behind != nil)
	}
	want := map[string]string{
		shard0: "ended, ended, behind false",
		shard1: "nobody reads it, latest, behind false",
		shard2: "reading (closed), oldest, behind true",
		shard3: "waits for its parents, oldest, behind true",
		shard4: "no lease yet, -, behind false",

		"shardId-000000000099": "no longer kept, after " + sequences[0] + ".0, behind false",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want (-) and got (+):\n%s", diff)
	}
	if r := rows[shard2]; r.owner() != "a (b still reads)" || r.PerSecond == nil || *r.PerSecond != 204.8 || r.Left == nil {
		t.Errorf("got %+v", r)
	}
	if r := rows[shard3]; r.OwnerSeen == nil || r.Stream != "orders" || len(r.Parents) != 1 {
		t.Errorf("got %+v", r)
	}
	// Behind the last record there is nothing, behind the one before it one that waits.
	ends := map[string]func(float64) bool{sequences[0]: func(s float64) bool { return s > 0 }, sequences[2]: func(s float64) bool { return s >= 0 }}
	for sequence, right := range ends {
		tables.Put("app2", "leaseKey", leaseJSON(shard, sequence, "a", ""))
		rows, _ := lagOf(t, "orders", "--group", "app2")
		if r := rows[shard]; r.Behind == nil || !right(*r.Behind) || r.Sequence != sequence {
			t.Errorf("at %s: got %+v", sequence, r)
		}
	}
}

// TestLagOfKCLTables shows tables that the KCL itself wrote. They do not say which stream they are about.
func TestLagOfKCLTables(t *testing.T) {
	_, tables := leased(t)
	tables.Load(t, "orders-app", filepath.Join("..", "..", "pkg", "lease", "kcl", "testdata", "3.5.1", "12-second-worker.json"))
	var out bytes.Buffer
	status := execute([]string{"lag", "--group", "orders-app", "-o", "wide"}, strings.NewReader(""), &out, &out)
	for _, want := range []string{
		"orders-app does not say which stream its leases are of: `kstream lag STREAM --group orders-app` asks",
		"lease table orders-app: 5 leases, 2 workers",
		"OWNER SEEN",
		"shardId-000000000000  ended    worker-b",
		"after 49680485684115778890925290289375692597412001255956414498.0",
	} {
		if status != exitDone || !strings.Contains(out.String(), want) {
			t.Errorf("status %d, want %q in\n%s", status, want, &out)
		}
	}
}

func TestLagOfAGroupOfSeveralStreams(t *testing.T) {
	server, tables := leased(t)
	must(t, server.CreateStream("shop", 1))
	tables.Put("app", "leaseKey",
		leaseJSON("123456789012:shop:1600000000:"+shard0, "TRIM_HORIZON", "a", ""),
		leaseJSON("123456789012:logs:1600000000:"+shard0, "TRIM_HORIZON", "a", ""),
	)
	var out bytes.Buffer
	status := execute([]string{"lag", "--group", "app"}, strings.NewReader(""), &out, &out)
	for _, want := range []string{
		"leases of shop are isn't known: they are of a stream of that name that was made at 2020-09-13T12:26:40Z",
		`leases of logs are isn't known: there is no stream "logs" in us-east-1: `,
		"logs/" + shard0 + "  reading  a      -",
	} {
		if status != exitDone || !strings.Contains(out.String(), want) {
			t.Errorf("status %d, want %q in\n%s", status, want, &out)
		}
	}
}

// A lease whose counter moves between two looks has a worker that lives; of one look nothing is said.
func TestLeaseUnchanged(t *testing.T) {
	g := &groupLag{still: map[string]stillness{}}
	begin := time.Unix(1000, 0)
	for _, look := range []struct {
		after   time.Duration
		counter int64
		want    string
	}{{0, 7, ""}, {2 * time.Second, 7, "2.0s"}, {4 * time.Second, 7, "4.0s"}, {6 * time.Second, 8, "0.0s"}, {9 * time.Second, 8, "3.0s"}} {
		r := g.row(begin.Add(look.after), &kcl.Table{}, &kcl.Lease{Key: shard0, Counter: look.counter})
		if got := spanCell(r.Still, ""); got != look.want {
			t.Errorf("after %v: got %q, want %q", look.after, got, look.want)
		}
	}
}

// A look makes one call for each shard, of which READ_SHARE allows so many.
func TestLagInterval(t *testing.T) {
	for share, want := range map[float64]time.Duration{1: watchInterval, 0.5: watchInterval, 0.02: 10 * time.Second} {
		if got := (&groupLag{source: config.Source{ReadShare: share}}).interval(); got != want {
			t.Errorf("READ_SHARE %v: every %v, want %v", share, got, want)
		}
	}
}

// TestLagOfNoGroup says what is wrong, and what to try.
func TestLagOfNoGroup(t *testing.T) {
	server, tables := leased(t)
	must(t, server.CreateStream("orders", 1))
	tables.Put("orders-app", "leaseKey", leaseJSON(shard0, "LATEST", "a", ""))
	tables.Put("customers", "id")
	for _, c := range []struct {
		denied, args, want string
		status             int
	}{
		{"", "--group order-app", `there is no DynamoDB table "order-app" in us-east-1; did you mean "orders-app"?`, exitFailed},
		{"", "--group zebra", `there is no DynamoDB table "zebra" in us-east-1: a lease table has the name of its KCL application`, exitFailed},
		{"ListTables", "--group order-app", "which ones there are can't be told: listing tables: access denied: arn:aws:iam::123456789012:user/me may not do dynamodb:ListTables", exitFailed},
		{"Scan", "--group orders-app", "may not do dynamodb:Scan on *", exitFailed},
		{"", "--group customers", `DynamoDB table "customers" is no lease table: its key is id`, exitFailed},
		{"", "orders --group orders-app --max 1h", "orders/" + shard0 + ": how far behind it is isn't known yet", exitCheck},
		{"", "--group orders-app --addr 127.0.0.1:1", "give one of them", exitWrong},
	} {
		tables.Deny(c.denied)
		var out bytes.Buffer
		status := execute(append([]string{"lag"}, strings.Fields(c.args)...), strings.NewReader(""), &out, &out)
		if status != c.status || !strings.Contains(out.String(), c.want) {
			t.Errorf("%s: status %d, got\n%s\nwant %d, %s", c.args, status, &out, c.status, c.want)
		}
	}
}
