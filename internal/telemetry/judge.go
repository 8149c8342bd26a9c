package telemetry

import (
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
)

// The exporters go on with a default where a variable is wrong. These say it at the start instead: each returns what is
// wrong with a value, "" where nothing is.

func endpoint(value string) string {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "it has to be a URL, such as http://collector:4318"
	}
	return ""
}

func protocol(value string) string {
	switch value {
	case "http/protobuf":
		return ""
	case "grpc":
		return "kstream speaks OTLP over HTTP only: set it to http/protobuf, and the endpoint to the collector's port for that, which is usually 4318"
	}
	return fmt.Sprintf("it can be http/protobuf, not %q", value)
}

func compression(value string) string {
	if value != "gzip" && value != "none" {
		return fmt.Sprintf("it can be gzip or none, not %q", value)
	}
	return ""
}

func milliseconds(value string) string {
	if n, err := strconv.ParseInt(value, 10, 64); err != nil || n <= 0 || n > int64(1)<<40 {
		return fmt.Sprintf("%q is no number of milliseconds, which has no unit: 10000", value)
	}
	return ""
}

// headers is pairs, said without the value.
func headers(value string) string {
	if pairs(value) != "" {
		return "it has to be name=value, parted by commas, with what is special written as in URLs (%20)"
	}
	return ""
}

func pairs(value string) string {
	for pair := range strings.SplitSeq(value, ",") {
		name, text, ok := strings.Cut(strings.TrimSpace(pair), "=")
		if _, err := url.PathUnescape(text); !ok || strings.TrimSpace(name) == "" || err != nil {
			return fmt.Sprintf("%q is not name=value, parted by commas", pair)
		}
	}
	return ""
}

func readable(file string) string {
	f, err := os.Open(file)
	if err != nil {
		return fmt.Sprintf("reading it: %v", err)
	}
	_ = f.Close() // nothing was read
	return ""
}

// samplers are those that the SDK has; the ones that take a ratio end like this.
var samplers = []string{"always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio"}

func (r *reader) sampler() {
	name := strings.ToLower(r.getenv("OTEL_TRACES_SAMPLER"))
	if name == "" {
		return
	}
	if !slices.Contains(samplers, name) {
		r.fault("OTEL_TRACES_SAMPLER", "it can be %s, not %q", strings.Join(samplers, ", "), name)
		return
	}
	if strings.HasSuffix(name, "traceidratio") {
		r.check("OTEL_TRACES_SAMPLER_ARG", func(value string) string {
			if p, err := strconv.ParseFloat(value, 64); err != nil || !(p >= 0 && p <= 1) { // not so for NaN either
				return fmt.Sprintf("%q is no part of all traces: 0.01 is one in a hundred", value)
			}
			return ""
		})
	}
}
