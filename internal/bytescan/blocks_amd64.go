package bytescan

import "golang.org/x/sys/cpu"

// hasBlocks tells whether this processor can run what follows.
var hasBlocks = cpu.X86.HasAVX2

// unquotedBlocks is Unquoted of the whole blocks of 32 bytes in p.
//
//go:noescape
func unquotedBlocks(p []byte) int

// printableBlocks is the same for Printable.
//
//go:noescape
func printableBlocks(p []byte) int

// markBlocks is Marks of as many blocks of 64 bytes as dst has words; p has them all.
//
//go:noescape
func markBlocks(dst []uint64, p []byte)
