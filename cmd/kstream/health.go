package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kstream/kstream/internal/config"
)

func newHealth(t *terminal) *cobra.Command {
	c := &cobra.Command{
		Use:   "health",
		Short: "Ask a running kstream whether it goes on: 0 or 1, for HEALTHCHECK",
		Example: `  kstream health
  kstream health --http-addr 127.0.0.1:9090`,
		Args: atMost(0),
		RunE: func(c *cobra.Command, _ []string) error {
			addr, err := healthAddr(c)
			if err != nil {
				return err
			}
			return askHealth(c.Context(), t.out, addr)
		},
	}
	variableFlags(c, "http-addr")
	return c
}

// healthAddr is HTTP_ADDR, the one variable that this command reads, as the daemon beside it does.
func healthAddr(c *cobra.Command) (string, error) {
	conf, err := config.Load(config.Options{Flags: given(c), Also: []string{"HTTP_ADDR"}})
	if err != nil {
		return "", err
	}
	if conf.Run.HTTPAddr == "" {
		return "", wrong(errors.New("KSTREAM_HTTP_ADDR is none: the daemon serves nothing that could be asked"))
	}
	host, port, err := net.SplitHostPort(conf.Run.HTTPAddr)
	if err != nil {
		return "", wrong(fmt.Errorf("KSTREAM_HTTP_ADDR: %w", err))
	}
	if host == "" || host == "0.0.0.0" || host == "::" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), nil
}

func askHealth(ctx context.Context, out io.Writer, addr string) error {
	const patience = 3 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/healthz", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return unanswered(addr, err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 4096))
	if err != nil {
		return fmt.Errorf("asking %s: %w", addr, err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s says: %s", addr, strings.TrimSpace(string(text)))
	}
	_, err = fmt.Fprintln(out, strings.TrimSpace(string(text)))
	return err
}
