package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// answersOf starts a Kinesis that has one answer for each operation, and refuses others as emulators do. An answer that begins
// with ! is the code of an error.
func answersOf(t *testing.T, answers map[string]string) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		answer, known := answers[operation]
		if !known {
			answer = "!UnknownOperationException"
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		if code, refused := strings.CutPrefix(answer, "!"); refused {
			w.WriteHeader(http.StatusBadRequest)
			answer = fmt.Sprintf(`{"__type":%q,"message":""}`, code)
		}
		if _, err := io.WriteString(w, answer); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(s.Close)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_KINESIS": s.URL, "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y",
	} {
		t.Setenv(name, value)
	}
}

const described = `{"StreamDescriptionSummary":{"StreamName":"logs","StreamARN":"arn:aws:kinesis:eu-west-1:1:stream/logs","StreamStatus":"ACTIVE",
	"StreamModeDetails":{"StreamMode":"ON_DEMAND"},"RetentionPeriodHours":168,"StreamCreationTimestamp":1767261600,"OpenShardCount":2,
	"EncryptionType":"KMS","KeyId":"alias/aws/kinesis","MaxRecordSizeInKiB":10240,"ConsumerCount":1,
	"EnhancedMonitoring":[{"ShardLevelMetrics":["IncomingBytes","OutgoingBytes"]}]}}`

const listed = `{"Shards":[{"ShardId":"shardId-000000000000","HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"9"},
	"SequenceNumberRange":{"StartingSequenceNumber":"1","EndingSequenceNumber":"2"}}]}`

func TestDescribe(t *testing.T) {
	answersOf(t, map[string]string{
		"DescribeStreamSummary": described, "ListShards": listed,
		"ListStreamConsumers": `{"Consumers":[{"ConsumerName":"billing","ConsumerARN":"arn:c","ConsumerStatus":"ACTIVE","ConsumerCreationTimestamp":1767261600}]}`,
		"ListTagsForStream":   `{"HasMoreTags":false,"Tags":[{"Key":"team","Value":"data"},{"Key":"env","Value":""}]}`,
	})
	var out bytes.Buffer
	if status := execute([]string{"describe", "logs", "-o", "wide"}, strings.NewReader(""), &out, &out); status != exitDone {
		t.Fatalf("status %d: %s", status, &out)
	}
	want := []string{
		"Stream          logs",
		"ARN             arn:aws:kinesis:eu-west-1:1:stream/logs",
		"Status          ACTIVE",
		"Mode            ON_DEMAND",
		"Shards          2 open, 1 closed that still hold records",
		"Retention       7 days (168h)",
		"Largest record  10 MiB",
		"Encryption      KMS, key alias/aws/kinesis",
		"Shard metrics   IncomingBytes, OutgoingBytes",
		"Tags            env=, team=data",
		"Consumers       1 consumer, each with 2 MB/s a shard of its own",
		"                billing, ACTIVE, since 2026-01-01T10:00:00Z, arn:c",
	}
	var got []string
	for line := range strings.Lines(out.String()) {
		if !strings.HasPrefix(line, "Created  ") { // so long ago
			got = append(got, strings.TrimSuffix(line, "\n"))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want (-) and got (+):\n%s", diff)
	}
}

// What may not be seen is said, what an emulator does not know is not, and the rest is shown.
func TestDescribeWithoutPermission(t *testing.T) {
	answersOf(t, map[string]string{"DescribeStreamSummary": described, "ListShards": listed, "ListStreamConsumers": "!AccessDeniedException"})
	var out, errOut bytes.Buffer
	if status := execute([]string{"describe", "logs", "-o", "json"}, strings.NewReader(""), &out, &errOut); status != exitDone {
		t.Fatalf("status %d: %s", status, &errOut)
	}
	if want := "kstream: who has registered to read it can't be told: access denied: kinesis:ListStreamConsumers is not allowed\n"; errOut.String() != want {
		t.Errorf("it says %s, want %s", &errOut, want)
	}
	var got map[string]any
	must(t, json.Unmarshal(out.Bytes(), &got))
	for name, want := range map[string]any{"open_shards": 2.0, "closed_shards": 1.0, "consumers": nil, "tags": nil, "encryption_key": "alias/aws/kinesis"} {
		if value, there := got[name]; !there || value != want {
			t.Errorf("%s is %v, want %v", name, value, want)
		}
	}
}
