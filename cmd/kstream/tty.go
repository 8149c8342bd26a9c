package main

import (
	"os"

	"golang.org/x/term"
)

// isTerminal reports whether a person sees what is written to w, or types what is read from it.
func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
