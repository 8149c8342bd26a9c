package cloudwatch

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/record"
)

// BenchmarkSplit counts the bytes of log events before packing: a batch of 200 Lambda log lines.
func BenchmarkSplit(b *testing.B) {
	line := `{"id":"38271843291712","timestamp":1714557600123,"message":"2024-05-01T10:00:00.123Z 4f6a INFO cart checked out in 35 ms, 3 items, total 19.90"},`
	events := strings.Repeat(line, 200)
	text := strings.Replace(data, `"logEvents":[`, `"logEvents":[`+events, 1)
	payload := gzipped(b, text)
	b.Run("ours", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		s, batch := New(Config{}), record.NewBatch(0)
		for b.Loop() {
			batch.Reset()
			if err := s.Split(payload, batch, func([]byte) error { return nil }); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("compress/gzip and encoding/json into structs", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			z, err := gzip.NewReader(bytes.NewReader(payload))
			if err != nil {
				b.Fatal(err)
			}
			plain, err := io.ReadAll(z)
			if err != nil {
				b.Fatal(err)
			}
			var v struct {
				Owner, LogGroup, LogStream string
				SubscriptionFilters        []string
				LogEvents                  []struct {
					ID, Message string
					Timestamp   int64
				}
			}
			if err := json.Unmarshal(plain, &v); err != nil {
				b.Fatal(err)
			}
		}
	})
}
