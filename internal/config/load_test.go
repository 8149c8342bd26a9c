package config

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kstream/kstream/pkg/record"
)

func TestMain(m *testing.M) {
	for _, entry := range os.Environ() { // the developer's own settings are not the tests'
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, Prefix) {
			os.Unsetenv(name)
		}
	}
	os.Exit(m.Run())
}

// load loads everything with these variables and flags; "--" tells a flag.
func load(t *testing.T, settings ...string) (*Config, []Fault) {
	t.Helper()
	o := Options{Everything: true, Flags: map[string]string{}}
	for _, s := range settings {
		name, value, _ := strings.Cut(s, "=")
		if flag, ok := strings.CutPrefix(name, "--"); ok {
			o.Flags[flag] = value
			continue
		}
		t.Setenv(name, value)
	}
	return loadWith(t, o)
}

func loadWith(t *testing.T, o Options) (*Config, []Fault) {
	t.Helper()
	c, err := Load(o)
	if err == nil {
		return c, nil
	}
	var faults *Faults
	if !errors.As(err, &faults) {
		t.Fatalf("got %v, want faults", err)
	}
	return c, faults.List
}

func TestDefaults(t *testing.T) {
	c, faults := load(t, "KSTREAM_STREAM=logs")
	if faults != nil {
		t.Fatal(faults)
	}
	// The contract's tables, in its order.
	for _, want := range []struct {
		name string
		ok   bool
	}{
		{"FROM", c.Source.From == From{Position: record.Position{Where: record.Oldest}}},
		{"UNTIL", c.Source.Until == nil},
		{"POLL_INTERVAL", c.Source.PollInterval == nil},
		{"READ_SHARE", c.Source.ReadShare == 1},
		{"DEAGGREGATE", c.Source.Deaggregate == "true"},
		{"BUFFER", c.Source.Buffer == defaultBuffer(containerLimit())},
		{"DEAD_LETTER", c.Sink.DeadLetters == Target{Kind: "log"}},
		{"SINK", c.Sink.Kind == "stdout"},
		{"SINK_FRAMING", c.Sink.Framing == "lines"},
		{"FILE_COMPRESSION", c.Sink.File.Compression == ""},
		{"SINK_AGGREGATE, SINK_ORDER", !c.Sink.Aggregate && !c.Sink.Strict},
		{"SINK_BATCH_BYTES", c.Sink.BatchBytes == 5<<20},
		{"SINK_LINGER", c.Sink.Linger == 100*time.Millisecond},
		{"SINK_IN_FLIGHT", c.Sink.InFlight == 4},
		{"STATE_DIR", c.Run.StateDir == ""},
		{"CHECKPOINT_INTERVAL", c.Run.CheckpointInterval == 10*time.Second},
		{"SHUTDOWN_TIMEOUT", c.Run.ShutdownTimeout == 25*time.Second},
		{"HTTP_ADDR", c.Run.HTTPAddr == "127.0.0.1:8080" && !c.Run.HTTPAddrSet},
		{"HTTP_PAYLOADS", !c.Run.HTTPPayloads},
		{"METRICS_PER_SHARD", c.Run.MetricsPerShard},
		{"LOG_LEVEL, LOG_FORMAT", c.Run.LogLevel == "info" && c.Run.LogFormat == "auto"},
	} {
		if !want.ok {
			t.Errorf("%s has another default", want.name)
		}
	}
}

func TestWhereValuesComeFrom(t *testing.T) {
	file := filepath.Join(t.TempDir(), "chain")
	if err := os.WriteFile(file, []byte("filter a\nfilter b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		settings []string
		variable string
		text     string
		origin   string
	}{
		{"the default", nil, "FROM", "oldest", "default"},
		{"the variable", []string{"KSTREAM_FROM=1h"}, "FROM", "1h", "KSTREAM_FROM"},
		{"empty is not set", []string{"KSTREAM_FROM="}, "FROM", "oldest", "default"},
		{"an empty flag is not set", []string{"KSTREAM_FROM=1h", "--from="}, "FROM", "1h", "KSTREAM_FROM"},
		{"the flag wins", []string{"KSTREAM_FROM=1h", "--from=2h"}, "FROM", "2h", "--from"},
		{"a file, less its last new line", []string{"KSTREAM_OPERATORS_FILE=" + file}, "OPERATORS", "filter a\nfilter b", "KSTREAM_OPERATORS_FILE=" + file},
		{"the chain's file by its flag", []string{"KSTREAM_OPERATORS=filter x", "--operators-file=" + file}, "OPERATORS", "filter a\nfilter b", "--operators-file=" + file},
		{"a file for any", []string{"KSTREAM_SINK_PARTITION_KEY_FILE=" + file}, "SINK_PARTITION_KEY", "filter a\nfilter b", "KSTREAM_SINK_PARTITION_KEY_FILE=" + file},
	} {
		t.Run(c.name, func(t *testing.T) {
			conf, faults := load(t, append([]string{"KSTREAM_STREAM=logs"}, c.settings...)...)
			if faults != nil {
				t.Fatal(faults)
			}
			if v := conf.Values[c.variable]; v.Text != c.text || v.Origin != c.origin || v.Set() != (c.origin != "default") {
				t.Errorf("%q from %q, want %q from %q", v.Text, v.Origin, c.text, c.origin)
			}
		})
	}
}

// Commands that only look round read the connection's variables, and nothing of what run is to do.
func TestScopes(t *testing.T) {
	for _, v := range []string{
		"KSTREAM_STREAM=logs", "KSTREAM_READ_SHARE=0.25", "KSTREAM_LOG_LEVEL=error", "KSTREAM_SINK=file", "KSTREAM_OPERATORS=filter (",
		"KSTREAM_STATE_DIR=/state", "KSTREAM_FROM=never", "KSTREAM_NONSENSE=1", "KSTREAM_BUFFER=1",
	} {
		name, value, _ := strings.Cut(v, "=")
		t.Setenv(name, value)
	}
	c, faults := loadWith(t, Options{Defaults: map[string]string{"FROM": "latest", "READ_SHARE": "0.5"}})
	if faults != nil {
		t.Fatalf("other commands found %v", faults)
	}
	if !slices.Equal(c.Source.Streams, []string{"logs"}) || c.Source.ReadShare != 0.25 || c.Run.LogLevel != "error" {
		t.Errorf("the connection is %+v", c.Source)
	}
	if c.Sink.Kind != "stdout" || c.Chain.Text != "" || c.Run.StateDir != "" || c.Source.From.Position.Where != record.Latest {
		t.Errorf("more was read than other commands should: %+v", c)
	}
	var everywhere []string
	for _, v := range Variables() {
		if v.Everywhere {
			everywhere = append(everywhere, v.Name)
		}
	}
	want := []string{"STREAM", "POLL_INTERVAL", "READ_SHARE", "WIRE", "ROLE_ARN", "ROLE_EXTERNAL_ID", "SCHEMA_REGISTRY_URL", "SCHEMA_REGISTRY_USER", "SCHEMA_REGISTRY_PASSWORD", "SCHEMA_REGISTRY_TOKEN", "LOG_LEVEL", "LOG_FORMAT"}
	if !slices.Equal(everywhere, want) {
		t.Errorf("every command reads %v, want %v", everywhere, want)
	}
}
