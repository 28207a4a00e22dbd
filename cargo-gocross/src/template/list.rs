//! The templates. Written by `cargo xtask codegen` from `examples/`.

use super::Template;

/// The templates, sorted by name.
pub(crate) const TEMPLATES: &[Template] = &[
    Template {
        name: "hello",
        about: "The smallest Rust program with Go in it",
        manifest: include_str!("../../templates/hello/Cargo.toml.in"),
        files: &[
            ("build.rs", include_str!("../../templates/hello/build.rs")),
            ("go/go.mod", include_str!("../../templates/hello/go/go.mod")),
            ("go/hello.go", include_str!("../../templates/hello/go/hello.go")),
            ("src/main.rs", include_str!("../../templates/hello/src/main.rs")),
        ],
    },
    Template {
        name: "image-filter",
        about: "Filters PNG pictures by the CPU's vectors, in memory that Go and Rust share",
        manifest: include_str!("../../templates/image-filter/Cargo.toml.in"),
        files: &[
            ("build.rs", include_str!("../../templates/image-filter/build.rs")),
            ("go/go.mod", include_str!("../../templates/image-filter/go/go.mod")),
            ("go/image.go", include_str!("../../templates/image-filter/go/image.go")),
            ("go/image_test.go", include_str!("../../templates/image-filter/go/image_test.go")),
            ("src/bench.rs", include_str!("../../templates/image-filter/src/bench.rs")),
            ("src/cli.rs", include_str!("../../templates/image-filter/src/cli.rs")),
            (
                "src/filter/gaussian.rs",
                include_str!("../../templates/image-filter/src/filter/gaussian.rs"),
            ),
            ("src/filter/mod.rs", include_str!("../../templates/image-filter/src/filter/mod.rs")),
            ("src/input.rs", include_str!("../../templates/image-filter/src/input.rs")),
            ("src/lib.rs", include_str!("../../templates/image-filter/src/lib.rs")),
            ("src/main.rs", include_str!("../../templates/image-filter/src/main.rs")),
            ("src/output.rs", include_str!("../../templates/image-filter/src/output.rs")),
            ("src/path/avx2.rs", include_str!("../../templates/image-filter/src/path/avx2.rs")),
            ("src/path/error.rs", include_str!("../../templates/image-filter/src/path/error.rs")),
            ("src/path/mod.rs", include_str!("../../templates/image-filter/src/path/mod.rs")),
            ("src/path/neon.rs", include_str!("../../templates/image-filter/src/path/neon.rs")),
            (
                "src/path/neon_arm.rs",
                include_str!("../../templates/image-filter/src/path/neon_arm.rs"),
            ),
            ("src/path/rvv.rs", include_str!("../../templates/image-filter/src/path/rvv.rs")),
            ("src/path/scalar.rs", include_str!("../../templates/image-filter/src/path/scalar.rs")),
            ("src/path/sve2.rs", include_str!("../../templates/image-filter/src/path/sve2.rs")),
            ("src/picture.rs", include_str!("../../templates/image-filter/src/picture.rs")),
            ("src/reference.rs", include_str!("../../templates/image-filter/src/reference.rs")),
            ("src/sample.rs", include_str!("../../templates/image-filter/src/sample.rs")),
            ("src/selftest.rs", include_str!("../../templates/image-filter/src/selftest.rs")),
            ("tests/cli.rs", include_str!("../../templates/image-filter/tests/cli.rs")),
            ("tests/paths.rs", include_str!("../../templates/image-filter/tests/paths.rs")),
            ("tests/png.rs", include_str!("../../templates/image-filter/tests/png.rs")),
            ("tests/sharing.rs", include_str!("../../templates/image-filter/tests/sharing.rs")),
            (
                "tests/writer/mod.rs",
                include_str!("../../templates/image-filter/tests/writer/mod.rs"),
            ),
        ],
    },
    Template {
        name: "sm4",
        about: "Encrypts files with SM4-CTR: a Rust program around a Go library",
        manifest: include_str!("../../templates/sm4/Cargo.toml.in"),
        files: &[
            ("build.rs", include_str!("../../templates/sm4/build.rs")),
            ("go/go.mod", include_str!("../../templates/sm4/go/go.mod")),
            ("go/go.sum", include_str!("../../templates/sm4/go/go.sum")),
            ("go/path.go", include_str!("../../templates/sm4/go/path.go")),
            ("go/path_amd64.go", include_str!("../../templates/sm4/go/path_amd64.go")),
            ("go/path_other.go", include_str!("../../templates/sm4/go/path_other.go")),
            ("go/sm4.go", include_str!("../../templates/sm4/go/sm4.go")),
            ("go/sm4_test.go", include_str!("../../templates/sm4/go/sm4_test.go")),
            ("go/whole.go", include_str!("../../templates/sm4/go/whole.go")),
            ("src/bench.rs", include_str!("../../templates/sm4/src/bench.rs")),
            ("src/block.rs", include_str!("../../templates/sm4/src/block.rs")),
            (
                "src/cipher/aarch64/aese.rs",
                include_str!("../../templates/sm4/src/cipher/aarch64/aese.rs"),
            ),
            (
                "src/cipher/aarch64/mod.rs",
                include_str!("../../templates/sm4/src/cipher/aarch64/mod.rs"),
            ),
            (
                "src/cipher/aarch64/neon.rs",
                include_str!("../../templates/sm4/src/cipher/aarch64/neon.rs"),
            ),
            (
                "src/cipher/aarch64/rounds.rs",
                include_str!("../../templates/sm4/src/cipher/aarch64/rounds.rs"),
            ),
            (
                "src/cipher/aarch64/sm4e.rs",
                include_str!("../../templates/sm4/src/cipher/aarch64/sm4e.rs"),
            ),
            ("src/cipher/algebra.rs", include_str!("../../templates/sm4/src/cipher/algebra.rs")),
            ("src/cipher/arm/mod.rs", include_str!("../../templates/sm4/src/cipher/arm/mod.rs")),
            ("src/cipher/arm/neon.rs", include_str!("../../templates/sm4/src/cipher/arm/neon.rs")),
            (
                "src/cipher/arm/tower.rs",
                include_str!("../../templates/sm4/src/cipher/arm/tower.rs"),
            ),
            ("src/cipher/error.rs", include_str!("../../templates/sm4/src/cipher/error.rs")),
            ("src/cipher/mod.rs", include_str!("../../templates/sm4/src/cipher/mod.rs")),
            ("src/cipher/path.rs", include_str!("../../templates/sm4/src/cipher/path.rs")),
            (
                "src/cipher/portable/circuit.rs",
                include_str!("../../templates/sm4/src/cipher/portable/circuit.rs"),
            ),
            (
                "src/cipher/portable/constant_time.rs",
                include_str!("../../templates/sm4/src/cipher/portable/constant_time.rs"),
            ),
            (
                "src/cipher/portable/mod.rs",
                include_str!("../../templates/sm4/src/cipher/portable/mod.rs"),
            ),
            (
                "src/cipher/portable/plane.rs",
                include_str!("../../templates/sm4/src/cipher/portable/plane.rs"),
            ),
            (
                "src/cipher/portable/table.rs",
                include_str!("../../templates/sm4/src/cipher/portable/table.rs"),
            ),
            (
                "src/cipher/riscv64/mod.rs",
                include_str!("../../templates/sm4/src/cipher/riscv64/mod.rs"),
            ),
            (
                "src/cipher/riscv64/zksed.rs",
                include_str!("../../templates/sm4/src/cipher/riscv64/zksed.rs"),
            ),
            (
                "src/cipher/riscv64/zvksed.rs",
                include_str!("../../templates/sm4/src/cipher/riscv64/zvksed.rs"),
            ),
            ("src/cipher/schedule.rs", include_str!("../../templates/sm4/src/cipher/schedule.rs")),
            ("src/cipher/tests.rs", include_str!("../../templates/sm4/src/cipher/tests.rs")),
            (
                "src/cipher/x86_64/aesni.rs",
                include_str!("../../templates/sm4/src/cipher/x86_64/aesni.rs"),
            ),
            (
                "src/cipher/x86_64/avx2.rs",
                include_str!("../../templates/sm4/src/cipher/x86_64/avx2.rs"),
            ),
            (
                "src/cipher/x86_64/gfni.rs",
                include_str!("../../templates/sm4/src/cipher/x86_64/gfni.rs"),
            ),
            (
                "src/cipher/x86_64/gfni_avx2.rs",
                include_str!("../../templates/sm4/src/cipher/x86_64/gfni_avx2.rs"),
            ),
            (
                "src/cipher/x86_64/gfni_avx512.rs",
                include_str!("../../templates/sm4/src/cipher/x86_64/gfni_avx512.rs"),
            ),
            (
                "src/cipher/x86_64/mod.rs",
                include_str!("../../templates/sm4/src/cipher/x86_64/mod.rs"),
            ),
            (
                "src/cipher/x86_64/shuffle.rs",
                include_str!("../../templates/sm4/src/cipher/x86_64/shuffle.rs"),
            ),
            (
                "src/cipher/x86_64/vaes.rs",
                include_str!("../../templates/sm4/src/cipher/x86_64/vaes.rs"),
            ),
            (
                "src/cipher/x86_64/vector.rs",
                include_str!("../../templates/sm4/src/cipher/x86_64/vector.rs"),
            ),
            ("src/cli.rs", include_str!("../../templates/sm4/src/cli.rs")),
            ("src/ctr.rs", include_str!("../../templates/sm4/src/ctr.rs")),
            ("src/gmsm.rs", include_str!("../../templates/sm4/src/gmsm.rs")),
            ("src/hex.rs", include_str!("../../templates/sm4/src/hex.rs")),
            ("src/input.rs", include_str!("../../templates/sm4/src/input.rs")),
            ("src/job.rs", include_str!("../../templates/sm4/src/job.rs")),
            ("src/lib.rs", include_str!("../../templates/sm4/src/lib.rs")),
            ("src/main.rs", include_str!("../../templates/sm4/src/main.rs")),
            ("src/modes/counter.rs", include_str!("../../templates/sm4/src/modes/counter.rs")),
            ("src/modes/ctr.rs", include_str!("../../templates/sm4/src/modes/ctr.rs")),
            ("src/modes/gcm.rs", include_str!("../../templates/sm4/src/modes/gcm.rs")),
            ("src/modes/ghash/mod.rs", include_str!("../../templates/sm4/src/modes/ghash/mod.rs")),
            (
                "src/modes/ghash/pclmulqdq.rs",
                include_str!("../../templates/sm4/src/modes/ghash/pclmulqdq.rs"),
            ),
            (
                "src/modes/ghash/pmull.rs",
                include_str!("../../templates/sm4/src/modes/ghash/pmull.rs"),
            ),
            (
                "src/modes/ghash/portable.rs",
                include_str!("../../templates/sm4/src/modes/ghash/portable.rs"),
            ),
            ("src/modes/mod.rs", include_str!("../../templates/sm4/src/modes/mod.rs")),
            ("src/output.rs", include_str!("../../templates/sm4/src/output.rs")),
            ("src/progress.rs", include_str!("../../templates/sm4/src/progress.rs")),
            ("src/report.rs", include_str!("../../templates/sm4/src/report.rs")),
            ("src/sample.rs", include_str!("../../templates/sm4/src/sample.rs")),
            ("src/selftest/known.rs", include_str!("../../templates/sm4/src/selftest/known.rs")),
            (
                "src/selftest/million.rs",
                include_str!("../../templates/sm4/src/selftest/million.rs"),
            ),
            ("src/selftest/mod.rs", include_str!("../../templates/sm4/src/selftest/mod.rs")),
            ("src/selftest/random.rs", include_str!("../../templates/sm4/src/selftest/random.rs")),
            (
                "src/selftest/vectors.rs",
                include_str!("../../templates/sm4/src/selftest/vectors.rs"),
            ),
            ("tests/cli.rs", include_str!("../../templates/sm4/tests/cli.rs")),
            ("tests/ctr.rs", include_str!("../../templates/sm4/tests/ctr.rs")),
        ],
    },
];
