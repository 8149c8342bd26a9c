package telemetry

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// environment parts NAME=VALUE words.
func environment(settings string) func(string) string {
	values := map[string]string{}
	for _, s := range strings.Fields(settings) {
		name, value, _ := strings.Cut(s, "=")
		values[name] = strings.ReplaceAll(value, "_", " ")
	}
	return func(name string) string { return values[name] }
}

const (
	all    = "OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318 "
	traces = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://c:4318/t "
)

func TestWhatIsOn(t *testing.T) {
	on := func(to string) Signal { return Signal{On: true, To: to} }
	for _, c := range []struct {
		name, settings  string
		metrics, traces Signal
	}{
		{"nothing is set", "", Signal{}, Signal{}},
		{"what matters only with an endpoint", "OTEL_SERVICE_NAME=x OTEL_EXPORTER_OTLP_PROTOCOL=grpc OTEL_TRACES_SAMPLER=x", Signal{}, Signal{}},
		{"an endpoint", all, on("http://c:4318/v1/metrics"), on("http://c:4318/v1/traces")},
		{"with a path", "OTEL_EXPORTER_OTLP_ENDPOINT=https://c/otel/", on("https://c/otel/v1/metrics"), on("https://c/otel/v1/traces")},
		{"of one signal", traces, Signal{}, on("http://c:4318/t")},
		{"of both, and one of its own", all + traces, on("http://c:4318/v1/metrics"), on("http://c:4318/t")},
		{"one is off", all + "OTEL_TRACES_EXPORTER=none", on("http://c:4318/v1/metrics"), Signal{}},
		{"by the exporter's name", "OTEL_METRICS_EXPORTER=otlp", Signal{On: true, To: "http://localhost:4318/v1/metrics", fallback: true}, Signal{}},
		{"all is off", all + "OTEL_SDK_DISABLED=True OTEL_TRACES_EXPORTER=x", Signal{}, Signal{}},
		{"a password is not shown", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://me:secret@c/", Signal{}, on("http://me:xxxxx@c/")},
		{"the signal's own protocol wins", traces + "OTEL_EXPORTER_OTLP_PROTOCOL=grpc OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf", Signal{}, on("http://c:4318/t")},
	} {
		got, faults := Read(environment(c.settings))
		if len(faults) > 0 {
			t.Errorf("%s: %v", c.name, faults)
		}
		if diff := cmp.Diff(Settings{c.metrics, c.traces}, got, cmpopts.EquateComparable(Signal{})); diff != "" {
			t.Errorf("%s: wanted (-) and read (+) differ:\n%s", c.name, diff)
		}
	}
}

// Everything that is wrong is said, each once, by the variable that it stands in.
func TestWhatIsWrong(t *testing.T) {
	for _, c := range []struct{ settings, says string }{
		{"OTEL_EXPORTER_OTLP_ENDPOINT=c:4318", "OTEL_EXPORTER_OTLP_ENDPOINT: it has to be a URL, such as http://collector:4318"},
		{all + "OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "OTEL_EXPORTER_OTLP_PROTOCOL: kstream speaks OTLP over HTTP only"},
		{traces + "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=thrift", `OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: it can be http/protobuf, not "thrift"`},
		{all + "OTEL_METRICS_EXPORTER=prometheus", `OTEL_METRICS_EXPORTER: it can be otlp or none, not "prometheus"`},
		{all + "OTEL_EXPORTER_OTLP_TIMEOUT=10s", `OTEL_EXPORTER_OTLP_TIMEOUT: "10s" is no number of milliseconds`},
		{all + "OTEL_EXPORTER_OTLP_COMPRESSION=zstd", `OTEL_EXPORTER_OTLP_COMPRESSION: it can be gzip or none, not "zstd"`},
		{all + "OTEL_METRIC_EXPORT_INTERVAL=0", `OTEL_METRIC_EXPORT_INTERVAL: "0" is no number of milliseconds`},
		{all + "OTEL_TRACES_SAMPLER=half", `OTEL_TRACES_SAMPLER: it can be always_on, `},
		{all + "OTEL_TRACES_SAMPLER=traceidratio OTEL_TRACES_SAMPLER_ARG=1%", `OTEL_TRACES_SAMPLER_ARG: "1%" is no part of all traces`},
		{all + "OTEL_RESOURCE_ATTRIBUTES=team", `OTEL_RESOURCE_ATTRIBUTES: "team" is not name=value`},
		{all + "OTEL_EXPORTER_OTLP_CERTIFICATE=/no/such/file", "OTEL_EXPORTER_OTLP_CERTIFICATE: reading it: open /no/such/file"},
	} {
		_, faults := Read(environment(c.settings))
		if len(faults) != 1 || !strings.HasPrefix(faults[0].Variable+": "+faults[0].Message, c.says) {
			t.Errorf("%s: got %v, want %s", c.settings, faults, c.says)
		}
	}
	_, faults := Read(environment(all + "OTEL_EXPORTER_OTLP_HEADERS=api-key:secret OTEL_EXPORTER_OTLP_COMPRESSION=x"))
	if len(faults) != 2 || strings.Contains(fmt.Sprint(faults), "secret") {
		t.Errorf("two things are wrong, one of them with a secret; it says %v", faults)
	}
}
