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
