package status

import (
	"embed"
	"net/http"
)

// pageFiles are the status page: as they are written, with no step in between.
//
//go:embed page
var pageFiles embed.FS

// pagePolicy lets the page load and ask nothing but what this server has, and nobody frame it.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// servePage serves the page at / and what it is made of at /page/.
func servePage(mux *http.ServeMux) {
	files := http.FileServerFS(pageFiles)
	mux.Handle("GET /page/{file}", headed(files))
	mux.Handle("GET /{$}", headed(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, pageFiles, "page/index.html")
	})))
}

// headed says what a browser may do with the page. Nothing of it is kept: the next version's page is another one.
func headed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
