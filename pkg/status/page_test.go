package status

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
)

// pageFile returns what the server has at a path.
func pageFile(t *testing.T, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	New(Config{}, nil, nil, prometheus.NewRegistry(), zap.NewNop()).Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

// eachFile calls visit with each file of the page, and the path at which it is served.
func eachFile(t *testing.T, visit func(served, text string)) {
	t.Helper()
	files, err := fs.Glob(pageFiles, "page/*")
	if err != nil || len(files) < 5 {
		t.Fatalf("the page is made of %q: %v", files, err)
	}
	for _, file := range files {
		text, err := fs.ReadFile(pageFiles, file)
		if err != nil {
			t.Fatal(err)
		}
		served := "/" + file
		if path.Base(file) == "index.html" {
			served = "/"
		}
		visit(served, string(text))
	}
}

// Each file is served with a type that browsers take it for, and under a policy that lets it reach nothing else.
func TestPageIsServed(t *testing.T) {
	types := map[string]string{".html": "text/html", "": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
	eachFile(t, func(served, text string) {
		w := pageFile(t, served)
		if w.Code != http.StatusOK || w.Body.String() != text {
			t.Errorf("%s: %d with %d bytes, want %d", served, w.Code, w.Body.Len(), len(text))
		}
		if is, want := w.Header().Get("Content-Type"), types[path.Ext(served)]; !strings.HasPrefix(is, want) || want == "" {
			t.Errorf("%s is %q, want %q", served, is, want)
		}
		policy := w.Header().Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") || strings.Contains(policy, ":") {
			t.Errorf("%s has the policy %q", served, policy)
		}
		if w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s may be taken for something else", served)
		}
	})
}

// What comes from records, or from elsewhere, could only get into the page by these.
func TestPageMakesNoMarkupAndAsksNobodyElse(t *testing.T) {
	markup := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|srcdoc|\beval\(|new Function| style="| on[a-z]+="`)
	elsewhere := regexp.MustCompile(`https?://[^"' ]+`)
	eachFile(t, func(served, text string) {
		if found := markup.FindString(text); found != "" {
			t.Errorf("%s has %q", served, found)
		}
		for _, address := range elsewhere.FindAllString(text, -1) {
			if address != "http://www.w3.org/2000/svg" { // the name of a namespace, which nobody asks
				t.Errorf("%s has %s", served, address)
			}
		}
	})
}
