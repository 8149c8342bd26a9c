package lines_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/format"
	"github.com/kstream/kstream/pkg/format/lines"
)

func TestSplit(t *testing.T) {
	for _, tt := range []struct {
		payload string
		want    []string
	}{
		{"a", []string{"a"}},
		{"a\nb\n", []string{"a", "b"}},
		{"\n a \r\n \t\r\n\nb\r\r\n", []string{" a ", "b\r"}},
	} {
		var got []string
		if err := (lines.Splitter{}).Split([]byte(tt.payload), nil, func(part []byte) error {
			got = append(got, string(part))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.payload, diff)
		}
	}
	for _, payload := range []string{"", "\n \r\n"} {
		if err := (lines.Splitter{}).Split([]byte(payload), nil, nil); !errors.Is(err, format.ErrEmpty) {
			t.Errorf("%q: %v", payload, err)
		}
	}
	stop := errors.New("stop")
	if err := (lines.Splitter{}).Split([]byte("a\nb"), nil, func([]byte) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("each's error is %v", err)
	}
}
