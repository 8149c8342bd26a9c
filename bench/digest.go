package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// digest is what two files have in common that hold the same lines in different orders.
type digest struct {
	Lines int
	Sum   string // over the lines' own sums, sorted
}

// digestOf treats the lines that r has and sums up what comes out.
func digestOf(r io.Reader, as string) (digest, error) {
	fresh, ok := treatments[as]
	if !ok {
		return digest{}, fmt.Errorf("there is no treatment %q", as)
	}
	t := fresh()
	var sums [][sha256.Size]byte
	lines := bufio.NewReaderSize(r, fileBuffer)
	for n := 1; ; n++ {
		line, err := lines.ReadSlice('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			break
		}
		if err != nil {
			return digest{}, fmt.Errorf("reading line %d: %w", n, noEnd(err))
		}
		line, ok, err = t.line(line[:len(line)-1])
		if err != nil {
			return digest{}, fmt.Errorf("reading line %d: %w", n, err)
		}
		if ok {
			sums = append(sums, sha256.Sum256(line))
		}
	}
	rest, err := t.rest()
	for _, line := range rest {
		sums = append(sums, sha256.Sum256(line))
	}
	return sumOf(sums), err
}

// sumOf returns the digest of lines by their own sums.
func sumOf(sums [][sha256.Size]byte) digest {
	slices.SortFunc(sums, func(a, b [sha256.Size]byte) int { return bytes.Compare(a[:], b[:]) })
	all := sha256.New()
	for i := range sums {
		all.Write(sums[i][:])
	}
	return digest{len(sums), fmt.Sprintf("%x", all.Sum(nil))}
}

// noEnd says what the end of the file means inside a line.
func noEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// printDigests prints the digests of a file, a JSON object by treatment. It is a process of its own so that the one that
// measures stays small: a child's largest size begins at its parent's.
func printDigests(_ context.Context, s *settings, _ io.Reader, out, _ io.Writer) error {
	file, err := os.Open(s.file)
	if err != nil {
		return err
	}
	defer file.Close()
	all := map[string]digest{}
	for as := range strings.SplitSeq(s.as, ",") {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return err
		}
		if all[as], err = digestOf(file, as); err != nil {
			return fmt.Errorf("summing up %q: %w", s.file, err)
		}
	}
	return json.NewEncoder(out).Encode(all)
}
