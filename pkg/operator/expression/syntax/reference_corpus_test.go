package syntax

import (
	"go/scanner"
	gotoken "go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestAsExpr holds this package to expr over whatever looks like an expression in the code, the tests, the scripts and the
// documents of this repository: each string of a Go file, each line of anything else with and without its first word, and
// each part of it between signs that part the words of a stage.
func TestAsExpr(t *testing.T) {
	seen, read := map[string]bool{}, 0
	for _, folder := range []string{"pkg/operator", "cmd/kstream", "docs", "examples"} {
		err := filepath.WalkDir("../../../../"+folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !slices.Contains([]string{".go", ".md", ".txt", ".kstream", ".yaml"}, filepath.Ext(path)) {
				return err
			}
			src, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, c := range candidates(path, string(src)) {
				if seen[c] || len(c) > 4096 {
					continue
				}
				if seen[c] = true; asExpr(t, c) {
					read++
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if read < 3000 {
		t.Errorf("%d of %d texts are expressions: this is not the repository", read, len(seen))
	}
}

var signs = regexp.MustCompile("`| \\| |, | = | in {2}|\\$ ")

func candidates(path, src string) (all []string) {
	lines := strings.Split(src, "\n")
	switch filepath.Ext(path) {
	case ".go":
		lines = literals(src)
	case ".md": // in tables a | is written \|
		lines = strings.Split(strings.ReplaceAll(src, `\|`, "|"), "\n")
	}
	for _, line := range lines {
		line = strings.TrimSpace(line)
		_, rest, _ := strings.Cut(line, " ")
		all = append(append(all, line, rest), strings.Split(line, "`")...)
		all = append(append(all, signs.Split(line, -1)...), signs.Split(rest, -1)...)
	}
	return all
}

// literals returns the strings of a Go file.
func literals(src string) (all []string) {
	var s scanner.Scanner
	file := gotoken.NewFileSet()
	s.Init(file.AddFile("", -1, len(src)), []byte(src), nil, 0)
	for {
		_, kind, text := s.Scan()
		if kind == gotoken.EOF {
			return all
		}
		if text, err := strconv.Unquote(text); kind == gotoken.STRING && err == nil {
			all = append(all, text)
			all = append(all, strings.Split(text, "\n")...)
		}
	}
}
