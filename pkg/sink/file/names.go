package file

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// names knows what files are called: "base-20060102T150405Z-7.jsonl.gz", with ".open" behind it while it is written.
type names struct {
	dir, base, ext string
	rolls          bool
}

const (
	openSuffix = ".open"
	stampForm  = "20060102T150405Z"
)

// placeholder is what stands in braces in a path.
var placeholder = regexp.MustCompile(`\{[^{}/]*\}`)

// Files returns the path of the file that a Sink of c writes, or the pattern of their paths where it rolls: two sinks of
// which it is the same would write over each other. It asks for the machine's name and touches no file.
func (c Config) Files() (string, error) {
	n, err := newNames(c)
	if err != nil {
		return "", err
	}
	return n.row(), nil
}

// Taken returns a file that is there already of those that a Sink of c would write, "" where there is none. It writes nothing.
func (c Config) Taken() (string, error) {
	n, err := newNames(c)
	if err != nil {
		return "", err
	}
	if !n.rolls {
		if _, err = os.Stat(n.single()); err == nil {
			return n.single(), nil
		}
	} else if found, listErr := n.existing(); len(found) > 0 {
		return slices.Min(slices.Collect(maps.Keys(found))), nil
	} else {
		err = listErr
	}
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return "", err
}

func newNames(c Config) (names, error) {
	path := c.Path
	for _, p := range placeholder.FindAllString(path, -1) {
		if p != "{host}" {
			return names{}, fmt.Errorf("there is no %s to put into the file's path %q: only {host}", p, path)
		}
	}
	if strings.Contains(path, "{host}") {
		host, err := os.Hostname()
		if err != nil {
			return names{}, fmt.Errorf("asking for this machine's name, for {host} in the file's path: %w", err)
		}
		path = strings.ReplaceAll(path, "{host}", host)
	}
	if strings.HasSuffix(path, string(filepath.Separator)) {
		return names{}, fmt.Errorf("the file's path %q is a folder: it needs a name, such as %sout.jsonl", path, path)
	}
	suffix := c.suffix()
	path = strings.TrimSuffix(path, suffix)
	file := filepath.Base(path)
	ext := filepath.Ext(file)
	return names{filepath.Dir(path), strings.TrimSuffix(file, ext), ext + suffix, c.rolls()}, nil
}

// single returns the name of the one file that there is without rolling.
func (n names) single() string { return filepath.Join(n.dir, n.base+n.ext) }

// row says which files these are: another path, ending, compression or way of rolling is another row.
func (n names) row() string {
	if n.rolls {
		return filepath.Join(n.dir, n.base+"-*"+n.ext)
	}
	return n.single()
}

// next returns the names of file number i, made at t: the final one, and the one while it is written.
func (n names) next(i int, t time.Time) (final, open string) {
	final = filepath.Join(n.dir, fmt.Sprintf("%s-%s-%d%s", n.base, t.UTC().Format(stampForm), i, n.ext))
	return final, final + openSuffix
}

// parse returns the time and number in the name of one of our files; ok is false for any other file.
func (n names) parse(path string) (born time.Time, number int, ok bool) {
	form := regexp.MustCompile(`^` + regexp.QuoteMeta(n.base) + `-(\d{8}T\d{6}Z)-(\d+)` + regexp.QuoteMeta(n.ext) + `$`)
	m := form.FindStringSubmatch(strings.TrimSuffix(filepath.Base(path), openSuffix))
	if m == nil {
		return time.Time{}, 0, false
	}
	born, terr := time.Parse(stampForm, m[1])
	number, nerr := strconv.Atoi(m[2])
	return born, number, terr == nil && nerr == nil
}

// born returns when a file was made.
func (n names) born(final string) time.Time {
	t, _, _ := n.parse(final)
	return t
}

// existing returns our files of the row that are there, with their numbers.
func (n names) existing() (map[string]int, error) {
	entries, err := os.ReadDir(n.dir)
	if err != nil {
		return nil, fmt.Errorf("looking for earlier files: %w", err)
	}
	found := map[string]int{}
	for _, e := range entries {
		if _, number, ok := n.parse(e.Name()); ok {
			found[filepath.Join(n.dir, e.Name())] = number
		}
	}
	return found, nil
}
