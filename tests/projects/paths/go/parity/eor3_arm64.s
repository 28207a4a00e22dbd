//go:build !purego

#include "textflag.h"

// func eor3(a, b, c *byte, size int)
TEXT ·eor3(SB), NOSPLIT, $0-32
	MOVD a+0(FP), R0
	MOVD b+8(FP), R1
	MOVD c+16(FP), R2
	MOVD size+24(FP), R3
loop:
	VLD1 (R0), [V0.B16]
	VLD1.P 16(R1), [V1.B16]
	VLD1.P 16(R2), [V2.B16]
	VEOR3 V2.B16, V1.B16, V0.B16, V0.B16
	VST1.P [V0.B16], 16(R0)
	SUBS $16, R3, R3
	BNE  loop
	RET
