//! Finds the `go` command and asks it what it is.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, Hint, Result, Try, hint};
use gocross_targets::OLDEST_GO;
use serde::Deserialize;

use crate::{Env, first_lines, quoted, run};

/// The oldest Go that the project is tested with.
pub const OLDEST: Version = Version { major: OLDEST_GO.0, minor: OLDEST_GO.1 };

/// A `go` command that works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Go {
    /// The program.
    pub path: PathBuf,
    /// Its version.
    pub version: Version,
    /// What it calls its version, such as `go1.26.8`.
    pub version_text: String,
    /// Its standard library and tools.
    pub goroot: PathBuf,
    /// Where it keeps the sources of modules, which never change once they are there.
    pub module_cache: PathBuf,
    /// The `go.work` file in force, if any.
    pub workspace: Option<PathBuf>,
    /// The file of `go env -w`, which may not exist.
    pub env_file: Option<PathBuf>,
    /// `GOFLAGS`, of the environment or of that file.
    pub flags: String,
    /// `GOOS/GOARCH` of the machine it runs on.
    pub host: String,
    /// How it was found.
    pub tries: Vec<Try>,
}

/// The part of a Go version that decides what Go can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// 1 since 2012.
    pub major: u32,
    /// The number of the release.
    pub minor: u32,
}

impl Version {
    /// Reads `go1.26.8`, `go1.27rc1` and `devel go1.28-abcdef Mon …`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = text.split_whitespace().find_map(|word| word.strip_prefix("go"))?;
        let (major, rest) = number.split_once('.')?;
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        Some(Self { major: major.parse().ok()?, minor: rest[..digits].parse().ok()? })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// The outcome of looking for the program, before it is asked anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// The program.
    pub found: Option<PathBuf>,
    /// Where it was looked for.
    pub tries: Vec<Try>,
}

/// Looks for `go`: `GOCROSS_GO`, then `PATH`, then `GOROOT`, then the places where its
/// installers put it.
pub fn search(env: &Env) -> Search {
    let mut search = Search::default();
    match env.var_os("GOCROSS_GO") {
        // What the user names is the only candidate: a silent second choice would hide a typing error.
        Some(named) => {
            search.found = env.find_program(&named);
            let outcome = if search.found.is_some() { "found" } else { "no such program" };
            search.push(format!("`GOCROSS_GO={}`", named.display()), outcome);
            return search;
        }
        None => search.push("`GOCROSS_GO`", "not set"),
    }
    if let Some(path) = env.find_program("go") {
        search.push("`go` in `PATH`", format!("`{}`", path.display()));
        search.found = Some(path);
        return search;
    }
    search.push("`go` in `PATH`", "not there");
    let goroot = env.var_os("GOROOT").map(|root| Path::new(&root).join("bin/go"));
    if goroot.is_none() {
        search.push("`GOROOT`", "not set");
    }
    let installed = ["/usr/local/go/bin/go", "/usr/lib/go/bin/go", "/opt/homebrew/bin/go"];
    for path in goroot.into_iter().chain(installed.map(PathBuf::from)) {
        if env.find_program(&path).is_some() {
            search.push(format!("`{}`", path.display()), "found");
            search.found = Some(path);
            return search;
        }
        search.push(format!("`{}`", path.display()), "no such program");
    }
    search
}

