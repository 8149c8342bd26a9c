package pipeline

import (
	"testing"

	"github.com/kstream/kstream/pkg/record"
)

func TestSliceLen(t *testing.T) {
	sized := func(sizes ...int) (records []record.Record) {
		for _, n := range sizes {
			records = append(records, record.Record{Data: make([]byte, n)})
		}
		return records
	}
	for _, c := range []struct {
		name    string
		records []record.Record
		most    int
		want    int
	}{
		{"all fit", sized(1, 2, 3), 1000, 3},
		{"by number", sized(1, 2, 3), 2, 2},
		{"by bytes", sized(sliceBytes/2, sliceBytes/2, 1), 1000, 2},
		{"a larger one goes alone", sized(3*sliceBytes, 1), 1000, 1},
		{"a larger one waits for its turn", sized(1, 3*sliceBytes), 1000, 1},
	} {
		if got := sliceLen(c.records, c.most); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
}
