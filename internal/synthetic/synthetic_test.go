package synthetic_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/kstream/kstream/internal/synthetic"
)

func TestNext(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, kind := range synthetic.Kinds() {
		t.Run(kind, func(t *testing.T) {
			var runs [2][][]byte
			for i := range runs {
				g, err := synthetic.New(kind, 7)
				if err != nil {
					t.Fatal(err)
				}
				for range 500 {
					key, data := g.Next(at)
					if key == "" || !json.Valid(data) || bytes.IndexByte(data, '\n') >= 0 {
						t.Fatalf("key %q, record %s", key, data)
					}
					runs[i] = append(runs[i], data)
				}
			}
			for i := range runs[0] {
				if !bytes.Equal(runs[0][i], runs[1][i]) {
					t.Fatalf("the same seed made %s and %s", runs[0][i], runs[1][i])
				}
			}
		})
	}
	if _, err := synthetic.New("log", 1); err == nil || !strings.Contains(err.Error(), "logs, iot, quotes, posts") {
		t.Errorf("got %v, want the kinds", err)
	}
}