impl Search {
    fn push(&mut self, what: impl Into<String>, outcome: impl Into<String>) {
        self.tries.push(Try::new(what, outcome));
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE")]
struct GoEnv {
    goversion: String,
    goroot: PathBuf,
    gomodcache: PathBuf,
    gowork: String,
    goenv: String,
    #[serde(default)]
    goflags: String,
    gohostos: String,
    gohostarch: String,
}

/// Finds `go` and asks it for its version and folders.
///
/// `dir` is where Go is to work: a `toolchain` line in its `go.mod` selects another Go.
///
/// # Errors
///
/// [`Code::GoMissing`], [`Code::GoTooOld`].
pub fn find(env: &Env, dir: &Path) -> Result<Go> {
    let Search { found, tries } = search(env);
    let Some(path) = found else {
        return Err(Box::new(
            Diagnostic::error(Code::GoMissing, "the `go` command was not found")
                .tries(tries)
                .help(format!("install Go {OLDEST} or newer from https://go.dev/dl/"))
                .hint(hint!("export GOCROSS_GO=/path/to/go")),
        ));
    };
    let go_env = ask(env, &path, dir, &tries)?;
    let version = Version::parse(&go_env.goversion);
    match version {
        Some(version) if version >= OLDEST => Ok(Go {
            path,
            version,
            version_text: go_env.goversion,
            goroot: go_env.goroot,
            module_cache: go_env.gomodcache,
            workspace: path_unless(&go_env.gowork),
            env_file: path_unless(&go_env.goenv),
            flags: go_env.goflags,
            host: format!("{}/{}", go_env.gohostos, go_env.gohostarch),
            tries,
        }),
        _ => Err(too_old(&path, &go_env.goversion, tries)),
    }
}

/// Go says `off` where a file is switched off, and nothing where there is none.
fn path_unless(text: &str) -> Option<PathBuf> {
    (!text.is_empty() && text != "off").then(|| PathBuf::from(text))
}

fn ask(env: &Env, path: &Path, dir: &Path, tries: &[Try]) -> Result<GoEnv> {
    let names = [
        "GOVERSION",
        "GOROOT",
        "GOMODCACHE",
        "GOWORK",
        "GOENV",
        "GOFLAGS",
        "GOHOSTOS",
        "GOHOSTARCH",
    ];
    let args = ["env", "-json"].into_iter().chain(names);
    let extra = [("PWD", dir.as_os_str()), ("LC_ALL", OsStr::new("C"))];
    let silent = |why: String| {
        Box::new(
            Diagnostic::error(Code::GoMissing, format!("`{}` does not work", path.display()))
                .detail(why)
                .tries(tries.iter().cloned())
                .hint(Hint::of_program(&quoted(path), "version")),
        )
    };
    let output = run(&env.clone().in_dir(dir), path, args, &extra)
        .map_err(|error| silent(error.to_string()))?;
    if !output.success {
        // Go speaks up here when go.mod asks for a newer Go than it can fetch.
        if output.stderr.contains("requires go") {
            return Err(Box::new(
                Diagnostic::error(Code::GoTooOld, "the Go module asks for a newer Go")
                    .detail(first_lines(&output.stderr, 10))
                    .tries(tries.iter().cloned())
                    .hint(hint!("go env -w GOTOOLCHAIN=auto")),
            ));
        }
        return Err(silent(format!("{}\n{}", output.status, first_lines(&output.stderr, 10))));
    }
    // A Go before 1.21 answers with fewer variables.
    serde_json::from_str(&output.stdout).map_err(|error| silent(format!("its answer: {error}")))
}

fn too_old(path: &Path, version: &str, tries: Vec<Try>) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            Code::GoTooOld,
            format!("`{}` is {version}, want go{OLDEST} or newer", path.display()),
        )
        .tries(tries)
        .help("install a newer Go from https://go.dev/dl/")
        .hint(hint!("export GOCROSS_GO=/path/to/newer/go")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_releases_candidates_and_trees() {
        let parse = |text| Version::parse(text).map(|version| version.to_string());
        assert_eq!(parse("go1.26.8").as_deref(), Some("1.26"));
        assert_eq!(parse("go1.27rc1").as_deref(), Some("1.27"));
        assert_eq!(parse("go1.9").as_deref(), Some("1.9"));
        assert_eq!(parse("devel go1.28-0c0ffee Sat Nov 21").as_deref(), Some("1.28"));
        assert_eq!(parse("gccgo"), None);
        assert!(Version::parse("go1.9") < Some(OLDEST));
    }

    #[test]
    fn a_search_with_nothing_to_find_tells_every_place() {
        let env = Env::new([("GOROOT", "/nowhere")], "/");
        let search = search(&env);
        if search.found.is_none() {
            let places: Vec<_> = search.tries.iter().map(|attempt| attempt.what.as_str()).collect();
            assert_eq!(places[..3], ["`GOCROSS_GO`", "`go` in `PATH`", "`/nowhere/bin/go`"]);
        } else {
            // The machine has Go where its installer puts it: then that is the last try.
            assert_eq!(search.tries.last().unwrap().outcome, "found");
        }
    }

    #[test]
    fn a_go_that_was_named_and_is_not_there_is_not_replaced_by_another() {
        let env = Env::new([("GOCROSS_GO", "/nowhere/go"), ("PATH", "/usr/local/go/bin")], "/");
        let error = find(&env, Path::new("/")).unwrap_err();
        assert_eq!(error.code, Code::GoMissing);
        assert!(error.to_string().contains("tried `GOCROSS_GO=/nowhere/go`: no such program"));
    }
}
