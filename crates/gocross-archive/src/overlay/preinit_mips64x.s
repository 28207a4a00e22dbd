
// Prepares the runtime of a library; C calls it before any thread of Go's is there.
// n64: a C caller wants R16 to R23, R28 (Go's RSB), R30 (Go's g), R31 and F24 to F31 kept.
// Go leaves the lowest word of a frame to its callees.
TEXT gocross_preinit(SB),NOSPLIT|NOFRAME,$0
#ifndef GOMIPS64_softfloat
	ADDV	$-160, R29
	MOVD	F24, 96(R29)
	MOVD	F25, 104(R29)
	MOVD	F26, 112(R29)
	MOVD	F27, 120(R29)
	MOVD	F28, 128(R29)
	MOVD	F29, 136(R29)
	MOVD	F30, 144(R29)
	MOVD	F31, 152(R29)
#else
	ADDV	$-96, R29
#endif
	MOVV	R16, 8(R29)
	MOVV	R17, 16(R29)
	MOVV	R18, 24(R29)
	MOVV	R19, 32(R29)
	MOVV	R20, 40(R29)
	MOVV	R21, 48(R29)
	MOVV	R22, 56(R29)
	MOVV	R23, 64(R29)
	MOVV	RSB, 72(R29)
	MOVV	g, 80(R29)
	MOVV	R31, 88(R29)
	// Go reaches its data from the 4 GiB that its code is in.
	BGEZAL	R0, 1(PC)
	SRLV	$32, R31, RSB
	SLLV	$32, RSB
	MOVV	R0, g
	JAL	runtime·libpreinit(SB)
	MOVV	8(R29), R16
	MOVV	16(R29), R17
	MOVV	24(R29), R18
	MOVV	32(R29), R19
	MOVV	40(R29), R20
	MOVV	48(R29), R21
	MOVV	56(R29), R22
	MOVV	64(R29), R23
	MOVV	72(R29), RSB
	MOVV	80(R29), g
	MOVV	88(R29), R31
#ifndef GOMIPS64_softfloat
	MOVD	96(R29), F24
	MOVD	104(R29), F25
	MOVD	112(R29), F26
	MOVD	120(R29), F27
	MOVD	128(R29), F28
	MOVD	136(R29), F29
	MOVD	144(R29), F30
	MOVD	152(R29), F31
	ADDV	$160, R29
#else
	ADDV	$96, R29
#endif
	JMP	(R31)
