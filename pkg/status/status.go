// Package status answers over HTTP how a run is: whether it lives, whether it reads, and its metrics. Nothing on its port
// changes anything.
package status

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.uber.org/zap"

	"github.com/kstream/kstream/pkg/pipeline"
)

// Run is what of a run can be asked for at any time, from any goroutine.
type Run interface {
	Health() error
	Ready() error
	Stats() pipeline.Stats
}

// Server serves /healthz, /readyz, /metrics, /api/status and a short page at /. It answers from the process's start: what comes
// before the run (a lock that is waited for) is healthy and not ready.
type Server struct {
	current  func() Run // nil until there is a run
	metrics  *Metrics
	registry *prometheus.Registry
	log      *zap.Logger
}

// New returns a server of what current returns, nil while there is no run yet, and of its metrics, which registry has.
func New(current func() Run, metrics *Metrics, registry *prometheus.Registry, log *zap.Logger) *Server {
	return &Server{current, metrics, registry, log}
}

// Serve answers on l until ctx ends, and has joined its goroutines when it returns.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	const patience = 5 * time.Second // for a request's head, and for answers in flight at the end
	server := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: patience, ErrorLog: zap.NewStdLog(s.log)}
	over := make(chan error, 1)
	go func() {
		<-ctx.Done()
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		over <- server.Shutdown(late)
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving the status page: %w", err)
	}
	return <-over
}

// Handler returns the pages.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.answer(func(r Run) error {
		if r == nil {
			return nil
		}
		return r.Health()
	}))
	mux.HandleFunc("GET /readyz", s.answer(func(r Run) error {
		if r == nil {
			return errors.New("starting")
		}
		return r.Ready()
	}))
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{Registry: s.registry}))
	mux.HandleFunc("GET /api/status", s.report)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "kstream\n\n/healthz  does it go on?\n/readyz   is every partition being read?\n/metrics  for Prometheus\n/api/status  the same for each shard, as JSON")
	})
	return mux
}

// answer says ok with 200, or why not with 503.
func (s *Server) answer(ask func(Run) error) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if err := ask(s.current()); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	}
}
