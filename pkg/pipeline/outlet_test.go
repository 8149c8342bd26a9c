package pipeline

import (
	"testing"

	"github.com/kstream/kstream/pkg/operator"
	"github.com/kstream/kstream/pkg/record"
)

// A record goes out with the key that SINK_PARTITION_KEY gives it, else that of key_by, else its own; and with none where
// the sink has no keys.
func TestKeyOfARecord(t *testing.T) {
	says := func(key string) record.Encoder {
		return func(dst []byte, _ *record.Batch, _ *record.Record) ([]byte, error) { return append(dst, key...), nil }
	}
	for _, c := range []struct {
		name                     string
		expression, grouped, own record.Encoder
		want                     string
	}{
		{"an expression", says("expression"), says("group"), says("own"), "expression"},
		{"behind key_by", nil, says("group"), says("own"), "group"},
		{"neither", nil, nil, says("own"), "own"},
		{"a sink without keys", nil, says("group"), nil, ""},
	} {
		r := &Run{Config: Config{Sink: Output{DefaultKey: c.own}}}
		o := newOutlet(r, &operator.Chain{Key: c.expression, DefaultKey: c.grouped})
		got := ""
		if o.key != nil {
			key, err := o.key(nil, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			got = string(key)
		}
		if got != c.want {
			t.Errorf("%s: the key is %q, want %q", c.name, got, c.want)
		}
	}
}
