package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/kstream/kstream/internal/config"
)

// whichLetters reads what a command line says of where dead letters are, as DEAD_LETTER does: in files, each of which is read
// once, or in one stream.
func whichLetters(args []string) (paths []string, stream string, err error) {
	if len(args) == 0 {
		return nil, "", errors.New("which dead letters? `kstream replay PATH`, or kinesis:STREAM, as DEAD_LETTER says where they are")
	}
	for _, arg := range args {
		name, isStream := strings.CutPrefix(arg, "kinesis:")
		switch {
		case isStream && len(args) > 1:
			return nil, "", fmt.Errorf("%s is a stream, and is replayed by itself: leave the others for another replay", arg)
		case isStream && name == "":
			return nil, "", errors.New("kinesis: which stream? `kstream replay kinesis:STREAM`")
		case isStream:
			return nil, name, config.CheckStream(name)
		case strings.HasPrefix(arg, "arn:"):
			return nil, "", fmt.Errorf("a stream is kinesis:%s", arg)
		}
		path := strings.TrimPrefix(arg, "file:")
		if err := isLetters(path); err != nil {
			return nil, "", err
		}
		if !slices.ContainsFunc(paths, func(other string) bool { return sameFile(path, other) }) {
			paths = append(paths, path)
		}
	}
	return paths, "", nil
}

// isLetters says what keeps path from being read.
func isLetters(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no file %s with dead letters", path)
	case err != nil:
		return fmt.Errorf("looking for the dead letters: %w", err)
	case info.IsDir():
		return fmt.Errorf("%s is a folder: name the files with dead letters in it", path)
	}
	return nil
}

func sameFile(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}
