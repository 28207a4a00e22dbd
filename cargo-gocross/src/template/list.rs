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
        name: "sm4",
        about: "Encrypts files with SM4-CTR: a Rust program around a Go library",
        manifest: include_str!("../../templates/sm4/Cargo.toml.in"),
        files: &[
            ("build.rs", include_str!("../../templates/sm4/build.rs")),
            ("go/go.mod", include_str!("../../templates/sm4/go/go.mod")),
            ("go/go.sum", include_str!("../../templates/sm4/go/go.sum")),
            ("go/sm4.go", include_str!("../../templates/sm4/go/sm4.go")),
            ("go/sm4_test.go", include_str!("../../templates/sm4/go/sm4_test.go")),
            ("src/block.rs", include_str!("../../templates/sm4/src/block.rs")),
            ("src/cli.rs", include_str!("../../templates/sm4/src/cli.rs")),
            ("src/ctr.rs", include_str!("../../templates/sm4/src/ctr.rs")),
            ("src/input.rs", include_str!("../../templates/sm4/src/input.rs")),
            ("src/job.rs", include_str!("../../templates/sm4/src/job.rs")),
            ("src/lib.rs", include_str!("../../templates/sm4/src/lib.rs")),
            ("src/main.rs", include_str!("../../templates/sm4/src/main.rs")),
            ("src/output.rs", include_str!("../../templates/sm4/src/output.rs")),
            ("src/progress.rs", include_str!("../../templates/sm4/src/progress.rs")),
            ("tests/cli.rs", include_str!("../../templates/sm4/tests/cli.rs")),
            ("tests/ctr.rs", include_str!("../../templates/sm4/tests/ctr.rs")),
        ],
    },
];
