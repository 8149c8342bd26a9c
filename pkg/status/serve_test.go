package status

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
)

// pipes is a listener within the process, whose connections a synctest bubble can wait for.
type pipes struct {
	dialed chan net.Conn
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.dialed:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	select {
	case <-p.closed:
	default:
		close(p.closed)
	}
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.dialed <- there:
		return here, nil
	case <-p.closed:
		return nil, errors.New("the listener is closed")
	}
}

// Whoever opens the page is told what has been since the process began to serve; at the end all is joined.
func TestServe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run, registry := running(), prometheus.NewRegistry()
		current := func() Run { return run }
		s := New(testConfig(), current, NewMetrics(registry, "v1.2.3", current, true), registry, zap.NewNop())
		l := &pipes{make(chan net.Conn), make(chan struct{})}
		ctx, cancel := context.WithCancel(t.Context())
		served := make(chan error)
		go func() { served <- s.Serve(ctx, l) }()
		time.Sleep(9 * time.Second)

		client := &http.Client{Transport: &http.Transport{DialContext: l.dial, DisableKeepAlives: true}}
		resp, err := client.Get("http://kstream/api/status")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var got Report
		if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
			t.Fatal(err)
		}
		if n, up := len(got.History.At), got.Now.Sub(got.Started); n != 5 || up != 9*time.Second {
			t.Errorf("%d looks in %s", n, up)
		}
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
}

func TestServeSaysWhyItCannot(t *testing.T) {
	l := &pipes{make(chan net.Conn), make(chan struct{})}
	_ = l.Close()
	err := New(Config{}, func() Run { return nil }, nil, prometheus.NewRegistry(), zap.NewNop()).Serve(t.Context(), l)
	if !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v", err)
	}
}
