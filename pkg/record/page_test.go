package record_test

import (
	"testing"

	"github.com/kstream/kstream/pkg/record"
)

// Reset gives a page's memory back once, with nothing left that points to it.
func TestPageGivesBack(t *testing.T) {
	p, given := record.NewPage(nil), 0
	p.Records = append(p.Records, record.Record{Data: []byte("x")})
	records := p.Records
	p.OnReset(func() { given++ })
	p.Reset()
	p.Reset()
	if given != 1 || len(p.Records) != 0 || records[0].Data != nil {
		t.Errorf("given back %d times, %d records left, the first was %q", given, len(p.Records), records[0].Data)
	}
}
