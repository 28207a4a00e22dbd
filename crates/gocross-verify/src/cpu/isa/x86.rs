//! x86 and x86-64: instructions of 1 to 15 bytes, decoded by iced-x86.

use std::sync::LazyLock;

use iced_x86::{
    Code, CpuidFeature, Decoder, DecoderOptions, FlowControl, Instruction, OpKind, Register,
};

use super::{Found, reference::Reference};
use crate::cpu::architecture::{Architecture, Features};

/// What Rust calls the features that iced-x86 names after their CPUID bits. Others are below any
/// target's baseline, for systems only, or change nothing on older CPUs (PAUSE, ENDBR64).
const NAMES: &[(CpuidFeature, &str)] = &[
    (CpuidFeature::ADX, "adx"),
    (CpuidFeature::AES, "aes"),
    (CpuidFeature::AMX_TILE, "amx-tile"),
    (CpuidFeature::AVX, "avx"),
    (CpuidFeature::AVX2, "avx2"),
    (CpuidFeature::AVX512BW, "avx512bw"),
    (CpuidFeature::AVX512CD, "avx512cd"),
    (CpuidFeature::AVX512DQ, "avx512dq"),
    (CpuidFeature::AVX512F, "avx512f"),
    (CpuidFeature::AVX512VL, "avx512vl"),
    (CpuidFeature::AVX512_BF16, "avx512bf16"),
    (CpuidFeature::AVX512_BITALG, "avx512bitalg"),
    (CpuidFeature::AVX512_FP16, "avx512fp16"),
    (CpuidFeature::AVX512_IFMA, "avx512ifma"),
    (CpuidFeature::AVX512_VBMI, "avx512vbmi"),
    (CpuidFeature::AVX512_VBMI2, "avx512vbmi2"),
    (CpuidFeature::AVX512_VNNI, "avx512vnni"),
    (CpuidFeature::AVX512_VPOPCNTDQ, "avx512vpopcntdq"),
    (CpuidFeature::AVX_VNNI, "avxvnni"),
    (CpuidFeature::BMI1, "bmi1"),
    (CpuidFeature::BMI2, "bmi2"),
    (CpuidFeature::F16C, "f16c"),
    (CpuidFeature::FMA, "fma"),
    (CpuidFeature::GFNI, "gfni"),
    (CpuidFeature::LZCNT, "lzcnt"),
    (CpuidFeature::MOVBE, "movbe"),
    (CpuidFeature::PCLMULQDQ, "pclmulqdq"),
    (CpuidFeature::POPCNT, "popcnt"),
    (CpuidFeature::RDRAND, "rdrand"),
    (CpuidFeature::RDSEED, "rdseed"),
    (CpuidFeature::SHA, "sha"),
    (CpuidFeature::SHA512, "sha512"),
    (CpuidFeature::SM3, "sm3"),
    (CpuidFeature::SM4, "sm4"),
    (CpuidFeature::SSE3, "sse3"),
    (CpuidFeature::SSE4A, "sse4a"),
    (CpuidFeature::SSE4_1, "sse4.1"),
    (CpuidFeature::SSE4_2, "sse4.2"),
    (CpuidFeature::SSSE3, "ssse3"),
    (CpuidFeature::VAES, "vaes"),
    (CpuidFeature::VPCLMULQDQ, "vpclmulqdq"),
];

/// The features of each instruction, by iced's number of it.
static FEATURES: LazyLock<Vec<Features>> = LazyLock::new(|| {
    let Some(architecture) = Architecture::find("x86_64") else { return Vec::new() };
    let of_code = |code: Code| {
        // Compilers write `rep bsf` for any CPU: the older ones ignore the prefix.
        if matches!(code, Code::Tzcnt_r16_rm16 | Code::Tzcnt_r32_rm32 | Code::Tzcnt_r64_rm64) {
            return Features::NONE;
        }
        let features = code.cpuid_features();
        let names = NAMES.iter().filter(|(feature, _)| features.contains(feature));
        architecture.essence(architecture.set(names.map(|(_, name)| *name)))
    };
    Code::values().map(of_code).collect()
});

