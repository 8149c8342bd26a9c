package kinesis

import (
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/record"
)

func TestNearest(t *testing.T) {
	names := []string{"orders", "order-events", "clicks", "a"}
	for name, want := range map[string]string{
		"order": "orders", "odrers": "orders", "order-event": "order-events", "click": "clicks", "zzzzzz": "", "orders": "", "": "a",
	} {
		if got := nearest(name, names); got != want {
			t.Errorf("nearest(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestEdits(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2}, {"same", "same", 0}} {
		if got := edits(tt.a, tt.b); got != tt.want {
			t.Errorf("edits(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

// TestMisspeltStream is answered with the nearest name, where the streams may be listed.
func TestMisspeltStream(t *testing.T) {
	inWorld(t, 1, func(w *world) {
		misspelt := func() error {
			s := w.source(func(c *Config) { c.Streams[0].Name = "lgos" })
			_, err := s.Restore(w.Context(), record.Position{}, nil)
			return err
		}
		if err := misspelt(); err == nil || !strings.Contains(err.Error(), `there is a stream "logs"`) {
			w.Errorf("error %v", err)
		}
		w.inject("ListStreams error=AccessDeniedException")
		if err := misspelt(); err == nil || strings.Contains(err.Error(), "there is a stream") {
			w.Errorf("without the right to list: error %v", err)
		}
	})
}
