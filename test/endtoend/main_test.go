package endtoend

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

const (
	endpointVariable = "KSTREAM_TEST_ENDPOINT"
	binaryVariable   = "KSTREAM_TEST_BINARY"
)

// binary is the path of the kstream under test.
var binary string

func TestMain(m *testing.M) {
	status, err := buildAndRun(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}

func buildAndRun(m *testing.M) (status int, err error) {
	if binary = os.Getenv(binaryVariable); binary != "" {
		return m.Run(), nil
	}
	dir, err := os.MkdirTemp("", "kstream-endtoend")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "kstream")
	build := exec.Command("go", "build", "-trimpath", "-tags", "timetzdata,grpcnotrace", "-o", binary, "../../cmd/kstream")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("building kstream: %w\n%s", err, out)
	}
	return m.Run(), nil
}
