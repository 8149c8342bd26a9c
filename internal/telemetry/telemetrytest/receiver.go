// Package telemetrytest has a collector for tests, which keeps what it is sent.
package telemetrytest

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"

	collectormetrics "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	collectortraces "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	metrics "go.opentelemetry.io/proto/otlp/metrics/v1"
	traces "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// Receiver is an OTLP collector over HTTP. It is safe for many goroutines.
type Receiver struct {
	// URL is what OTEL_EXPORTER_OTLP_ENDPOINT is to be.
	URL string

	t       *testing.T
	mu      sync.Mutex
	answer  int                 // the status that everything is refused with; 0: it is taken. Guarded by mu
	spans   []*traces.Span      // guarded by mu
	metrics map[string]*Metric  // by name; guarded by mu
	about   map[string]string   // the resource's attributes, of the last request; guarded by mu
	headers map[string][]string // of the last request; guarded by mu
	refused int                 // requests; guarded by mu
}

// Metric is a metric as it was last sent.
type Metric = metrics.Metric

// New returns a collector that takes what it is sent, until the test ends.
func New(t *testing.T) *Receiver {
	r := &Receiver{t: t, metrics: map[string]*Metric{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/traces", r.takeTraces)
	mux.HandleFunc("POST /v1/metrics", r.takeMetrics)
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	r.URL = s.URL
	return r
}

// Refuse has everything be answered with this status from now on; 0: it is taken.
func (r *Receiver) Refuse(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = status
}

// Spans returns the spans so far, in the order in which they came.
func (r *Receiver) Spans() []*traces.Span {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.spans)
}

// Metric returns a metric as it was last sent, nil where it was not.
func (r *Receiver) Metric(name string) *Metric {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.metrics[name]
}

// About returns an attribute of the resource that sent the last request.
func (r *Receiver) About(name string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.about[name]
}

// Header returns a header of the last request.
func (r *Receiver) Header(name string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return http.Header(r.headers).Get(name)
}

// Refused returns how many requests were refused.
func (r *Receiver) Refused() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.refused
}

func (r *Receiver) takeTraces(w http.ResponseWriter, req *http.Request) {
	var m collectortraces.ExportTraceServiceRequest
	if !r.decode(w, req, &m) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, of := range m.GetResourceSpans() {
		r.about = Attributes(of.GetResource().GetAttributes())
		for _, scope := range of.GetScopeSpans() {
			r.spans = append(r.spans, scope.GetSpans()...)
		}
	}
}

func (r *Receiver) takeMetrics(w http.ResponseWriter, req *http.Request) {
	var m collectormetrics.ExportMetricsServiceRequest
	if !r.decode(w, req, &m) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, of := range m.GetResourceMetrics() {
		r.about = Attributes(of.GetResource().GetAttributes())
		for _, scope := range of.GetScopeMetrics() {
			for _, metric := range scope.GetMetrics() {
				r.metrics[metric.GetName()] = metric
			}
		}
	}
}

// decode reads a request into m, and reports whether it is taken.
func (r *Receiver) decode(w http.ResponseWriter, req *http.Request, m proto.Message) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.headers = req.Header.Clone(); r.answer != 0 {
		r.refused++
		w.WriteHeader(r.answer)
		return false
	}
	body := io.Reader(req.Body)
	if req.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(body)
		if err != nil {
			r.t.Errorf("a request says that it is gzip: %v", err)
			return false
		}
		body = unpacked
	}
	text, err := io.ReadAll(body)
	if err == nil {
		err = proto.Unmarshal(text, m)
	}
	if err != nil {
		r.t.Errorf("decoding a request of OTLP: %v", err)
	}
	return err == nil
}

// Attributes returns a list of attributes by name, as text.
func Attributes(list []*common.KeyValue) map[string]string {
	byName := map[string]string{}
	for _, a := range list {
		byName[a.GetKey()] = text(a.GetValue())
	}
	return byName
}

func text(v *common.AnyValue) string {
	if n, ok := v.GetValue().(*common.AnyValue_IntValue); ok {
		return strconv.FormatInt(n.IntValue, 10)
	}
	return v.GetStringValue()
}
