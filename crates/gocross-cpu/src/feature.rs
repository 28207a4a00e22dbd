//! The features by name.

macro_rules! features {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A feature of a CPU that code may ask for. What it stands for depends on the
        /// architecture where two have one of the same name (`aes`, `sm3`, `sm4`, `sha512`).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Feature {
            $($(#[$doc])* $variant,)*
        }

        impl Feature {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name: Rust's name of the target feature where there is one.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

features! {
    /// Advanced SIMD (arm, aarch64).
    Neon = "neon",
    /// AES instructions (aarch64, arm, x86).
    Aes = "aes",
    /// Polynomial multiplication of 64 bits (aarch64, arm).
    Pmull = "pmull",
    /// SHA-1 (aarch64, arm).
    Sha1 = "sha1",
    /// SHA-256 (aarch64, arm). Rust's `sha2` stands for SHA-1 and SHA-256.
    Sha2 = "sha2",
    /// SHA-3 (aarch64). Rust's `sha3` stands for SHA-3 and SHA-512.
    Sha3 = "sha3",
    /// SHA-512 (aarch64, x86).
    Sha512 = "sha512",
    /// SM3 (aarch64, x86).
    Sm3 = "sm3",
    /// SM4 (aarch64, x86).
    Sm4 = "sm4",
    /// Scalable vectors (aarch64).
    Sve = "sve",
    /// The second version of scalable vectors (aarch64).
    Sve2 = "sve2",
    /// AES on scalable vectors (aarch64).
    Sve2Aes = "sve2-aes",
    /// SHA-3 on scalable vectors (aarch64).
    Sve2Sha3 = "sve2-sha3",
    /// SM4 on scalable vectors (aarch64).
    Sve2Sm4 = "sve2-sm4",
    /// Floating point in hardware (arm).
    Vfp = "vfp",
    /// The third version of floating point (arm).
    Vfp3 = "vfp3",
    /// The fourth version of floating point, with fused multiplication (arm).
    Vfp4 = "vfp4",
    /// Thirty-two registers of floating point, not sixteen (arm).
    D32 = "d32",
    /// Vectors, version 1.0 (riscv64).
    V = "v",
    /// Addresses by shift and addition (riscv64).
    Zba = "zba",
    /// Basic bit manipulation (riscv64).
    Zbb = "zbb",
    /// Carry-less multiplication (riscv64).
    Zbc = "zbc",
    /// Single bits (riscv64).
    Zbs = "zbs",
    /// Bit manipulation for cryptography (riscv64).
    Zbkb = "zbkb",
    /// Carry-less multiplication for cryptography, a part of `zbc` (riscv64).
    Zbkc = "zbkc",
    /// Permutations by a register (riscv64).
    Zbkx = "zbkx",
    /// AES decryption, scalar (riscv64).
    Zknd = "zknd",
    /// AES encryption, scalar (riscv64).
    Zkne = "zkne",
    /// SHA-256 and SHA-512, scalar (riscv64).
    Zknh = "zknh",
    /// SM4, scalar (riscv64).
    Zksed = "zksed",
    /// SM3, scalar (riscv64).
    Zksh = "zksh",
    /// Vector bit manipulation (riscv64).
    Zvbb = "zvbb",
    /// Vector carry-less multiplication (riscv64).
    Zvbc = "zvbc",
    /// Vector bit manipulation for cryptography, a part of `zvbb` (riscv64).
    Zvkb = "zvkb",
    /// GHASH on vectors (riscv64).
    Zvkg = "zvkg",
    /// AES on vectors (riscv64).
    Zvkned = "zvkned",
    /// SHA-256 on vectors (riscv64).
    Zvknha = "zvknha",
    /// SHA-256 and SHA-512 on vectors (riscv64).
    Zvknhb = "zvknhb",
    /// SM4 on vectors (riscv64).
    Zvksed = "zvksed",
    /// SM3 on vectors (riscv64).
    Zvksh = "zvksh",
    /// SIMD of 128 bits (mips).
    Msa = "msa",
    /// Signal processing (mips).
    Dsp = "dsp",
    /// The second version of signal processing (mips).
    Dsp2 = "dsp2",
    /// SSSE3 (x86).
    Ssse3 = "ssse3",
    /// SSE4.1 (x86).
    Sse41 = "sse4.1",
    /// Carry-less multiplication (x86).
    Pclmulqdq = "pclmulqdq",
    /// SHA-1 and SHA-256 (x86).
    Sha = "sha",
    /// AVX (x86).
    Avx = "avx",
    /// AVX2 (x86).
    Avx2 = "avx2",
    /// Fused multiplication and addition (x86).
    Fma = "fma",
    /// Galois field arithmetic (x86).
    Gfni = "gfni",
    /// AES on wide vectors (x86).
    Vaes = "vaes",
    /// Carry-less multiplication on wide vectors (x86).
    Vpclmulqdq = "vpclmulqdq",
    /// The foundation of AVX-512 (x86).
    Avx512f = "avx512f",
    /// AVX-512 on double and quad words (x86).
    Avx512dq = "avx512dq",
    /// AVX-512 on bytes and words (x86).
    Avx512bw = "avx512bw",
    /// AVX-512 on narrower vectors (x86).
    Avx512vl = "avx512vl",
    /// AVX-512 permutations of bytes (x86).
    Avx512vbmi = "avx512vbmi",
    /// AVX-512 compression and shifts of bytes and words (x86).
    Avx512vbmi2 = "avx512vbmi2",
}

impl Feature {
    /// The feature of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|feature| feature.name() == name)
    }
}
