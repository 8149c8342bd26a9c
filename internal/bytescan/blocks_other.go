//go:build !amd64

package bytescan

// hasBlocks: the blocks are written for amd64 only.
const hasBlocks = false

func unquotedBlocks([]byte) int   { return 0 }
func printableBlocks([]byte) int  { return 0 }
func markBlocks([]uint64, []byte) {}
