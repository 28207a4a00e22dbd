//! The Go package and the C program of `tests/packages/start`: the least that shows whether
//! Go's runtime starts and works.

use std::path::{Path, PathBuf};

use gocross_tests::kit::{Builder, Kit, Shape, told};
use gocross_tests::sandbox::Sandbox;
use gocross_tests::trial::{Result, ensure};
use gocross_tests::workshop::Workshop;

/// What the program is called with.
pub(crate) const ARGUMENTS: [&str; 2] = ["one", "two"];

/// Lays the files out; returns the folder of the Go package.
pub(crate) fn lay(sandbox: &Sandbox) -> Result<PathBuf> {
    sandbox.lay(&Workshop::package().join("packages/start"))?;
    Ok(sandbox.dir().join("go"))
}

/// Builds the program.
pub(crate) fn build(kit: &Kit, sandbox: &Sandbox, by: Builder) -> Result<PathBuf> {
    build_with(kit, sandbox, by, "main.c")
}

/// Builds a program of a C file.
pub(crate) fn build_with(kit: &Kit, sandbox: &Sandbox, by: Builder, file: &str) -> Result<PathBuf> {
    let results = sandbox.results()?;
    let archive = kit.archive(by, &lay(sandbox)?, "start", &results)?;
    let program = results.join("program");
    kit.link(sandbox.dir(), Shape::Usual, [Path::new(file), &archive], &program)?;
    Ok(program)
}

/// Runs the program and compares what it says.
pub(crate) fn check(kit: &Kit, program: &Path) -> Result {
    let output = kit.program(program, ARGUMENTS).output()?;
    let (version, platform) = (&kit.go.version_text, kit.target.go.platform());
    let want = format!("main\n{version} {platform}: 3 arguments, the last is two\n500500\n");
    ensure(output.status == 0 && output.stdout == want, || format!("want {want}{}", told(&output)))
}
