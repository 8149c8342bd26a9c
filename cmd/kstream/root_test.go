package main

import (
	"bytes"
	"io"
	"log"
	"strings"
	"testing"
)

// What libraries print through the standard log, payloads among it, reaches nobody's terminal or log collector.
func TestStandardLogIsSilent(t *testing.T) {
	before := log.Writer()
	defer log.SetOutput(before)
	var printed bytes.Buffer
	log.SetOutput(&printed)
	if status := execute([]string{"version"}, strings.NewReader(""), io.Discard, io.Discard); status != exitDone {
		t.Fatalf("status %d", status)
	}
	log.Print(`Unsolicited response received on idle HTTP channel starting with "a payload"`)
	if printed.Len() > 0 {
		t.Errorf("it prints %q", &printed)
	}
}
