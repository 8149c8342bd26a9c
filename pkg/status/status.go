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
	"golang.org/x/sync/errgroup"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/pipeline"
)

// Run is what of a run can be asked for at any time, from any goroutine.
type Run interface {
	Health() error
	Ready() error
	Stats() pipeline.Stats
}

// Config is what a server tells of besides its run.
type Config struct {
	Version  string
	Chain    []operator.Written // in order
	Targets  map[string]string  // where outputs write, by name: a path, a stream
	Interval time.Duration      // between checkpoints
	Letters  *Letters           // the last dead letters; nil: none are kept
}

// Server serves /healthz, /readyz, /metrics, /api/status, /api/dead-letters and the page of it all at /. It answers from the
// process's start: what comes before the run (a lock that is waited for) is healthy and not ready.
type Server struct {
	conf     Config
	current  func() Run // nil until there is a run
	metrics  *Metrics
	registry *prometheus.Registry
	log      *zap.Logger
	sampler  *sampler
	started  time.Time
}

// New returns a server of what current returns, nil while there is no run yet, and of its metrics, which registry has.
func New(c Config, current func() Run, metrics *Metrics, registry *prometheus.Registry, log *zap.Logger) *Server {
	if c.Letters == nil {
		c.Letters = new(Letters)
	}
	return &Server{c, current, metrics, registry, log, newSampler(current), time.Now()}
}

// Serve answers on l and looks at the run every two seconds until ctx ends, and has joined its goroutines when it returns.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	const patience = 5 * time.Second // for a request's head, and for answers in flight at the end
	server := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: patience, ErrorLog: zap.NewStdLog(s.log)}
	g, serving := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serving the status page: %w", err)
		}
		return nil
	})
	g.Go(func() error {
		<-serving.Done()
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		return server.Shutdown(late)
	})
	g.Go(func() error {
		s.sampler.run(serving)
		return nil
	})
	return g.Wait()
}

// Handler returns the pages.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.answer(health))
	mux.HandleFunc("GET /readyz", s.answer(ready))
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{Registry: s.registry}))
	mux.HandleFunc("GET /api/status", s.report)
	mux.HandleFunc("GET /api/dead-letters", s.deadLetters)
	servePage(mux)
	return mux
}

// health is what /healthz answers; r is nil before there is a run.
func health(r Run) error {
	if r == nil {
		return nil
	}
	return r.Health()
}

// ready is what /readyz answers; r is nil before there is a run.
func ready(r Run) error {
	if r == nil {
		return errors.New("starting")
	}
	return r.Ready()
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
