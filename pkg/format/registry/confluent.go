package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
)

// Limits of what a registry may answer.
const (
	maxAnswer     = 4 << 20 // bytes of one answer
	maxReferences = 200     // of one schema, those of its references included
)

// ConfluentConfig is where a registry with Confluent's REST API is.
type ConfluentConfig struct {
	// URLs are the registry's, each of the same one: while one does not answer, the next is asked.
	URLs []string
	// User and Password, or Token, are sent with each question: basic or bearer authentication. Empty is none.
	User, Password, Token string
	// Transport is http.DefaultTransport where it is nil: TLS by the system's certificates, proxies by the environment.
	Transport http.RoundTripper
}

// ConfluentSource asks a registry with Confluent's REST API.
type ConfluentSource struct {
	cfg    ConfluentConfig
	bases  []*url.URL
	client http.Client
	turn   atomic.Uint32 // of the URLs: the last one that answered
}

// NewConfluent returns a source that asks the registry at the configured URLs. An error says which part of the
// configuration is wrong.
func NewConfluent(cfg ConfluentConfig) (*ConfluentSource, error) {
	s := &ConfluentSource{cfg: cfg, client: http.Client{Transport: cfg.Transport}}
	if len(cfg.URLs) == 0 {
		return nil, errors.New("a schema registry needs a URL")
	}
	for i, text := range cfg.URLs {
		u, err := url.Parse(strings.TrimSpace(text))
		switch {
		case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
			return nil, fmt.Errorf("the schema registry's URL %d of %d is none: write it as https://host:port", i+1, len(cfg.URLs))
		case u.User != nil:
			return nil, fmt.Errorf("the schema registry's URL %d of %d has a user in it: say user and password apart", i+1, len(cfg.URLs))
		}
		s.bases = append(s.bases, u)
	}
	if cfg.Token != "" && cfg.User != "" {
		return nil, errors.New("a schema registry takes a user with a password, or a token, and both are set")
	}
	return s, nil
}

// Kind returns Confluent.
func (s *ConfluentSource) Kind() Kind { return Confluent }

// answer is what the registry says of a schema.
type answer struct {
	Schema     *string     `json:"schema"`
	Type       Type        `json:"schemaType"` // empty is Avro
	References []reference `json:"references"`
	Code       int         `json:"error_code"`
}

type reference struct {
	Name    string `json:"name"`
	Subject string `json:"subject"`
	Version int    `json:"version"`
}

// Schema asks for the schema and all that it refers to.
func (s *ConfluentSource) Schema(ctx context.Context, id ID) (*Schema, error) {
	a, err := s.get(ctx, "", "schemas", "ids", strconv.FormatUint(uint64(id.Number), 10))
	if err != nil {
		return nil, err
	}
	out := &Schema{Type: a.Type, Text: *a.Schema}
	if out.Type == "" {
		out.Type = Avro
	}
	seen := make(map[reference]bool)
	return out, s.references(ctx, out, a.References, seen)
}

// references puts the schemas that refs name into out, those that they need first.
func (s *ConfluentSource) references(ctx context.Context, out *Schema, refs []reference, seen map[reference]bool) error {
	for _, r := range refs {
		if seen[r] {
			continue
		}
		if seen[r] = true; len(seen) > maxReferences {
			return fmt.Errorf("the schema refers to more than %d others", maxReferences)
		}
		a, err := s.get(ctx, evenDeleted, "subjects", r.Subject, "versions", strconv.Itoa(r.Version))
		if err != nil {
			return fmt.Errorf("asking for its reference %q: %w", r.Name, err)
		}
		if err := s.references(ctx, out, a.References, seen); err != nil {
			return err
		}
		out.References = append(out.References, Reference{r.Name, *a.Schema})
	}
	return nil
}

// evenDeleted asks for subjects that were deleted too: they have left payloads behind.
const evenDeleted = "deleted=true"

// get asks the URLs one after the other, beginning with the one that answered last.
func (s *ConfluentSource) get(ctx context.Context, query string, path ...string) (a *answer, err error) {
	for i := range path {
		path[i] = url.PathEscape(path[i])
	}
	first := s.turn.Load()
	for i := range uint32(len(s.bases)) {
		turn := (first + i) % uint32(len(s.bases))
		u := s.bases[turn].JoinPath(path...)
		u.RawQuery = query
		if a, err = s.ask(ctx, u.String()); err == nil || errors.Is(err, ErrNotFound) || ctx.Err() != nil {
			s.turn.Store(turn)
			return a, err
		}
	}
	return nil, err
}

func (s *ConfluentSource) ask(ctx context.Context, u string) (*answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u, nil)
	if err != nil {
		return nil, fmt.Errorf("asking the schema registry: %w", err)
	}
	req.Header.Set("Accept", "application/vnd.schemaregistry.v1+json, application/json")
	switch {
	case s.cfg.Token != "":
		req.Header.Set("Authorization", "Bearer "+s.cfg.Token)
	case s.cfg.User != "":
		req.SetBasicAuth(s.cfg.User, s.cfg.Password)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("asking the schema registry: %w", err)
	}
	defer func() { _ = resp.Body.Close() }() // there is nothing to lose in what was only read
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("reading the schema registry's answer: %w", err)
	}
	return judge(resp.StatusCode, body)
}

// judge tells an answer from what proxies, wrong paths and broken servers say. Only the registry's own words count for a
// schema that is not there: a page that says 404 must cost no record.
func judge(status int, body []byte) (*answer, error) {
	if len(body) > maxAnswer {
		return nil, fmt.Errorf("the schema registry's answer has more than %d MiB", maxAnswer>>20)
	}
	var a answer
	err := json.Unmarshal(body, &a)
	switch {
	case status == http.StatusOK && err == nil && a.Schema != nil:
		return &a, nil
	case status == http.StatusNotFound && err == nil && a.Code/100 == 404:
		return nil, fmt.Errorf("%w (its code %d)", ErrNotFound, a.Code)
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return nil, fmt.Errorf("%w: it refuses the user, password or token that is set (HTTP status %d)", ErrUnusable, status)
	case status == http.StatusNotFound:
		return nil, fmt.Errorf("%w: what answers is no schema registry, or not at this path (HTTP status 404)", ErrUnusable)
	case status == http.StatusOK:
		return nil, fmt.Errorf("%w: what answers is no schema registry, it sends no schema", ErrUnusable)
	}
	return nil, fmt.Errorf("the schema registry answers with HTTP status %d", status)
}
