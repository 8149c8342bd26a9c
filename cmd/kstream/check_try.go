package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/kstream/kstream/pkg/awserror"
	"github.com/kstream/kstream/pkg/record"
)

// verdict is what came of trying something.
type verdict string

const (
	fine    verdict = "ok"
	refused verdict = "failed"
	untried verdict = "untried"
)

// attempted is one thing that the start would do: an IAM action, or something in words.
type attempted struct {
	What     string  `json:"what"`
	Resource string  `json:"resource,omitempty"`
	Verdict  verdict `json:"result"`
	Why      string  `json:"why,omitempty"`
}

// subject is something that a run uses, with what was tried of it.
type subject struct {
	Name   string      `json:"name"`   // "stream logs"
	Detail string      `json:"detail"` // what is known of it
	Tries  []attempted `json:"tries"`

	source bool // records come from it
}

func (s *subject) fails() bool {
	for _, t := range s.Tries {
		if t.Verdict == refused {
			return true
		}
	}
	return false
}

// note adds what came of trying.
func (s *subject) note(what, resource string, err error) {
	t := attempted{What: what, Resource: resource, Verdict: fine}
	if err != nil {
		t.Verdict, t.Why = refused, awserror.Text(err)
	}
	s.Tries = append(s.Tries, t)
}

// attempt is all that was tried, and what of it AWS has to allow.
type attempt struct {
	subjects []*subject
	needs    []need
	streams  []*probe
}

func newSubject(name string) *subject { return &subject{Name: name, Tries: []attempted{}} }

// add begins with another subject.
func (a *attempt) add(name string) *subject {
	s := newSubject(name)
	a.subjects = append(a.subjects, s)
	return s
}

// patience is how long one trial may take, with the SDK's retries.
const patience = 20 * time.Second

// attempt tries everything, however much fails.
func (j *job) attempt(ctx context.Context) *attempt {
	a := &attempt{}
	if j.conf.Source.Kind == "file" {
		a.add("files "+strings.Join(j.conf.Source.InputPaths, ", ")).note("finding them", "", j.tryFiles(ctx))
	}
	j.tryAWS(ctx, a)
	j.tryRegistry(ctx, a)
	j.tryFolders(a)
	return a
}

// failed is an error where something failed.
func (a *attempt) failed() error {
	n := 0
	for _, s := range a.subjects {
		for _, t := range s.Tries {
			if t.Verdict == refused {
				n++
			}
		}
	}
	switch n {
	case 0:
		return nil
	case 1:
		return &statusError{exitCheck, errors.New("one of the things tried failed")}
	}
	return &statusError{exitCheck, fmt.Errorf("%d of the things tried failed", n)}
}

// tryFiles finds the files to read.
func (j *job) tryFiles(ctx context.Context) error {
	source, err := j.source(ctx, nil, nil)
	if err != nil {
		return err
	}
	_, err = source.Restore(ctx, record.Position{}, nil)
	return err
}

// tryFolders looks whether what is written to files may be.
func (j *job) tryFolders(a *attempt) {
	folder := func(name, dir string) { a.add(name+" "+dir).note("writing", "", tryFolder(dir)) }
	if s := j.conf.Sink; s.Kind == "file" {
		folder("the sink's folder", filepath.Dir(s.File.Path))
	}
	stateDir := j.conf.Run.StateDir
	if d := j.conf.Sink.DeadLetters; d.Kind == "file" && filepath.Dir(d.Name) != filepath.Clean(stateDir) {
		folder("the dead letters' folder", filepath.Dir(d.Name))
	}
	if stateDir != "" {
		folder("the state folder", stateDir)
	}
}

// tryFolder reports whether dir, or the nearest folder above it that is there, may be written to. It makes nothing.
func tryFolder(dir string) error {
	for {
		info, err := os.Stat(dir)
		switch {
		case errors.Is(err, os.ErrNotExist) && dir != filepath.Dir(dir):
			dir = filepath.Dir(dir)
			continue
		case err != nil:
			return err
		case !info.IsDir():
			return fmt.Errorf("%s is no folder", dir)
		}
		if err := unix.Access(dir, unix.W_OK|unix.X_OK); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
		return nil
	}
}

// marks are what stands before what was tried.
var marks = map[verdict]string{fine: "ok     ", refused: "FAILED ", untried: "untried"}

// writeTried lists what was tried. wide tells ARNs too.
func writeTried(w io.Writer, subjects []*subject, wide bool) {
	fmt.Fprintln(w, "\nTried")
	for _, s := range subjects {
		head := "  " + s.Name
		if s.Detail != "" {
			head += ": " + s.Detail
		}
		fmt.Fprintln(w, head)
		for _, t := range s.Tries {
			line := "    " + marks[t.Verdict] + "  " + t.What
			if wide && t.Resource != "" {
				line += " on " + t.Resource
			}
			if t.Why != "" {
				line += ": " + t.Why
			}
			fmt.Fprintln(w, line)
		}
	}
	if len(subjects) == 0 {
		fmt.Fprintln(w, "  nothing: this configuration uses nothing outside")
	}
}
