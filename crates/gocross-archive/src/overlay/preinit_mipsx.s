
// Prepares the runtime of a library; C calls it before any thread of Go's is there.
// o32: a C caller wants R16 to R23, R28, R30 (Go's g), R31 and the even registers from F20 to
// F30 kept, and lends 16 bytes in which a callee may store its arguments.
TEXT gocross_preinit(SB),NOSPLIT|NOFRAME,$0
#ifndef GOMIPS_softfloat
	ADDU	$-112, R29
	MOVD	F20, 64(R29)
	MOVD	F22, 72(R29)
	MOVD	F24, 80(R29)
	MOVD	F26, 88(R29)
	MOVD	F28, 96(R29)
	MOVD	F30, 104(R29)
#else
	ADDU	$-64, R29
#endif
	MOVW	R16, 16(R29)
	MOVW	R17, 20(R29)
	MOVW	R18, 24(R29)
	MOVW	R19, 28(R29)
	MOVW	R20, 32(R29)
	MOVW	R21, 36(R29)
	MOVW	R22, 40(R29)
	MOVW	R23, 44(R29)
	MOVW	R28, 48(R29)
	MOVW	g, 52(R29)
	MOVW	R31, 56(R29)
	MOVW	R0, g
	JAL	runtime·libpreinit(SB)
	MOVW	16(R29), R16
	MOVW	20(R29), R17
	MOVW	24(R29), R18
	MOVW	28(R29), R19
	MOVW	32(R29), R20
	MOVW	36(R29), R21
	MOVW	40(R29), R22
	MOVW	44(R29), R23
	MOVW	48(R29), R28
	MOVW	52(R29), g
	MOVW	56(R29), R31
#ifndef GOMIPS_softfloat
	MOVD	64(R29), F20
	MOVD	72(R29), F22
	MOVD	80(R29), F24
	MOVD	88(R29), F26
	MOVD	96(R29), F28
	MOVD	104(R29), F30
	ADDU	$112, R29
#else
	ADDU	$64, R29
#endif
	JMP	(R31)
