//! Functions of others that look at the CPU themselves, as data.
//!
//! Each row was seen in a real file: programs of Rust and Go for x86-64, aarch64, armv7 and
//! riscv64, and static programs with glibc.

use super::architecture::{Architecture, Features};
use super::matches;
use crate::owner::Category;

/// Functions that are known to be guarded.
struct Known {
    /// Rust's `target_arch`; empty for all.
    archs: &'static [&'static str],
    /// What they are part of; none where their names alone tell.
    category: Option<Category>,
    /// Their names; `*` stands for any text.
    functions: &'static [&'static str],
    /// The features; empty for all.
    features: &'static [&'static str],
}

const X86: &[&str] = &["x86", "x86_64"];

const KNOWN: &[Known] = &[
    // Go's standard library: each of these packages reads `internal/cpu` before the first use.
    Known {
        archs: &[],
        category: Some(Category::Go),
        functions: &[
            "runtime.*",
            "runtime/*",
            "internal/bytealg.*",
            "internal/chacha8rand.*",
            "internal/runtime/*",
            "internal/cpu.*",
            "crypto/*",
            "hash/crc32.*",
            "math.*",
            "math/*",
            "vendor/golang.org/x/crypto/*",
            "golang.org/x/crypto/*",
        ],
        features: &[],
    },
    // Go's assembler allows names without a package; these are of its standard library.
    Known {
        archs: &[],
        category: Some(Category::Go),
        functions: &[
            "aeshashbody",
            "compare",
            "indexByteBig",
            "cmpbody",
            "countbody",
            "indexbody",
            "indexbytebody",
            "indexByteBig",
            "memeqbody",
            "countbytebody",
            "expandAVX512_*",
            "p256MulInternal",
            "p256SqrInternal",
        ],
        features: &[],
    },
    // cmd/compile/internal/ssagen/intrinsics.go: the check stands beside the instruction, in
    // whatever function calls `math/bits`, `math` or `sync/atomic`.
    Known {
        archs: &["x86_64"],
        category: Some(Category::Go),
        functions: &["*"],
        features: &["popcnt", "sse4.1", "fma"],
    },
    Known {
        archs: &["aarch64"],
        category: Some(Category::Go),
        functions: &["*"],
        features: &["lse"],
    },
    // CPOP of `math/bits.OnesCount64`, the same way.
    Known {
        archs: &["riscv64"],
        category: Some(Category::Go),
        functions: &["*"],
        features: &["zbb"],
    },
    // Package variables of internal/sm4, internal/sm3 and internal/zuc decide once.
    Known {
        archs: &[],
        category: Some(Category::Go),
        functions: &["github.com/emmansun/gmsm/*"],
        features: &[],
    },
    // It looks whether vectors are those of version 1.0, behind a look at HWCAP.
    Known {
        archs: &["riscv64"],
        category: Some(Category::Rust),
        functions: &["gocross_cpu::*"],
        features: &["v"],
    },
    // Intrinsics that were not inlined, in a debug build: `target_feature` functions call them.
    Known {
        archs: &[],
        category: Some(Category::Rust),
        functions: &["core::core_arch::*"],
        features: &[],
    },
    // memchr and aho-corasick ask `std_detect`.
    Known {
        archs: &[],
        category: Some(Category::Rust),
        functions: &[
            "memchr::arch::*",
            "memchr::memchr::*",
            "<memchr::arch::*",
            "aho_corasick::packed::*",
            "<aho_corasick::packed::*",
            "core::ops::function::FnOnce::call_once<memchr::*",
        ],
        features: &[],
    },
    // The modules of these crates that `is_x86_feature_detected!`, `cpufeatures` or a macro over
    // them lead to.
    Known {
        archs: &[],
        category: Some(Category::Rust),
        functions: &[
            "<aes::autodetect::*",
            "aes::ni::*",
            "<aes::ni::*",
            "base64_simd::multiversion::*",
            "bytecount::simd::*",
            "chacha20::backends::*",
            "<chacha20::backends::*",
            "crc32fast::specialized::*",
            "curve25519_dalek::backend::vector::*",
            "<*curve25519_dalek::backend::vector::*",
            "httparse::simd::*",
            "poly1305::backend::*",
            "<poly1305::backend::*",
            "polyval::backend::*",
            "<polyval::backend::*",
            "sha1::compress::*",
            "sha2::sha256::*",
            "sha2::sha512::*",
            "simdutf8::implementation::*",
            "twox_hash::xxhash3*",
        ],
        features: &[],
    },
    // The assembler and C of ring and aws-lc (BoringSSL's, under names of their own), and of the
    // crate blake3. What has no name of theirs is called by what has.
    Known {
        archs: &[],
        category: None,
        functions: &[
            "ring_core_*",
            "aws_lc_*",
            "_aesni_*",
            "__aesni_*",
            "_vpaes_*",
            "ecp_nistz256_*",
            "__ecp_nistz256_*",
            "gcm_ghash_v8_4x",
            "__bn_*x4x_internal",
            "mulx4x_internal",
            "Ledwards25519_*",
            "Lp256_*",
            "Lp384_*",
            "Lp521_*",
            "fiat_mulx_u64",
            "blake3_*",
            "_blake3_*",
        ],
        features: &[],
    },
    // libgcc and compiler-builtins look at `__aarch64_have_lse_atomics`.
    Known {
        archs: &["aarch64"],
        category: None,
        functions: &[
            "__aarch64_cas*",
            "__aarch64_ldadd*",
            "__aarch64_ldclr*",
            "__aarch64_ldeor*",
            "__aarch64_ldset*",
            "__aarch64_swp*",
        ],
        features: &["lse"],
    },
    // CNTD reads the length of vectors for frames that have saved one (libgcc/config/aarch64).
    Known {
        archs: &["aarch64"],
        category: None,
        functions: &[
            "_Unwind_GetGR",
            "execute_stack_op",
            "uw_update_context*",
            "uw_frame_state_for",
        ],
        features: &["sve"],
    },
    // The same in LLVM's libunwind, which zig brings: `lazyGetVG` in src/Registers.hpp. What turns
    // SME off may only be called where SME is there (src/UnwindRegistersSave.S).
    Known {
        archs: &["aarch64"],
        category: None,
        functions: &["_ZN9libunwind*", "__libunwind_Registers_arm64_za_disable"],
        features: &["sve"],
    },
    // glibc, sysdeps/x86_64/multiarch and its like: IFUNC chooses, by the ending of the name.
    Known {
        archs: &[],
        category: Some(Category::Libc),
        functions: &[
            "*_ssse3",
            "*_ssse3_back",
            "*_sse4",
            "*_sse42",
            "*_sse4_1",
            "*_sse4_2",
            "*_sse41",
            "*_avx",
            "*_avx_*",
            "*_avx2",
            "*_avx2_*",
            "*_avx512*",
            "*_evex",
            "*_evex_*",
            "*_evex512*",
            "*_fma",
            "*_fma3",
            "*_fma4",
            "*_movbe",
            "*_erms",
            "*_rtm",
            "*_a64fx",
            "*_sve",
            "*_neon",
            "*_vzeroupper",
            "*_unaligned",
        ],
        features: &[],
    },
    // sysdeps/x86_64/dl-trampoline.S saves the registers that the CPU has.
    Known {
        archs: X86,
        category: None,
        functions: &["_dl_runtime_resolve_*", "_dl_runtime_profile_*", "_dl_tlsdesc_dynamic*"],
        features: &[],
    },
];

