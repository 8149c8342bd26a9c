package kinesis

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"

	"github.com/kstream/kstream/pkg/record"
	"github.com/kstream/kstream/pkg/wire"
)

// TestCreditOfAnAnswer holds credit for the memory in which an answer lies, and not for its payloads alone: base64 is a third
// more.
func TestCreditOfAnAnswer(t *testing.T) {
	const size = 600_000
	for _, tt := range []struct {
		name  string
		wire  func(*kinesis.Options)
		least int
	}{
		{"json", wire.JSON, size * 4 / 3},
		{"cbor", wire.CBOR, size},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, 1, func(w *world) {
				w.client = kinesis.New(w.client.Options(), tt.wire)
				w.put(0, strings.Repeat("x", size))
				j := w.start(record.Position{}, nil)
				page := record.NewPage(nil)
				w.must(j.ReadPage(w.Context(), w.id(0), page))
				if held := page.Held(); held < tt.least || held > 2*tt.least {
					t.Errorf("%d bytes of credit are held, want %d or somewhat more", held, tt.least)
				}
				if page.Reset(); page.Held() != 0 {
					t.Errorf("%d bytes are held when the page is done with", page.Held())
				}
			})
		})
	}
}
