package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func confluent(t *testing.T, cfg ConfluentConfig) *ConfluentSource {
	t.Helper()
	s, err := NewConfluent(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConfluentReferences(t *testing.T) {
	pages := map[string]string{
		"/base/schemas/ids/7":             `{"schema":"main","references":[{"name":"a.B","subject":"s/b","version":2},{"name":"a.C","subject":"c","version":1}]}`,
		"/base/subjects/s%2Fb/versions/2": `{"subject":"s/b","id":3,"schema":"B","references":[{"name":"a.C","subject":"c","version":1}]}`,
		"/base/subjects/c/versions/1":     `{"schema":"C","references":[{"name":"a.B","subject":"s/b","version":2}]}`,
	}
	u := serve(t, func(w http.ResponseWriter, r *http.Request) {
		page, ok := pages[r.URL.EscapedPath()]
		if user, password, _ := r.BasicAuth(); user != "u" || password != "p" || !ok {
			http.Error(w, r.URL.EscapedPath(), http.StatusTeapot)
			return
		}
		_, _ = io.WriteString(w, page)
	})
	got, err := confluent(t, ConfluentConfig{URLs: []string{u + "/base/"}, User: "u", Password: "p"}).Schema(t.Context(), seven)
	if err != nil {
		t.Fatal(err)
	}
	want := &Schema{Type: Avro, Text: "main", References: []Reference{{"a.C", "C"}, {"a.B", "B"}}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("want (-), got (+):\n%s", d)
	}
	if d := cmp.Diff([]string{"C", "B"}, got.Texts()); d != "" {
		t.Error(d)
	}
}

func TestConfluentAnswers(t *testing.T) {
	const secret = "hunter2"
	for _, tt := range []struct {
		name, body, want string
		status           int
		notFound         bool
	}{
		{"not found", `{"error_code":40403,"message":"Schema not found"}`, "the schema registry has no such schema (its code 40403)", 404, true},
		{"a wrong path", `{"error_code":404,"message":"HTTP 404 Not Found"}`, "not at this path", 404, false},
		{"a proxy's page", `<html>no</html>`, "not at this path", 404, false},
		{"a login page", `<html>log in</html>`, "it sends no schema", 200, false},
		{"nonsense", `{"schema":5}`, "it sends no schema", 200, false},
		{"no schema", `{}`, "it sends no schema", 200, false},
		{"an outage", `{"error_code":50001}`, "HTTP status 500", 500, false},
		{"no access", `{"error_code":40101}`, "refuses the user, password or token", 401, false},
		{"huge", `{"schema":"` + strings.Repeat("a", maxAnswer) + `"}`, "more than 4 MiB", 200, false},
		{"itself", `{"schema":"a","references":[{"name":"n","subject":"s","version":1}]}`, "", 200, false},
	} {
		u := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer "+secret {
				t.Errorf("%s: asked without the token", tt.name)
			}
			w.WriteHeader(tt.status)
			_, _ = io.WriteString(w, tt.body)
		})
		_, err := confluent(t, ConfluentConfig{URLs: []string{u}, Token: secret}).Schema(t.Context(), seven)
		if tt.want == "" {
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) || errors.Is(err, ErrNotFound) != tt.notFound || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: got %v", tt.name, err)
		}
	}
}

func TestConfluentEndlessReferences(t *testing.T) {
	n := 0
	u := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		n++
		_, _ = fmt.Fprintf(w, `{"schema":"a","references":[{"name":"n","subject":"s","version":%d}]}`, n)
	})
	_, err := confluent(t, ConfluentConfig{URLs: []string{u}}).Schema(t.Context(), seven)
	if err == nil || !strings.Contains(err.Error(), "more than 200 others") || n > maxReferences+2 {
		t.Errorf("after %d questions got %v", n, err)
	}
}

func TestConfluentURLs(t *testing.T) {
	asked := 0
	down := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.WriteHeader(http.StatusBadGateway)
	})
	up := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"schema":"s","schemaType":"JSON"}`)
	})
	s := confluent(t, ConfluentConfig{URLs: []string{down, up}})
	for range 3 {
		if got, err := s.Schema(t.Context(), seven); err != nil || got.Type != JSON {
			t.Errorf("got %v %v", got, err)
		}
	}
	if asked != 1 {
		t.Errorf("the one that is down was asked %d times", asked)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Schema(ctx, seven); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestConfluentConfig(t *testing.T) {
	for _, cfg := range []ConfluentConfig{
		{}, {URLs: []string{"registry:8081"}}, {URLs: []string{"ftp://registry"}}, {URLs: []string{"http://u:hunter2@registry"}},
		{URLs: []string{"http://a b:hunter2"}}, {URLs: []string{"http://r"}, User: "u", Token: "t"},
	} {
		if _, err := NewConfluent(cfg); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%v: got %v", cfg.URLs, err)
		}
	}
}
