// Package binary gives tests the kstream that people run, as a process of its own: built as `make build` builds it, once for
// all tests of a package, or the one that KSTREAM_TEST_BINARY names.
package binary

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// Variable names a binary to be tested in place of the one built from here.
const Variable = "KSTREAM_TEST_BINARY"

// Run runs a package's tests and then removes the binary. It is all of their TestMain, and returns the process's status.
func Run(m *testing.M) (status int) {
	defer func() { os.RemoveAll(folder) }()
	return m.Run()
}

// Path returns where the binary is, as an absolute path. The first call builds it, which may take a minute.
func Path(t testing.TB) string {
	t.Helper()
	path, err := find()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var folder string // of the binary, where one was built

var find = sync.OnceValues(func() (path string, err error) {
	if path := os.Getenv(Variable); path != "" {
		return filepath.Abs(path)
	}
	if folder, err = os.MkdirTemp("", "kstream-binary"); err != nil {
		return "", err
	}
	path = filepath.Join(folder, "kstream")
	build := exec.Command("go", "build", "-trimpath", "-tags", "timetzdata,grpcnotrace", "-ldflags", "-X main.version=v1.2.3", "-o", path,
		"github.com/kstream/kstream/cmd/kstream")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building kstream: %w\n%s", err, out)
	}
	return path, nil
})
