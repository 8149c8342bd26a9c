package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

// What is wrong is said of the variable it stands in, with what to try.
func TestFaults(t *testing.T) {
	value := filepath.Join(t.TempDir(), "value")
	if err := os.WriteFile(value, []byte("x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		settings string // parted by spaces
		name     string // of the fault
		says     string
	}{
		{"KSTREAM_STREAM=", "KSTREAM_STREAM", "kstream streams"},
		{"KSTREAM_FROM=lates", "KSTREAM_FROM", "did you mean latest?"},
		{"KSTREAM_FROM=yesterday", "KSTREAM_FROM", "is no time"},
		{"--from=shardId-1:5", "--from", "shardId-000000000000:SEQUENCE"},
		{"KSTREAM_STREAM=a,b KSTREAM_FROM=shardId-000000000000:5", "KSTREAM_FROM", "one stream"},
		{"KSTREAM_UNTIL=soon", "KSTREAM_UNTIL", "is no time"},
		{"KSTREAM_READ_SHARE=2", "KSTREAM_READ_SHARE", "up to 1"},
		{"KSTREAM_READ_SHARE=nan", "KSTREAM_READ_SHARE", "up to 1"},
		{"KSTREAM_POLL_INTERVAL=1", "KSTREAM_POLL_INTERVAL", "is no duration"},
		{"KSTREAM_DEAGGREGATE=unfilterd", "KSTREAM_DEAGGREGATE", "did you mean unfiltered?"},
		{"KSTREAM_BUFFER=1000", "KSTREAM_BUFFER", "1MiB at least"},
		{"KSTREAM_SOURCE=kafka", "KSTREAM_SOURCE", "does not have the Kafka source yet"},
		{"KSTREAM_READ=fan-out", "KSTREAM_READ", "does not have enhanced fan-out yet"},
		{"KSTREAM_GROUP=g", "KSTREAM_GROUP", "workers that share a stream's shards yet"},
		{"KSTREAM_GROUP_FILE=" + value, "KSTREAM_GROUP_FILE", "workers that share a stream's shards yet"},
		{"KSTREAM_SINK=fil", "KSTREAM_SINK", "did you mean file?"},
		{"KSTREAM_SINK=s3 KSTREAM_STATE_DIR=/s", "KSTREAM_SINK", "does not have the S3 sink yet"},
		{"KSTREAM_SINK=file KSTREAM_STATE_DIR=/s", "KSTREAM_FILE_PATH", "must be set"},
		{"KSTREAM_SINK=file KSTREAM_FILE_PATH=/x", "KSTREAM_STATE_DIR", "docker: -v"},
		{"KSTREAM_SINK=file KSTREAM_FILE_PATH=/x KSTREAM_STATE_DIR=none", "KSTREAM_STATE_DIR", "must be set"},
		{"KSTREAM_SINK=kinesis KSTREAM_STATE_DIR=/s", "KSTREAM_SINK_STREAM", "must be set"},
		{"KSTREAM_SINK=kinesis KSTREAM_STATE_DIR=/s KSTREAM_SINK_STREAM=logs", "KSTREAM_SINK_STREAM", "read again, for ever"},
		{"KSTREAM_STREAM=logs,bad/name", "KSTREAM_STREAM", "can't be the name of a stream"},
		{"KSTREAM_STREAM=" + strings.Repeat("x", 129), "KSTREAM_STREAM", "can't be the name of a stream"},
		{"KSTREAM_STREAM=arn:aws:kinesis:eu-west-1:123456789012:stream/" + strings.Repeat("x", 129), "KSTREAM_STREAM", "is no ARN of a stream"},
		{"--stream=arn:aws:kinesis:eu-west-1:stream/logs", "--stream", "arn:aws:kinesis:REGION:ACCOUNT:stream/NAME"},
		{"KSTREAM_STREAM=logs,other,logs", "KSTREAM_STREAM", "twice"},
		{"KSTREAM_UNTIL=2h KSTREAM_FROM=1h", "KSTREAM_UNTIL", "before FROM"},
		{"KSTREAM_UNTIL=2026-01-01 KSTREAM_FROM=2026-01-02", "KSTREAM_UNTIL", "2026-01-01 is before FROM, which is 2026-01-02"},
		{"KSTREAM_UNTIL=now KSTREAM_FROM=2099-01-01", "KSTREAM_UNTIL", "before FROM"},
		{"KSTREAM_HTTP_ADDR=8080", "KSTREAM_HTTP_ADDR", "HOST:PORT"},
		{"KSTREAM_HTTP_ADDR=127.0.0.1:99999", "KSTREAM_HTTP_ADDR", "HOST:PORT"},
		{"KSTREAM_SINK=kinesis KSTREAM_STATE_DIR=/s KSTREAM_SINK_STREAM=a,b", "KSTREAM_SINK_STREAM", "can't be the name of a stream"},
		{"KSTREAM_DEAD_LETTER=kinesis:a,b", "KSTREAM_DEAD_LETTER", "can't be the name of a stream"},
		{"KSTREAM_SINK=file KSTREAM_STATE_DIR=/s KSTREAM_FILE_PATH=/x/{hots}", "KSTREAM_FILE_PATH", "only {host}"},
		{"KSTREAM_SINK=file KSTREAM_STATE_DIR=/s KSTREAM_FILE_PATH=/x KSTREAM_FILE_COMPRESSION=gzip KSTREAM_DEAD_LETTER=file:/x.gz", "KSTREAM_DEAD_LETTER", "sink's own file /x.gz"},
		{"KSTREAM_SINK=file KSTREAM_STATE_DIR=/s KSTREAM_FILE_PATH=/s/dead-letters.jsonl", "KSTREAM_DEAD_LETTER", "sink's own file"},
		{"KSTREAM_SINK=file KSTREAM_STATE_DIR=/s KSTREAM_FILE_PATH=./x-{host} KSTREAM_DEAD_LETTER=file:x-" + host, "KSTREAM_DEAD_LETTER", "sink's own file"},
		{"KSTREAM_SINK_FRAMING=line", "KSTREAM_SINK_FRAMING", "did you mean lines?"},
		{"--operators-file=nowhere", "--operators-file", "no such file"},
		{"KSTREAM_PARALLELISM=0", "KSTREAM_PARALLELISM", "from 1 to 256"},
		{"KSTREAM_PARALLELISM=257", "KSTREAM_PARALLELISM", "from 1 to 256"},
		{"KSTREAM_IDLE_TIMEOUT=0s", "KSTREAM_IDLE_TIMEOUT", "more than nothing"},
		{"KSTREAM_MAX_DRIFT=soon", "KSTREAM_MAX_DRIFT", "no duration"},
		{"KSTREAM_STATE_MEMORY=1kB", "KSTREAM_STATE_MEMORY", "1MiB at least"},
		{"KSTREAM_SINK_IN_FLIGHT=0", "KSTREAM_SINK_IN_FLIGHT", "from 1 to 1000"},
		{"KSTREAM_SINK_BATCH_BYTES=1GiB", "KSTREAM_SINK_BATCH_BYTES", "10MiB"},
		{"KSTREAM_FILE_ROLL_INTERVAL=0s", "KSTREAM_FILE_ROLL_INTERVAL", "more than nothing"},
		{"KSTREAM_FILE_COMPRESSION=lz4", "KSTREAM_FILE_COMPRESSION", "none, gzip or zstd"},
		{"KSTREAM_DEAD_LETTER=file:", "KSTREAM_DEAD_LETTER", "file:PATH"},
		{"KSTREAM_DEAD_LETTER=file:/x", "KSTREAM_DEAD_LETTER", "needs STATE_DIR"},
		{"KSTREAM_DEAD_LETTER=kinesis:logs", "KSTREAM_DEAD_LETTER", "read again, for ever"},
		{"KSTREAM_DEAD_LETTER=bin", "KSTREAM_DEAD_LETTER", "fail or discard"},
		{"KSTREAM_CHECKPOINT_INTERVAL=none", "KSTREAM_CHECKPOINT_INTERVAL", "more than nothing"},
		{"KSTREAM_METRICS_PER_SHARD=yes", "KSTREAM_METRICS_PER_SHARD", "true"},
		{"KSTREAM_LOG_LEVEL=warm", "KSTREAM_LOG_LEVEL", "did you mean warn?"},
		{"KSTREAM_LOG_LEVEL='info'", "KSTREAM_LOG_LEVEL", "stands in quotes"},
		{`KSTREAM_FILE_PATH="/x"`, "KSTREAM_FILE_PATH", "--env-file"},
		{"KSTREAM_STREM=x", "KSTREAM_STREM", "did you mean KSTREAM_STREAM?"},
		{"KSTREAM_SOMETHING_ELSE=x", "KSTREAM_SOMETHING_ELSE", "kstream env"},
		{"KSTREAM_FROM=1h KSTREAM_FROM_FILE=" + value, "KSTREAM_FROM", "one of them"},
		{"KSTREAM_FROM_FILE=/no/such/file", "KSTREAM_FROM_FILE", "no such file"},
		{"KSTREAM_FROM_FILE=" + value, "KSTREAM_FROM_FILE=" + value, "is no time"},
	} {
		t.Run(c.settings, func(t *testing.T) {
			settings := append([]string{"KSTREAM_STREAM=logs"}, strings.Fields(c.settings)...)
			_, faults := load(t, settings...)
			if len(faults) != 1 || faults[0].Name != c.name || !strings.Contains(faults[0].Message, c.says) {
				t.Errorf("got %+v, want one of %s that says %q", faults, c.name, c.says)
			}
		})
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	_, faults := load(t, "KSTREAM_FROM=never", "KSTREAM_SINK=fil", "KSTREAM_BUFFER=1", "KSTREAM_OPERATOR=x")
	var names []string
	for _, f := range faults {
		names = append(names, f.Name)
	}
	want := "KSTREAM_OPERATOR KSTREAM_FROM KSTREAM_BUFFER KSTREAM_SINK KSTREAM_STREAM"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("faults of %s, want %s", got, want)
	}
	if text := (&Faults{faults}).Error(); !strings.HasPrefix(text, "5 things are wrong") || strings.Count(text, "\n  - ") != 5 {
		t.Errorf("they read:\n%s", text)
	}
}

// What is fine, and could be taken for a fault.
func TestNoFaults(t *testing.T) {
	for _, settings := range []string{
		"KSTREAM_PORT=tcp://10.0.0.1:8080 KSTREAM_SERVICE_HOST=10.0.0.1 KSTREAM_SERVICE_PORT=80 KSTREAM_SERVICE_PORT_HTTP=80",
		"KSTREAM_PORT_8080_TCP=tcp://10.0.0.1:8080 KSTREAM_PORT_8080_TCP_PROTO=tcp KSTREAM_PORT_8080_TCP_PORT=8080 KSTREAM_PORT_8080_TCP_ADDR=10.0.0.1",
		"KSTREAM_STATUS_PORT=udp://10.0.0.1:1 KSTREAM_STATUS_SERVICE_HOST=10.0.0.1",
		"KSTREAM_UNKNOWN= KSTREAM_GROUP=",
		`KSTREAM_SINK_PARTITION_KEY="x"`,
		"KSTREAM_HTTP_ADDR=none KSTREAM_STATE_DIR=none KSTREAM_UNTIL=none KSTREAM_ROLE_ARN=none KSTREAM_POLL_INTERVAL=none KSTREAM_OPERATORS=none KSTREAM_FILE_ROLL_SIZE=none",
		"KSTREAM_SINK=kinesis KSTREAM_SINK_STREAM=logs KSTREAM_SINK_ENDPOINT_URL=http://elsewhere KSTREAM_STATE_DIR=/s",
	} {
		t.Run(settings, func(t *testing.T) {
			c, faults := load(t, append([]string{"KSTREAM_STREAM=logs"}, strings.Fields(settings)...)...)
			if faults != nil {
				t.Error(faults)
			}
			if strings.Contains(settings, "=none") && (c.Run.HTTPAddr != "" || c.Run.StateDir != "" || c.Source.Until != nil ||
				c.Source.RoleARN != "" || c.Source.PollInterval != nil || c.Chain.Text != "" || c.Sink.File.RollSize != 0) {
				t.Errorf("none turns a thing off, and here it is %+v", c)
			}
		})
	}
}

func TestPlacesToBegin(t *testing.T) {
	for text, want := range map[string]From{
		"oldest":                        {Position: record.Position{Where: record.Oldest}},
		"latest":                        {Position: record.Position{Where: record.Latest}},
		"10m":                           {Position: record.Position{Where: record.Latest}, Ago: 10 * time.Minute},
		"-10m":                          {Position: record.Position{Where: record.Latest}, Ago: 10 * time.Minute},
		"1795392000123":                 {Position: record.Position{Where: record.AtTime, Time: 1795392000123}},
		"shardId-000000000012:00495":    {Position: record.Position{Where: record.At, Sequence: "495"}, Shard: "shardId-000000000012"},
		"shardId-000000000000:00000000": {Position: record.Position{Where: record.At, Sequence: "0"}, Shard: "shardId-000000000000"},
	} {
		t.Run(text, func(t *testing.T) {
			c, faults := load(t, "KSTREAM_STREAM=logs", "KSTREAM_FROM="+text)
			if faults != nil || c.Source.From != want {
				t.Errorf("%+v, %v, want %+v", c.Source.From, faults, want)
			}
		})
	}
}

func TestDeadLettersGo(t *testing.T) {
	for settings, want := range map[string]Target{
		"":                                {Kind: "log"},
		"KSTREAM_STATE_DIR=/s":            {"file", "/s/dead-letters.jsonl"},
		"KSTREAM_DEAD_LETTER=fail":        {Kind: "fail"},
		"KSTREAM_DEAD_LETTER=kinesis:bad": {"kinesis", "bad"},
		"KSTREAM_STATE_DIR=/s KSTREAM_DEAD_LETTER=file:/x.jsonl": {"file", "/x.jsonl"},
	} {
		t.Run(settings, func(t *testing.T) {
			c, faults := load(t, append([]string{"KSTREAM_STREAM=logs"}, strings.Fields(settings)...)...)
			if faults != nil || c.Sink.DeadLetters != want {
				t.Errorf("%+v, %v, want %+v", c.Sink.DeadLetters, faults, want)
			}
		})
	}
}