pub(super) fn scan(address: u64, bytes: &[u8], bits: u32, found: &mut Found<'_>) {
    let table = FEATURES.as_slice();
    let mut decoder = Decoder::with_ip(bits, bytes, address, DecoderOptions::NONE);
    let mut instruction = Instruction::default();
    let mut count = 0;
    while decoder.can_decode() {
        decoder.decode_out(&mut instruction);
        count += 1;
        let features = table.get(instruction.code() as usize).copied().unwrap_or_default();
        if !features.is_empty() {
            found.tell(instruction.ip(), features);
        }
    }
    found.count(count);
}

/// Where an instruction goes, or whose address it forms.
pub(super) fn references(
    address: u64,
    bytes: &[u8],
    bits: u32,
    tell: &mut dyn FnMut(u64, Reference),
) {
    let mut decoder = Decoder::with_ip(bits, bytes, address, DecoderOptions::NONE);
    let mut instruction = Instruction::default();
    while decoder.can_decode() {
        decoder.decode_out(&mut instruction);
        let at = instruction.ip();
        let branches = matches!(
            instruction.op0_kind(),
            OpKind::NearBranch16 | OpKind::NearBranch32 | OpKind::NearBranch64
        );
        if branches {
            tell(at, Reference::Branch(instruction.near_branch_target()));
        } else if instruction.is_ip_rel_memory_operand() {
            let place = instruction.ip_rel_memory_address();
            match instruction.flow_control() {
                FlowControl::IndirectCall | FlowControl::IndirectBranch => {
                    tell(at, Reference::Through(place));
                }
                _ if is_lea(&instruction) => tell(at, Reference::Address(place)),
                _ => {}
            }
        } else if instruction.op0_kind() == OpKind::Register
            && instruction.op_count() == 2
            && instruction.op1_kind() == OpKind::Immediate32
        {
            // Where a program has a fixed address, MOV loads it as it is.
            tell(at, Reference::Address(u64::from(instruction.immediate32())));
        }
    }
}

fn is_lea(instruction: &Instruction) -> bool {
    matches!(instruction.code(), Code::Lea_r64_m | Code::Lea_r32_m)
        && instruction.op0_register() != Register::None
}

#[cfg(test)]
mod tests {
    use crate::cpu::isa::testing::{features, references};

    #[test]
    fn instructions_are_told_by_their_features() {
        for (code, expected) in [
            (&[0x66, 0x0f, 0x38, 0xdc, 0xc1][..], &["aes"][..]), // aesenc xmm0, xmm1
            (&[0xc4, 0xe2, 0x7d, 0xdc, 0xc1], &["vaes"]),        // vaesenc ymm0, ymm0, ymm1
            (&[0xc5, 0xfd, 0xfe, 0xc1], &["avx2"]),              // vpaddd ymm0, ymm0, ymm1
            (&[0xc4, 0xe2, 0x72, 0xda, 0xc2], &["sm4"]),         // vsm4key4 xmm0, xmm1, xmm2
            (&[0xf3, 0x48, 0x0f, 0xb8, 0xc0], &["popcnt"]),      // popcnt rax, rax
        ] {
            assert_eq!(features(62, code), expected, "{code:x?}");
        }
        // paddd xmm0, xmm1; tzcnt rax, rax; endbr64; pause; cmpxchg.
        for code in [
            &[0x66, 0x0f, 0xfe, 0xc1][..],
            &[0xf3, 0x48, 0x0f, 0xbc, 0xc0],
            &[0xf3, 0x0f, 0x1e, 0xfa],
            &[0xf3, 0x90],
            &[0x0f, 0xb1, 0x0f],
        ] {
            assert!(features(62, code).is_empty(), "{code:x?}");
        }
        assert_eq!(features(3, &[0x66, 0x0f, 0x38, 0xdc, 0xc1]), ["aes"]);
    }

    #[test]
    fn branches_and_addresses_are_followed() {
        let code = [
            &[0xe8, 3, 0, 0, 0][..],         // call +3
            &[0xeb, 0xf9],                   // jmp -7
            &[0x48, 0x8d, 0x05, 1, 0, 0, 0], // lea rax, [rip + 1]
            &[0xff, 0x15, 2, 0, 0, 0],       // call [rip + 2]
            &[0xb8, 0x00, 0x10, 0x00, 0x00], // mov eax, 0x1000
        ]
        .concat();
        assert_eq!(
            references(62, 0x1000, &code),
            [
                (0x1000, "branch", 0x1008),
                (0x1005, "branch", 0x1000),
                (0x1007, "address", 0x100f),
                (0x100e, "through", 0x1016),
                (0x1014, "address", 0x1000),
            ]
        );
    }
}
