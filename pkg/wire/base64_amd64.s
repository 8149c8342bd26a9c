#include "textflag.h"

// The method is Muła's and Lemire's (Faster Base64 Encoding and Decoding Using AVX2 Instructions, 2018): the two nibbles of a
// character tell by two tables whether it is one of base64, and a third by its high nibble what to add to it to get its six
// bits. Each table stands twice, since AVX2 looks up in halves of 16 bytes.

// A bit for each kind of character that a low nibble can't be of.
DATA lowKinds<>+0(SB)/8, $0x1111111111111115
DATA lowKinds<>+8(SB)/8, $0x1a1b1b1b1a131111
DATA lowKinds<>+16(SB)/8, $0x1111111111111115
DATA lowKinds<>+24(SB)/8, $0x1a1b1b1b1a131111
GLOBL lowKinds<>(SB), RODATA|NOPTR, $32

// The kind of character that a high nibble stands for; both tables have a bit in common where the two together are none.
DATA highKinds<>+0(SB)/8, $0x0804080402011010
DATA highKinds<>+8(SB)/8, $0x1010101010101010
DATA highKinds<>+16(SB)/8, $0x0804080402011010
DATA highKinds<>+24(SB)/8, $0x1010101010101010
GLOBL highKinds<>(SB), RODATA|NOPTR, $32

// What to add, by the high nibble, and by one less for '/': 16 for '/', 19 for '+', 4 for digits, -65 and -71 for letters.
DATA offsets<>+0(SB)/8, $0xb9b9bfbf04131000
DATA offsets<>+8(SB)/8, $0x0000000000000000
DATA offsets<>+16(SB)/8, $0xb9b9bfbf04131000
DATA offsets<>+24(SB)/8, $0x0000000000000000
GLOBL offsets<>(SB), RODATA|NOPTR, $32

DATA slash<>+0(SB)/4, $0x2f2f2f2f
GLOBL slash<>(SB), RODATA|NOPTR, $4

// Factors that put two sextets together, and then two pairs.
DATA pairs<>+0(SB)/4, $0x01400140
GLOBL pairs<>(SB), RODATA|NOPTR, $4
DATA fours<>+0(SB)/4, $0x00011000
GLOBL fours<>(SB), RODATA|NOPTR, $4

// The three bytes of each group of four, turned round, in the first 12 of each half.
DATA bytesOf<>+0(SB)/8, $0x090a040506000102
DATA bytesOf<>+8(SB)/8, $0xffffffff0c0d0e08
DATA bytesOf<>+16(SB)/8, $0x090a040506000102
DATA bytesOf<>+24(SB)/8, $0xffffffff0c0d0e08
GLOBL bytesOf<>(SB), RODATA|NOPTR, $32

// The two halves' 12 bytes side by side.
DATA halves<>+0(SB)/8, $0x0000000100000000
DATA halves<>+8(SB)/8, $0x0000000400000002
DATA halves<>+16(SB)/8, $0x0000000600000005
DATA halves<>+24(SB)/8, $0x0000000700000007
GLOBL halves<>(SB), RODATA|NOPTR, $32

// func decodeBlocks(text []byte) (read int)
//
// 32 characters are read before 32 bytes are written, 24 of which count, at a place that is never ahead of them: what is still
// to be read is not touched.
TEXT ·decodeBlocks(SB), NOSPLIT, $0-32
	MOVQ text_base+0(FP), SI
	MOVQ text_len+8(FP), CX
	MOVQ SI, DI
	XORQ AX, AX
	VMOVDQU lowKinds<>(SB), Y8
	VMOVDQU highKinds<>(SB), Y9
	VMOVDQU offsets<>(SB), Y10
	VPBROADCASTD slash<>(SB), Y11
	VPBROADCASTD pairs<>(SB), Y12
	VPBROADCASTD fours<>(SB), Y13
	VMOVDQU bytesOf<>(SB), Y14
	VMOVDQU halves<>(SB), Y15

block:
	CMPQ CX, $32
	JLT  done
	VMOVDQU (SI), Y0
	VPSRLD $4, Y0, Y1
	VPAND Y11, Y1, Y1
	VPAND Y11, Y0, Y2
	VPSHUFB Y1, Y9, Y3
	VPSHUFB Y2, Y8, Y4
	VPTEST Y3, Y4
	JNZ  done
	VPCMPEQB Y11, Y0, Y5
	VPADDB Y1, Y5, Y5
	VPSHUFB Y5, Y10, Y5
	VPADDB Y5, Y0, Y0
	VPMADDUBSW Y12, Y0, Y0
	VPMADDWD Y13, Y0, Y0
	VPSHUFB Y14, Y0, Y0
	VPERMD Y0, Y15, Y0
	VMOVDQU Y0, (DI)
	ADDQ $32, SI
	ADDQ $24, DI
	ADDQ $32, AX
	SUBQ $32, CX
	JMP  block

done:
	VZEROUPPER
	MOVQ AX, read+24(FP)
	RET
