#include "textflag.h"

DATA quote<>+0(SB)/1, $0x22
GLOBL quote<>(SB), RODATA|NOPTR, $1
DATA slash<>+0(SB)/1, $0x5c
GLOBL slash<>(SB), RODATA|NOPTR, $1
DATA control<>+0(SB)/1, $0x1f // the last one
GLOBL control<>(SB), RODATA|NOPTR, $1

// func unquotedBlocks(p []byte) int
TEXT ·unquotedBlocks(SB), NOSPLIT, $0-32
	MOVQ p_base+0(FP), SI
	MOVQ p_len+8(FP), CX
	XORQ AX, AX
	VPBROADCASTB quote<>(SB), Y4
	VPBROADCASTB slash<>(SB), Y5
	VPBROADCASTB control<>(SB), Y6

block:
	CMPQ CX, $32
	JLT  done
	VMOVDQU (SI)(AX*1), Y0
	VPCMPEQB Y4, Y0, Y1
	VPCMPEQB Y5, Y0, Y2
	VPMINUB Y6, Y0, Y3
	VPCMPEQB Y0, Y3, Y3
	VPOR Y1, Y2, Y1
	VPOR Y1, Y3, Y1
	VPMOVMSKB Y1, DX
	TESTL DX, DX
	JNZ  found
	ADDQ $32, AX
	SUBQ $32, CX
	JMP  block

found:
	BSFL DX, DX
	ADDQ DX, AX

done:
	VZEROUPPER
	MOVQ AX, ret+24(FP)
	RET

// func printableBlocks(p []byte) int
//
// The comparison is signed, so that bytes from 0x80 on are below a space too.
TEXT ·printableBlocks(SB), NOSPLIT, $0-32
	MOVQ p_base+0(FP), SI
	MOVQ p_len+8(FP), CX
	XORQ AX, AX
	VPBROADCASTB control<>(SB), Y6

block:
	CMPQ CX, $32
	JLT  done
	VMOVDQU (SI)(AX*1), Y0
	VPCMPGTB Y6, Y0, Y1
	VPMOVMSKB Y1, DX
	NOTL DX
	TESTL DX, DX
	JNZ  found
	ADDQ $32, AX
	SUBQ $32, CX
	JMP  block

found:
	BSFL DX, DX
	ADDQ DX, AX

done:
	VZEROUPPER
	MOVQ AX, ret+24(FP)
	RET

// func markBlocks(dst []uint64, p []byte)
TEXT ·markBlocks(SB), NOSPLIT, $0-48
	MOVQ dst_base+0(FP), DI
	MOVQ dst_len+8(FP), CX
	MOVQ p_base+24(FP), SI
	VPBROADCASTB quote<>(SB), Y4
	VPBROADCASTB slash<>(SB), Y5
	VPBROADCASTB control<>(SB), Y6
	XORQ BX, BX

mark:
	CMPQ BX, CX
	JGE  marked
	VMOVDQU (SI), Y0
	VMOVDQU 32(SI), Y7
	VPCMPEQB Y4, Y0, Y1
	VPCMPEQB Y4, Y7, Y8
	VPCMPEQB Y5, Y0, Y2
	VPCMPEQB Y5, Y7, Y9
	VPMINUB Y6, Y0, Y3
	VPMINUB Y6, Y7, Y10
	VPCMPEQB Y0, Y3, Y3
	VPCMPEQB Y7, Y10, Y10
	VPOR Y1, Y2, Y1
	VPOR Y8, Y9, Y8
	VPOR Y1, Y3, Y1
	VPOR Y8, Y10, Y8
	VPMOVMSKB Y1, AX
	VPMOVMSKB Y8, DX
	SHLQ $32, DX
	ORQ  DX, AX
	MOVQ AX, (DI)(BX*8)
	ADDQ $64, SI
	INCQ BX
	JMP  mark

marked:
	VZEROUPPER
	RET
