package wire

import "golang.org/x/sys/cpu"

// hasBlocks tells whether this processor can run decodeBlocks.
var hasBlocks = cpu.X86.HasAVX2

// decodeBlocks decodes text in place, 32 characters at a time, up to what is left or the block that has one which is none of
// base64. It returns how many characters it has read, of which three quarters as many bytes stand at the beginning of text.
//
//go:noescape
func decodeBlocks(text []byte) (read int)
