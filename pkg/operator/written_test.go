package operator_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/pkg/operator"
)

func TestWritten(t *testing.T) {
	for _, c := range []struct {
		name, chain string
		extra       []string
		want        []operator.Written
	}{
		{"nothing", "", nil, nil},
		{"in lanes, with what is assumed", "filter  status >= 500 // errors\nmap service", []string{"drop x"}, []operator.Written{
			{Label: "1:decode", Text: "decode json, assumed", Assumed: true},
			{Label: "1:filter", Text: "filter  status >= 500"},
			{Label: "2:map", Text: "map service"},
			{Label: "3:drop", Text: "drop x"},
		}},
		{"behind exchanges", `decode json
			timestamp ts
			key_by service
			window tumbling 1m
			aggregate n = count(), errors = count_if(status >= 500)
			filter n > 10
			dedupe service, within 1h
			encode text "{service}"`, nil, []operator.Written{
			{Label: "1:decode", Text: "decode json"},
			{Label: "2:timestamp", Text: "timestamp ts"},
			{Label: "3:key_by", Text: "key_by service"},
			{Label: "4:window", Text: "window tumbling 1m", Part: 1},
			{Label: "5:aggregate", Text: "aggregate n = count(), errors = count_if(status >= 500)", Part: 1},
			{Label: "6:filter", Text: "filter n > 10", Part: 1},
			{Label: "7:dedupe", Text: "dedupe service, within 1h", Part: 1},
			{Label: "8:encode", Text: `encode text "{service}"`, Part: 1},
		}},
		{"without a key", "dedupe id, within 1h", nil, []operator.Written{
			{Label: "1:decode", Text: "decode json, assumed", Assumed: true},
			{Label: "1:dedupe", Text: "dedupe id, within 1h", Part: 1},
		}},
	} {
		plan, err := operator.Compile(operator.Config{Chain: c.chain, Extra: c.extra})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if diff := cmp.Diff(c.want, plan.Written()); diff != "" {
			t.Errorf("%s: want (-) and got (+):\n%s", c.name, diff)
		}
	}
}
