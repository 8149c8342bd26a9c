//go:build !race

package wire

// overwrites is whether memory that was given back loses what it has.
const overwrites = false
