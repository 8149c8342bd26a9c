package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

// TestIdle runs it with few shards, for a moment.
func TestIdle(t *testing.T) {
	var out, errOut bytes.Buffer
	args := []string{"idle", "-tips", "1,5", "-idling", "300ms", "-kstream", buildKstream(t)}
	if status := execute(args, strings.NewReader(""), &out, &errOut); status != 0 {
		t.Fatalf("ended with %d: %s", status, &errOut)
	}
	for _, row := range []string{`1 `, `5 `} {
		if !regexp.MustCompile(`(?m)^\| ` + row + ` *\| +[0-9,]+ \| +[0-9.]+ \| +1 \| +[0-9.]+ \| +[0-9,]+ \| +[0-9,]+ \| +[0-9,]+ \| +[0-9,]+ \|$`).Match(out.Bytes()) {
			t.Errorf("there is no row of %s shards in\n%s", row, &out)
		}
	}
	if status := execute([]string{"idle", "-tips", "1,x"}, strings.NewReader(""), &out, &errOut); status != 2 {
		t.Errorf("-tips 1,x ended with %d, want 2", status)
	}
}
