package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/kstream/kstream/pkg/status"
)

// In a pipe top prints what there is, once, as plain text.
func TestTopInAPipe(t *testing.T) {
	now := time.Now()
	asked := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.Path
		must(t, json.NewEncoder(w).Encode(status.Report{
			Now: now, Started: now, Health: status.Verdict{OK: true}, Ready: status.Verdict{OK: true},
			Partitions: []status.PartitionReport{{Stream: "logs", Shard: "shardId-000000000007"}},
		}))
	}))
	defer server.Close()
	var out, errOut bytes.Buffer
	code := execute([]string{"top", "--addr", strings.TrimPrefix(server.URL, "http://")}, strings.NewReader(""), &out, &errOut)
	if code != exitDone || errOut.Len() > 0 || asked != "/api/status" {
		t.Errorf("exit %d, %s was asked for, and on stderr is %q", code, asked, &errOut)
	}
	for _, want := range []string{"healthy, ready", "SHARDS 1", "shardId-000000000007", "STAGES 0"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("there is no %q in\n%s", want, &out)
		}
	}
	if strings.Contains(out.String(), "\x1b") {
		t.Errorf("a pipe got colours: %q", &out)
	}
}

func TestTopWhereNobodyAnswers(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	addr := strings.TrimPrefix(server.URL, "http://")
	for _, want := range []string{"it is no kstream", "is a kstream running there"} {
		var out, errOut bytes.Buffer
		if code := execute([]string{"top", "--addr", addr}, strings.NewReader(""), &out, &errOut); code != exitFailed || !strings.Contains(errOut.String(), want) {
			t.Errorf("exit %d, %q; want %q", code, &errOut, want)
		}
		server.Close() // and then nobody is there at all
	}
}