/// The features that a function is known to guard itself.
pub(crate) fn guarded(architecture: &Architecture, category: Category, name: &str) -> Features {
    let all = || architecture.set(architecture.names());
    let rows = KNOWN.iter().filter(|row| {
        (row.archs.is_empty() || row.archs.contains(&architecture.name))
            && row.category.is_none_or(|wanted| wanted == category)
            && row.functions.iter().any(|pattern| matches(pattern, name))
    });
    rows.fold(Features::NONE, |guarded, row| {
        let names = row.features.iter().copied();
        guarded.with(if row.features.is_empty() { all() } else { architecture.set(names) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::architecture::ARCHITECTURES;

    #[test]
    fn rows_name_what_there_is() {
        for row in KNOWN {
            assert!(row.archs.iter().all(|name| Architecture::find(name).is_some()));
            for feature in row.features {
                let has = |architecture: &Architecture| architecture.feature(feature).is_some();
                assert!(ARCHITECTURES.iter().any(has), "{feature}");
            }
        }
    }

    #[test]
    fn only_what_is_known_is_guarded() {
        let x86 = Architecture::find("x86_64").unwrap();
        let of = |category, name: &str| x86.names_of(guarded(x86, category, name));
        assert!(
            of(Category::Go, "crypto/internal/fips140/aes.encryptBlockAsm.abi0").contains(&"aes")
        );
        assert_eq!(of(Category::Go, "example.com/a.b"), ["sse4.1", "popcnt", "fma"]);
        assert!(of(Category::Libc, "__memcpy_avx_unaligned_erms").contains(&"avx"));
        assert!(of(Category::Rust, "sha2::sha256::x86::digest_blocks").contains(&"sha"));
        assert!(of(Category::Rust, "sha2::Sha256VarCore::new").is_empty());
        assert!(of(Category::C, "ring_core_0_17_14__gcm_ghash_avx").contains(&"avx"));
        assert!(of(Category::Libc, "__sha256").is_empty());
        assert!(of(Category::C, "my_memcpy_avx2").is_empty());
        assert!(of(Category::Rust, "mycrate::filter_avx2").is_empty());
    }
}
