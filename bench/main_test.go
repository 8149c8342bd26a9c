package main

import (
	"os"
	"testing"
)

// asCommand makes the test binary behave as bench itself, which starts itself again for its parts.
const asCommand = "BENCH_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
	}
	os.Exit(m.Run())
}
