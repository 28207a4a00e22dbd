/* Assembler that every architecture takes. */
	.data
	.balign 4
	.globl of_assembler
of_assembler:
	.long 42
	.section .note.GNU-stack, "", %progbits
