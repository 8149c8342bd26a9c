package house

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// root is the module's, seen from here.
const root = "../.."

// A file holds one idea. Tests may be longer: a table is read line by line.
const (
	maxLines     = 350
	maxTestLines = 400
)

// unfinished are the words for what somebody meant to do later. They are put together here so as not to find themselves.
var unfinished = []string{"TO" + "DO", "FIX" + "ME", "XX" + "X"}

// sources calls visit with each Go file of the module, its path seen from the root.
func sources(t *testing.T, visit func(path string, text []byte)) {
	t.Helper()
	seen := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && strings.HasPrefix(d.Name(), ".") || d.IsDir() && d.Name() == "node_modules" {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		seen++
		visit(filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator))), text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 50 {
		t.Fatalf("saw %d files: this is not the module", seen)
	}
}

func TestFilesAreOfOneIdea(t *testing.T) {
	sources(t, func(path string, text []byte) {
		most := maxLines
		if strings.HasSuffix(path, "_test.go") {
			most = maxTestLines
		}
		if n := bytes.Count(text, []byte("\n")); n > most {
			t.Errorf("%s has %d lines, and may have %d", path, n, most)
		}
	})
}

func TestNothingIsLeftForLater(t *testing.T) {
	sources(t, func(path string, text []byte) {
		for i, line := range strings.Split(string(text), "\n") {
			for _, word := range unfinished {
				if strings.Contains(line, word) {
					t.Errorf("%s:%d: %s", path, i+1, strings.TrimSpace(line))
				}
			}
		}
	})
}

// TestNoTestSleeps lets tests sleep only in packages whose tests run on testing/synctest's clock: what waits for real time
// is slow on a good day and wrong on a bad one.
func TestNoTestSleeps(t *testing.T) {
	sleeps := map[string][]string{}
	bubbles := map[string]bool{}
	sources(t, func(path string, text []byte) {
		if !strings.HasSuffix(path, "_test.go") {
			return
		}
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, path, text, 0)
		if err != nil {
			t.Error(err)
			return
		}
		folder := filepath.Dir(path)
		bubbles[folder] = bubbles[folder] || imports(f, "testing/synctest")
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "Sleep" && isName(s.X, "time") {
				sleeps[folder] = append(sleeps[folder], files.Position(n.Pos()).String())
			}
			return true
		})
	})
	for folder, places := range sleeps {
		for _, place := range places {
			if !bubbles[folder] {
				t.Errorf("%s sleeps for real", place)
			}
		}
	}
}

func imports(f *ast.File, path string) bool {
	for _, i := range f.Imports {
		if i.Path.Value == strconv.Quote(path) {
			return true
		}
	}
	return false
}

func isName(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}
