package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/kstream/kstream/"

// layers are the packages that each part may import of ours, besides those below its own path. A part is a path and all
// that is below it; the longest that fits counts. Imports point downwards only: record is at the bottom and cmd on top, and
// sources and sinks don't know the engine, nor each other.
var layers = map[string][]string{
	"pkg/record":       {},
	"pkg/kpl":          {},
	"pkg/wire":         {},
	"pkg/awserror":     {},
	"pkg/window":       {"pkg/record"},
	"pkg/state":        {"pkg/record"},
	"pkg/format":       {"pkg/record", "internal/bytescan"},
	"pkg/checkpoint":   {"pkg/record", "pkg/state"},
	"pkg/lease":        {"pkg/record", "pkg/checkpoint"},
	"pkg/source":       {"pkg/record", "pkg/format", "pkg/kpl", "pkg/awserror", "pkg/wire"},
	"pkg/sink":         {"pkg/record", "pkg/format", "pkg/kpl", "pkg/awserror"},
	"pkg/operator":     {"pkg/record", "pkg/format", "pkg/window", "pkg/state"},
	"pkg/pipeline":     {"pkg/record", "pkg/format", "pkg/window", "pkg/state", "pkg/operator", "pkg/checkpoint"},
	"pkg/status":       {"pkg/record", "pkg/operator", "pkg/pipeline"},
	"pkg/kinesislocal": {},

	"internal/awsclient":  {"pkg/wire"},
	"internal/bytescan":   {},
	"internal/house":      {},
	"internal/resident":   {},
	"internal/simulation": {},
	"internal/synthetic":  {},
	"internal/quantity":   {},
	"internal/top":        {"pkg/status", "internal/quantity"},
	"internal/telemetry":  {"pkg/record", "pkg/pipeline"},
	"internal/config":     {"pkg/record", "pkg/format", "pkg/operator", "pkg/sink/file"},

	"cmd":      {"pkg", "internal"},
	"bench":    {"pkg", "internal/synthetic", "internal/awsclient"},
	"deploy":   {"pkg/kinesislocal"},
	"examples": {"pkg/kinesislocal"},
	"docs":     {"pkg/kinesislocal"},
	"test":     {"pkg/kinesislocal", "pkg/status"},
}

// siblings are the folders whose parts must not import each other.
var siblings = []string{"pkg/source/", "pkg/sink/"}

// forTests are the parts that only tests import.
var forTests = []string{
	"pkg/source/sourcetest", "pkg/sink/sinktest", "pkg/lease/leasetest", "pkg/checkpoint/storetest", "pkg/kinesislocal/conformance",
	"pkg/kinesislocal/kinesistest", "internal/telemetry/telemetrytest", "test",
}

// standardOnly are the parts that import nothing but the standard library.
var standardOnly = []string{"pkg/record", "pkg/operator/expression/syntax"}

// listed is what go list says of a package.
type listed struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	c := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	c.Dir = root
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	var ps []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return ps
		} else if err != nil {
			t.Fatal(err)
		}
		ps = append(ps, p)
	}
}

func TestImportsPointDownwards(t *testing.T) {
	seen := 0
	for _, p := range packages(t) {
		from := strings.TrimPrefix(p.ImportPath, module)
		for _, path := range p.Imports {
			if fault := judge(from, path); fault != "" {
				t.Errorf("%s imports %s: %s", from, path, fault)
			}
			seen++
		}
		for _, path := range append(p.TestImports, p.XTestImports...) {
			if to, ours := strings.CutPrefix(path, module); ours && to == "internal/config" && !below(from, "cmd") {
				t.Errorf("the tests of %s import %s: only cmd does", from, to)
			}
		}
	}
	if seen == 0 {
		t.Error("there are no imports to judge")
	}
}

// TestJudge holds the judge itself to what it is there to find.
func TestJudge(t *testing.T) {
	for _, c := range []struct {
		from, path string
		fine       bool
	}{
		{"pkg/record", "errors", true},
		{"pkg/record", "go.uber.org/zap", false},
		{"pkg/record", module + "pkg/format", false},
		{"pkg/operator/expression", module + "pkg/operator/nearest", true},
		{"pkg/operator", module + "pkg/pipeline", false},
		{"pkg/sink/file", module + "pkg/sink/stdout", false},
		{"pkg/sink/file", module + "pkg/source/kinesis", false},
		{"pkg/sink/file", module + "pkg/pipeline", false},
		{"pkg/source/kinesis", module + "pkg/source/sourcetest", false},
		{"pkg/source/kinesis", module + "pkg/kpl", true},
		{"pkg/pipeline", module + "internal/config", false},
		{"pkg/kinesislocal", module + "pkg/record", false},
		{"pkg/kinesislocal/conformance", module + "pkg/kinesislocal", true},
		{"cmd/kstream", module + "internal/config", true},
		{"pkg/newcomer", module + "pkg/record", false},
	} {
		if got := judge(c.from, c.path); (got == "") != c.fine {
			t.Errorf("judge(%q, %q) = %q, fine: %t", c.from, c.path, got, c.fine)
		}
	}
}

// judge says what is wrong with an import, "" where nothing is.
func judge(from, path string) string {
	part, may := layer(from)
	if part == "" {
		return "its part of the house has no layer yet"
	}
	to, ours := strings.CutPrefix(path, module)
	if !ours {
		if strings.Contains(strings.Split(path, "/")[0], ".") && anyBelow(from, standardOnly) {
			return "it keeps to the standard library"
		}
		return ""
	}
	if anyBelow(to, forTests) {
		return "that is for tests"
	}
	for _, s := range siblings {
		if strings.HasPrefix(from, s) && strings.HasPrefix(to, s) && !below(to, s+strings.Split(from[len(s):], "/")[0]) {
			return "neighbours don't know each other"
		}
	}
	if below(to, part) || anyBelow(to, may) {
		return ""
	}
	return "imports point downwards; below it are " + strings.Join(may, ", ")
}

func layer(path string) (part string, may []string) {
	for p, m := range layers {
		if below(path, p) && len(p) > len(part) {
			part, may = p, m
		}
	}
	return part, may
}

func anyBelow(path string, parts []string) bool {
	for _, p := range parts {
		if below(path, p) {
			return true
		}
	}
	return false
}

func below(path, part string) bool { return path == part || strings.HasPrefix(path, part+"/") }
