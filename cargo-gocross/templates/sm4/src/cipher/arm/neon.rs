//! The S-box by VTBL, on four blocks at once; see [`tower`](super::tower) for the tables.
//!
//! On stable Rust there is nothing for NEON on this architecture, neither intrinsics nor a target
//! feature that a function may have. What there is: `global_asm!`, where `.fpu neon` holds for the
//! assembler alone; and detection in gocross-cpu.

use std::arch::global_asm;

use super::super::algebra::SM4_AFFINE;
use super::tower::{TABLES, Tables};

/// Blocks in a group: the four words of four blocks fill four registers.
const GROUP: usize = 4;

unsafe extern "C" {
    /// Encrypts `groups` groups, at least one.
    ///
    /// # Safety
    ///
    /// As [`Path::encrypt`](super::super::path::Path::encrypt), with the feature `neon`.
    fn sm4_neon_groups(
        keys: &[u32; 32],
        src: *const [u8; 16],
        dst: *mut [u8; 16],
        groups: usize,
        tables: &Tables,
    );
}

/// Encrypts `blocks` blocks.
///
/// # Safety
///
/// As [`Path::encrypt`](super::super::path::Path::encrypt), with the feature `neon`.
#[unsafe(export_name = "sm4_neon_encrypt")]
#[inline(never)]
pub(super) unsafe fn encrypt(
    keys: &[u32; 32],
    src: *const [u8; 16],
    dst: *mut [u8; 16],
    blocks: usize,
) {
    let keys = &with_constant(keys);
    let whole = blocks / GROUP * GROUP;
    let count = blocks - whole;
    // SAFETY: both pieces are the caller's, who vouches for the feature as well.
    unsafe {
        if whole > 0 {
            sm4_neon_groups(keys, src, dst, whole / GROUP, &TABLES);
        }
        if count > 0 {
            let mut rest = [[0; 16]; GROUP];
            let place = rest.as_mut_ptr();
            src.add(whole).copy_to_nonoverlapping(place, count);
            sm4_neon_groups(keys, place, place, 1, &TABLES);
            dst.add(whole).copy_from_nonoverlapping(place, count);
        }
    }
}

/// Round keys that make up for the constant of the S-box, which is in no table, because an index out
/// of range gives 0.
///
/// Through L it is one word. A round that leaves it out changes a word by that, until the same word
/// is changed again four rounds later: so of each eight rounds the results of the first four are
/// wrong by it. What the next rounds sum up of them is put right by their keys.
fn with_constant(keys: &[u32; 32]) -> [u32; 32] {
    // L's five terms of a word of equal bytes: all but one cancel out.
    let constant = u32::from_ne_bytes([SM4_AFFINE.apply(0).rotate_left(2); 4]);
    let mut keys = *keys;
    for (round, key) in keys.iter_mut().enumerate() {
        let wrong = (round + 1..round + 4).filter(|word| word / 4 % 2 == 1).count();
        if wrong % 2 == 1 {
            *key ^= constant;
        }
    }
    keys
}

// q0 to q3 hold the words a to d, q8 to q13 the tables, q14 has 15 in each byte. The others are free.
// vld4 and vst4 turn blocks to words and back, and take any address for words.
//
global_asm!(
    ".pushsection .text.sm4_neon_groups, \"ax\", %progbits",
    ".syntax unified",
    ".arch armv7-a",
    ".fpu neon",
    ".arm",
    ".p2align 4",
    // Words $b, $c and $d change word $a.
    ".macro sm4_neon_round a, b, c, d",
    "vld1.32 {d30[], d31[]}, [r4]!",
    "veor q4, \\b, \\c",
    "veor q15, q15, \\d",
    "veor q4, q4, q15",
    // Into the tower.
    "vand q5, q4, q14",
    "vshr.u8 q4, q4, #4",
    "vtbl.8 d10, {d16, d17}, d10",
    "vtbl.8 d11, {d16, d17}, d11",
    "vtbl.8 d8, {d18, d19}, d8",
    "vtbl.8 d9, {d18, d19}, d9",
    "veor q4, q4, q5",
    // q5 is k, q4 is i, q6 is j.
    "vshr.u8 q5, q4, #4",
    "vand q4, q4, q14",
    "veor q6, q4, q5",
    "vtbl.8 d10, {d20, d21}, d10",
    "vtbl.8 d11, {d20, d21}, d11",
    "vtbl.8 d14, {d22, d23}, d8",
    "vtbl.8 d15, {d22, d23}, d9",
    "vtbl.8 d30, {d22, d23}, d12",
    "vtbl.8 d31, {d22, d23}, d13",
    "veor q7, q7, q5",
    "veor q15, q15, q5",
    "vtbl.8 d14, {d22, d23}, d14",
    "vtbl.8 d15, {d22, d23}, d15",
    "vtbl.8 d30, {d22, d23}, d30",
    "vtbl.8 d31, {d22, d23}, d31",
    // q7 is 1 / p, q15 is 1 / q.
    "veor q7, q7, q6",
    "veor q15, q15, q4",
    "vtbl.8 d14, {d24, d25}, d14",
    "vtbl.8 d15, {d24, d25}, d15",
    "vtbl.8 d30, {d26, d27}, d30",
    "vtbl.8 d31, {d26, d27}, d31",
    "veor q4, q7, q15",
    // L turns by 0, 2, 10, 18 and 24: by whole bytes first, then by two bits.
    "vshl.i32 q5, q4, #8",
    "vrev32.16 q6, q4",
    "vsri.32 q5, q4, #24",
    "veor \\a, \\a, q4",
    "veor q4, q4, q6",
    "veor q4, q4, q5",
    "vrev32.16 q5, q5",
    "vshl.i32 q6, q4, #2",
    "veor \\a, \\a, q5",
    "vsri.32 q6, q4, #30",
    "veor \\a, \\a, q6",
    ".endm",
    ".globl sm4_neon_groups",
    ".hidden sm4_neon_groups",
    ".type sm4_neon_groups, %function",
    "sm4_neon_groups:",
    "ldr r12, [sp]",
    "push {r4, r5}",
    "vpush {d8-d15}",
    "vldmia r12, {d16-d27}",
    "vmov.i8 q14, #15",
    "1:",
    "mov r4, r0",
    "add r5, r0, #128",
    "vld4.32 {d0, d2, d4, d6}, [r1]!",
    "vld4.32 {d1, d3, d5, d7}, [r1]!",
    "vrev32.8 q0, q0",
    "vrev32.8 q1, q1",
    "vrev32.8 q2, q2",
    "vrev32.8 q3, q3",
    "2:",
    "sm4_neon_round q0, q1, q2, q3",
    "sm4_neon_round q1, q2, q3, q0",
    "sm4_neon_round q2, q3, q0, q1",
    "sm4_neon_round q3, q0, q1, q2",
    "cmp r4, r5",
    "bne 2b",
    // The words come out last first.
    "vrev32.8 q4, q0",
    "vrev32.8 q0, q3",
    "vmov q3, q4",
    "vrev32.8 q4, q1",
    "vrev32.8 q1, q2",
    "vmov q2, q4",
    "vst4.32 {d0, d2, d4, d6}, [r2]!",
    "vst4.32 {d1, d3, d5, d7}, [r2]!",
    "subs r3, r3, #1",
    "bne 1b",
    "vpop {d8-d15}",
    "pop {r4, r5}",
    "bx lr",
    ".size sm4_neon_groups, . - sm4_neon_groups",
    ".purgem sm4_neon_round",
    ".popsection",
    options(raw)
);
