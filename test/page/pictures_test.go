package page

import (
	"os"
	"path/filepath"
	"testing"
)

// TestPictures takes the pictures that the documentation shows, of a run over a minute of made-up logs.
func TestPictures(t *testing.T) {
	dir := os.Getenv("KSTREAM_TEST_PICTURES")
	if dir == "" {
		t.Skip("KSTREAM_TEST_PICTURES is not set: make pictures does")
	}
	w, b := newWorld(t), newBrowser(t)
	url, _ := w.run(`filter path != "/health"
key_by service
window tumbling 10s
aggregate requests = count(), errors = count_if(status >= 500), p99 = quantile(latency_ms, 0.99)
filter errors > 0`)
	producer := w.command("produce", stream, "--generate", "logs", "--rate", "400/s")
	if err := producer.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = producer.Process.Kill()
		_ = producer.Wait()
	}()
	w.put(`{"status": 500, "service": `, `not json at all`)
	b.looks(1240, 1440, "light")
	b.open(url)
	b.until("a minute of history", `document.querySelectorAll("#chart-checkpoints circle").length >= 42`)
	for _, colours := range []string{"light", "dark"} {
		b.looks(1240, 1440, colours)
		b.eval(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`)
		b.picture(filepath.Join(dir, "status-"+colours+".png"))
	}
}
