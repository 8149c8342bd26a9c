package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/kstream/kstream/pkg/kinesislocal"
	"github.com/kstream/kstream/pkg/kinesislocal/kinesistest"
)

// asCommand makes the test binary behave as kstream itself: what a test kills must be a process of its own.
const asCommand = "KSTREAM_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		os.Unsetenv(asCommand)
		main()
	}
	for _, entry := range os.Environ() { // the developer's own settings are not the tests'
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "KSTREAM_") || strings.HasPrefix(name, "AWS_") || strings.HasPrefix(name, "OTEL_") {
			os.Unsetenv(name)
		}
	}
	os.Exit(m.Run())
}

// embedded starts a Kinesis without limits and points the SDK at it.
func embedded(t *testing.T) *kinesislocal.Server {
	t.Helper()
	return embeddedAt(t, kinesislocal.SystemClock{})
}

// embeddedAt is embedded with a clock of its own.
func embeddedAt(t *testing.T, clock kinesislocal.Clock) *kinesislocal.Server {
	t.Helper()
	server := kinesistest.Listen(t, kinesislocal.Config{Limits: &kinesislocal.Limits{}, Clock: clock})
	for name, value := range demoVariables(server) {
		t.Setenv(name, value)
	}
	return server
}

// process returns kstream as a process that has not been started, with these variables besides the test's own.
func process(t *testing.T, variables map[string]string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self, args...)
	c.Env = append(os.Environ(), asCommand+"=1")
	for name, value := range variables {
		c.Env = append(c.Env, name+"="+value)
	}
	return c
}
