package telemetry

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Settings is what OpenTelemetry's own variables ask for. The zero value is nothing, at no cost.
type Settings struct {
	Metrics, Traces Signal
}

// Signal is where one kind of telemetry goes.
type Signal struct {
	// On is true where an endpoint is set, or the exporter is asked for by name.
	On bool
	// To is the URL, less a password in it.
	To string
	// fallback is true where no endpoint is set: To is then the one that OpenTelemetry names for this case.
	fallback bool
}

// On reports whether anything is to be sent.
func (s Settings) On() bool { return s.Metrics.On || s.Traces.On }

// Fault is what is wrong with a variable, and what to try.
type Fault struct{ Variable, Message string }

// Read reads the variables, and returns a fault for every one that is wrong, of those that matter: what is off is not looked
// at. The values of headers, which are secrets, are in none.
func Read(getenv func(string) string) (Settings, []Fault) {
	r := reader{getenv: func(name string) string { return strings.TrimSpace(getenv(name)) }}
	var s Settings
	if strings.EqualFold(r.getenv("OTEL_SDK_DISABLED"), "true") {
		return s, nil
	}
	s.Metrics, s.Traces = r.signal("METRICS"), r.signal("TRACES")
	if !s.On() {
		return s, r.faults
	}
	r.check("OTEL_RESOURCE_ATTRIBUTES", pairs)
	if s.Metrics.On {
		r.check("OTEL_METRIC_EXPORT_INTERVAL", milliseconds)
		r.check("OTEL_METRIC_EXPORT_TIMEOUT", milliseconds)
	}
	if s.Traces.On {
		r.sampler()
	}
	return s, r.faults
}

// reader reads variables, and gathers what is wrong with them.
type reader struct {
	getenv func(string) string
	faults []Fault
}

// fault notes what is wrong with a variable, once: some are of both signals.
func (r *reader) fault(name, format string, args ...any) {
	if !slices.ContainsFunc(r.faults, func(f Fault) bool { return f.Variable == name }) {
		r.faults = append(r.faults, Fault{name, fmt.Sprintf(format, args...)})
	}
}

// check judges one variable, if it is set. judge says what is wrong, "" where nothing is.
func (r *reader) check(name string, judge func(string) string) {
	if value := r.getenv(name); value != "" {
		if wrong := judge(value); wrong != "" {
			r.fault(name, "%s", wrong)
		}
	}
}

// exporterVariables are those that both signals have, each with a name of its own that wins: OTEL_EXPORTER_OTLP_TIMEOUT, and
// OTEL_EXPORTER_OTLP_TRACES_TIMEOUT.
var exporterVariables = []struct {
	name  string
	judge func(string) string
}{
	{"ENDPOINT", endpoint}, {"PROTOCOL", protocol}, {"HEADERS", headers}, {"TIMEOUT", milliseconds}, {"COMPRESSION", compression},
	{"CERTIFICATE", readable}, {"CLIENT_CERTIFICATE", readable}, {"CLIENT_KEY", readable},
}

// signal reads what is set for METRICS or TRACES.
func (r *reader) signal(kind string) (s Signal) {
	const all = "OTEL_EXPORTER_OTLP_"
	own := all + kind + "_"
	base, exact := r.getenv(all+"ENDPOINT"), r.getenv(own+"ENDPOINT")
	switch exporter := r.getenv("OTEL_" + kind + "_EXPORTER"); exporter {
	case "":
		s.On = base+exact != ""
	case "otlp":
		s.On = true
	case "none":
		return s
	default:
		r.fault("OTEL_"+kind+"_EXPORTER", "it can be otlp or none, not %q; Prometheus finds the metrics at /metrics", exporter)
		return s
	}
	if !s.On {
		return s
	}
	for _, v := range exporterVariables {
		name := own + v.name
		if r.getenv(name) == "" {
			name = all + v.name
		}
		r.check(name, v.judge)
	}
	const usual = "http://localhost:4318"
	s.fallback = base+exact == ""
	s.To = exact
	if exact == "" {
		s.To = strings.TrimSuffix(cmp.Or(base, usual), "/") + "/v1/" + strings.ToLower(kind)
	}
	if u, err := url.Parse(s.To); err == nil {
		s.To = u.Redacted()
	}
	return s
}
