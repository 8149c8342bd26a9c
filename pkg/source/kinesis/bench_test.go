package kinesis

import (
	"errors"
	"testing"
	"time"

	"github.com/kstream/kstream/pkg/kinesislocal"
	"github.com/kstream/kstream/pkg/kinesislocal/kinesistest"
	"github.com/kstream/kstream/pkg/record"
)

// BenchmarkRead is the way of a page from the SDK's call to records, the embedded server's work included.
func BenchmarkRead(b *testing.B) {
	server := kinesistest.New(b, kinesislocal.Config{Limits: &kinesislocal.Limits{}})
	err := server.CreateStream(logs, 1)
	payload := make([]byte, 1000)
	for i := 0; i < 20_000 && err == nil; i++ {
		_, _, err = server.Put(logs, "some partition key", payload)
	}
	if err != nil {
		b.Fatal(err)
	}
	source, err := New(Config{Streams: []Stream{{Name: logs, Client: kinesistest.Client(server)}}, PollInterval: new(time.Duration)})
	if err != nil {
		b.Fatal(err)
	}
	_, err = source.Restore(b.Context(), record.Position{}, nil)
	fresh, err2 := source.Partitions(b.Context())
	if err = errors.Join(err, err2); err != nil {
		b.Fatal(err)
	}
	page := record.NewPage(nil)
	b.ReportAllocs()
	records := 0
	for b.Loop() {
		reader, err := source.Open(b.Context(), record.State{Partition: fresh[0]})
		if err != nil {
			b.Fatal(err)
		}
		for page.Tip = false; !page.Tip; {
			page.Reset()
			if err := reader.Read(b.Context(), page); err != nil {
				b.Fatal(err)
			}
			records += len(page.Records)
		}
	}
	b.SetBytes(20_000 * 1000)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(records), "ns/record")
}
