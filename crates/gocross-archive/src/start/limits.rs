//! What the start-up object adds to the environment that Go is started with: the half that is
//! known when it is compiled.

use gocross_toolchain::go::Version;

use crate::Request;
use crate::list::Package;

/// The first release of Go that sets `GOMAXPROCS` by the CPU limit of the cgroup.
const FIRST_WITH_CPU_LIMIT: Version = Version { major: 1, minor: 25 };

/// The setting of `GODEBUG` that says whether it does (`internal/godebugs/table.go`).
const OFF: &str = "containermaxprocs=0";

/// The macros for `limits.c`.
pub(super) fn defines(request: &Request<'_>, package: &Package) -> Vec<String> {
    let variables = request.runtime.iter();
    let mut defines: Vec<String> =
        variables.map(|(name, value)| format!("-DGOCROSS_{name}=\"{value}\"")).collect();
    if !leaves_cpu_limit_to_go(request.go.version, package) {
        defines.push("-DGOCROSS_CPU_LIMIT".to_owned());
    }
    defines
}

/// Whether Go looks at the CPU limit of the cgroup itself, or the package says that nobody should.
///
/// Go switches it off where the main module's `go` line is older than the first release that has
/// it, for the sake of programs that were written before (`cmd/go/internal/load/godebug.go`,
/// `defaultGODEBUG`). Where the line is no older, somebody has switched it off by name.
fn leaves_cpu_limit_to_go(go: Version, package: &Package) -> bool {
    let is_off = package.default_godebug.split(',').any(|setting| setting == OFF);
    let line = package.module.as_ref().map(|module| format!("go{}", module.go_version));
    let line = line.and_then(|line| Version::parse(&line));
    let is_old = line.is_none_or(|line| line < FIRST_WITH_CPU_LIMIT);
    go >= FIRST_WITH_CPU_LIMIT && !(is_off && is_old)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Module;

    #[test]
    fn go_looks_at_the_cpu_limit_where_its_release_and_the_module_are_new_enough() {
        let judge = |go: &str, line: &str, godebug: &str| {
            let module = Some(Module { go_version: line.to_owned(), ..Module::default() });
            let default_godebug = godebug.to_owned();
            let package = Package { module, default_godebug, ..Package::default() };
            leaves_cpu_limit_to_go(Version::parse(go).unwrap(), &package)
        };
        // What `go list` of these releases says of modules with these lines.
        assert!(!judge("go1.22.12", "1.22", ""));
        assert!(!judge("go1.26.8", "1.24", "containermaxprocs=0,updatemaxprocs=0"));
        assert!(judge("go1.26.8", "1.25.0", "cryptocustomrand=1,urlstrictcolons=0"));
        // `//go:debug containermaxprocs=1` and `containermaxprocs=0`.
        assert!(judge("go1.26.8", "1.24", "containermaxprocs=1,updatemaxprocs=0"));
        assert!(judge("go1.26.8", "1.25.0", "containermaxprocs=0,cryptocustomrand=1"));
    }
}
