// Package house holds the tests of what no linter knows: which package may import which, and how the files are kept.
package house
