package composefile_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kstream/kstream/test/composefile"
)

const text = `
services:
  other:
    environment:
      KSTREAM_STREAM: not this one
  kstream:
    environment:
      AWS_REGION: eu-west-1
      KSTREAM_STREAM: logs
      KSTREAM_UNTIL: "now"
      KSTREAM_OPERATORS: |
        filter a
        map b
      KSTREAM_SINK: stdout
    restart: on-failure
  last:
    environment:
      KSTREAM_FROM: nor this
`

func TestVariables(t *testing.T) {
	got, err := composefile.Variables(text, "kstream")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"KSTREAM_STREAM": "logs", "KSTREAM_UNTIL": "now", "KSTREAM_OPERATORS": "filter a\nmap b\n", "KSTREAM_SINK": "stdout",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, service := range []string{"missing", "services"} {
		if got, err := composefile.Variables(text, service); err == nil {
			t.Errorf("service %q: got %v, want an error", service, got)
		}
	}
}

func TestServices(t *testing.T) {
	want := []string{"other", "kstream", "last"}
	if diff := cmp.Diff(want, composefile.Services(text+"\nvolumes:\n  state:\n")); diff != "" {
		t.Error(diff)
	}
}
