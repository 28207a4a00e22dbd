//! The features by name.

macro_rules! features {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A feature of a CPU that code may ask for. What it stands for depends on the
        /// architecture where two have one of the same name (`aes`, `sm3`, `sm4`).
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
    /// Polynomial multiplication of 64 bits (aarch64).
    Pmull = "pmull",
    /// SHA-1 (aarch64).
    Sha1 = "sha1",
    /// SHA-256 (aarch64).
    Sha2 = "sha2",
    /// SHA-3 (aarch64).
    Sha3 = "sha3",
    /// SHA-512 (aarch64).
    Sha512 = "sha512",
    /// SM3 (aarch64, x86).
    Sm3 = "sm3",
    /// SM4 (aarch64, x86).
    Sm4 = "sm4",
    /// Scalable vectors (aarch64).
    Sve = "sve",
    /// The second version of scalable vectors (aarch64).
    Sve2 = "sve2",
    /// SM4 on scalable vectors (aarch64).
    Sve2Sm4 = "sve2-sm4",
    /// Floating point in hardware (arm).
    Vfp = "vfp",
    /// Vectors, version 1.0 (riscv64).
    V = "v",
    /// Basic bit manipulation (riscv64).
    Zbb = "zbb",
    /// Vector bit manipulation for cryptography (riscv64).
    Zvkb = "zvkb",
    /// SM4, scalar (riscv64).
    Zksed = "zksed",
    /// SM3, scalar (riscv64).
    Zksh = "zksh",
    /// SM4 on vectors (riscv64).
    Zvksed = "zvksed",
    /// SM3 on vectors (riscv64).
    Zvksh = "zvksh",
    /// SIMD of 128 bits (mips).
    Msa = "msa",
    /// Signal processing (mips).
    Dsp = "dsp",
    /// SSSE3 (x86).
    Ssse3 = "ssse3",
    /// Carry-less multiplication (x86).
    Pclmulqdq = "pclmulqdq",
    /// AVX2 (x86).
    Avx2 = "avx2",
    /// Galois field arithmetic (x86).
    Gfni = "gfni",
    /// AES on wide vectors (x86).
    Vaes = "vaes",
    /// The foundation of AVX-512 (x86).
    Avx512f = "avx512f",
    /// AVX-512 on bytes and words (x86).
    Avx512bw = "avx512bw",
    /// AVX-512 on narrower vectors (x86).
    Avx512vl = "avx512vl",
}

impl Feature {
    /// The feature of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|feature| feature.name() == name)
    }
}
