package house

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestFileMap holds docs/DESIGN.md's file map to the folders: each that it names is there, with the files to begin with, and each
// package stands in it, by itself or by a folder above.
func TestFileMap(t *testing.T) {
	_, rest, _ := strings.Cut(read(t, "docs/DESIGN.md"), "\n## File map\n")
	table, _, _ := strings.Cut(rest, "\n## ")
	quoted := regexp.MustCompile("`([^`]+)`")
	var known []string
	for line := range strings.Lines(table) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || !strings.Contains(cells[1], "`") {
			continue
		}
		var folders []string
		for _, m := range quoted.FindAllStringSubmatch(cells[1], -1) {
			folders = append(folders, braces(m[1])...)
		}
		for _, folder := range folders {
			if info, err := os.Stat(filepath.Join(root, folder)); err != nil || !info.IsDir() {
				t.Errorf("the file map names %s, which is no folder", folder)
			}
		}
		for _, m := range quoted.FindAllStringSubmatch(cells[3], -1) {
			if !isInOne(folders, m[1]) {
				t.Errorf("the file map begins %v with %s, which is not there", folders, m[1])
			}
		}
		known = append(known, folders...)
	}
	if len(known) < 30 {
		t.Fatalf("the file map has %d folders: it is not read as it is written", len(known))
	}
	sources(t, func(file string, _ []byte) {
		if folder := path.Dir(file); !anyBelow(folder, known) && !strings.Contains(folder, "testdata") {
			t.Errorf("the file map does not know of %s", folder)
		}
	})
}

// braces returns what stands for a/{b,c}: a/b and a/c.
func braces(name string) []string {
	before, list, found := strings.Cut(name, "{")
	if !found {
		return []string{name}
	}
	var names []string
	for one := range strings.SplitSeq(strings.TrimSuffix(list, "}"), ",") {
		names = append(names, before+one)
	}
	return names
}

func isInOne(folders []string, file string) bool {
	for _, folder := range folders {
		if _, err := os.Stat(filepath.Join(root, folder, file)); err == nil {
			return true
		}
	}
	return false
}
