//! The Go package of a build script, and its way into the crate.

use std::path::{Path, PathBuf};

use gocross_archive::{Archive, Request, Start, watch};
use gocross_config::{Config, Runtime};
use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_toolchain::cc::{self, CCompiler};
use gocross_toolchain::{Cache, Env, Memo, go, sysroot};

use crate::workspace::Workspace;
use crate::{bindings, cargo, link, neighbours, script};

/// The file that `gocross::bindings!()` includes.
const BINDINGS: &str = "gocross_bindings.rs";

/// Libraries of the system: an archive of the same name would be linked in their place.
const TAKEN_NAMES: &[&str] =
    &["c", "dl", "gcc", "gcc_s", "m", "pthread", "resolv", "rt", "unwind", "util"];

/// A Go package that becomes a part of the crate.
#[derive(Debug, Clone)]
pub struct GoPackage {
    folder: PathBuf,
    tags: Vec<String>,
    ldflags: Vec<String>,
    env: Vec<(String, String)>,
    start: Option<Start>,
    signal_guard: Option<bool>,
    runtime: Vec<(String, String)>,
    deferred_calls: bool,
    hide_symbols: bool,
    keep_symbols: Vec<String>,
    docs_rs_bindings: Option<PathBuf>,
}

/// What was built.
#[derive(Debug, Clone)]
pub struct Library {
    /// The archive; none under docs.rs.
    pub archive: Option<PathBuf>,
    /// The C header that cgo wrote; none under docs.rs.
    pub header: Option<PathBuf>,
    /// The Rust declarations.
    pub bindings: PathBuf,
    /// The C names of the exported functions.
    pub exports: Vec<String>,
}

/// Why a package could not be built; its text is the whole diagnostic.
#[derive(Debug)]
pub struct Error(Box<Diagnostic>);

impl Error {
    /// The problem's stable name, such as `go-missing`; `docs/errors.md` has a section on each.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.code.as_str()
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Error {}

impl GoPackage {
    /// The Go package in `folder`, a path that starts at the folder of `Cargo.toml`.
    pub fn new(folder: impl AsRef<Path>) -> Self {
        Self {
            folder: folder.as_ref().to_owned(),
            tags: Vec::new(),
            ldflags: Vec::new(),
            env: Vec::new(),
            start: None,
            signal_guard: None,
            runtime: Vec::new(),
            deferred_calls: false,
            hide_symbols: true,
            keep_symbols: Vec::new(),
            docs_rs_bindings: None,
        }
    }

    /// Adds a Go build tag.
    pub fn tag(&mut self, tag: impl Into<String>) -> &mut Self {
        self.tags.push(tag.into());
        self
    }

    /// Adds an argument for Go's linker, such as `-X main.version=1.2`.
    pub fn ldflag(&mut self, flag: impl Into<String>) -> &mut Self {
        self.ldflags.push(flag.into());
        self
    }

    /// Sets a variable for Go, over that of the environment. `GOFLAGS` and cgo's flags
    /// (`CGO_CFLAGS`, `CGO_LDFLAGS` …) are joined with it: both count.
    pub fn env(&mut self, name: impl Into<String>, value: impl Into<String>) -> &mut Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Sets when the Go runtime starts. Without it `start` of `[package.metadata.gocross]` in
    /// `Cargo.toml` does (`"eager"`, `"lazy"` or `"explicit"`), else Go starts with the program.
    pub fn start(&mut self, start: Start) -> &mut Self {
        self.start = Some(start);
        self
    }

    /// Sets whether the program's signal handlers are guarded. Without it `signal-guard` of
    /// `[package.metadata.gocross]` does, else they are: the program's `sigaction`, `signal` and
    /// `sigaltstack` are then functions that see to it that a handler runs on a signal stack, and
    /// never on that of a goroutine, where it would overwrite memory of Go. `docs/runtime.md` says
    /// which signal is whose.
    ///
    /// Without the guard each handler of the program has to have `SA_ONSTACK`, and the program has
    /// to leave `SIGSEGV`, `SIGBUS`, `SIGFPE` and `SIGURG` to Go (`os/signal`, "Go programs that
    /// use cgo or SWIG").
    pub fn signal_guard(&mut self, guard: bool) -> &mut Self {
        self.signal_guard = Some(guard);
        self
    }

    /// Sets a variable that the Go runtime reads when it starts, for processes whose environment
    /// does not have it: `GOMEMLIMIT`, `GOGC`, `GOMAXPROCS` or `GODEBUG`, with the values that Go
    /// takes (<https://pkg.go.dev/runtime#hdr-Environment_Variables>). It goes over `runtime` of
    /// `[package.metadata.gocross]`; settings of `GODEBUG` do so name by name.
    ///
    /// ```no_run
    /// gocross_build::GoPackage::new("go")
    ///     .runtime_env("GOMEMLIMIT", "256MiB")
    ///     .runtime_env("GODEBUG", "madvdontneed=1")
    ///     .compile("greeting");
    /// ```
    pub fn runtime_env(&mut self, name: impl Into<String>, value: impl Into<String>) -> &mut Self {
        self.runtime.push((name.into(), value.into()));
        self
    }

    /// Sets whether the generated functions have counterparts in a module `deferred`, which return a
    /// call that has not run yet: one to `.await`, or one of a batch that costs as much as one call.
    /// The crate `gocross` describes them (`gocross::deferred`).
    ///
    /// For this a file is added to the Go package, for the build only.
    pub fn deferred_calls(&mut self, deferred: bool) -> &mut Self {
        self.deferred_calls = deferred;
        self
    }

    /// Keeps the name of a C symbol that the Go package brings along, so that code outside of it
    /// can use it; `*` in the name stands for any text.
    ///
    /// Without it, C functions and data of the package and of the libraries that it names are seen
    /// by Go alone: they get a name of their own, `sqlite3_open.gocross`, and do not meet those of
    /// another version in the same program. The functions that the package exports to C
    /// (`//export`) keep their names always, as do replacements of `malloc`, `operator new` and
    /// their kin, of which a program has one.
    pub fn keep_symbol(&mut self, pattern: impl Into<String>) -> &mut Self {
        self.keep_symbols.push(pattern.into());
        self
    }

    /// Sets whether C symbols of the Go package are hidden from the rest of the program; see
    /// [`GoPackage::keep_symbol`]. They are where nobody says otherwise.
    pub fn hide_symbols(&mut self, hide: bool) -> &mut Self {
        self.hide_symbols = hide;
        self
    }

    /// A file of declarations to use on docs.rs, where there is no Go; usually a copy of
    /// an earlier [`Library::bindings`]. Without one the module is empty there.
    pub fn docs_rs_bindings(&mut self, file: impl Into<PathBuf>) -> &mut Self {
        self.docs_rs_bindings = Some(file.into());
        self
    }

    /// Builds the package as library `name` and links it into the crate.
    ///
    /// A failure is told to cargo, which shows it and stops the build.
    pub fn compile(&self, name: &str) {
        if let Err(Error(diagnostic)) = self.try_compile(name) {
            cargo::error(&diagnostic);
            // `cargo::error` fails the build by itself; any other status than 0 would
            // have cargo print the script's whole output around the diagnostic.
            #[expect(clippy::disallowed_methods, reason = "nothing is left to be dropped")]
            std::process::exit(0);
        }
    }

    /// Builds the package as library `name` and links it into the crate.
    ///
    /// # Errors
    ///
    /// A tool is missing or does not fit, or Go does not accept the package. The
    /// [`Error::code`] tells which.
    pub fn try_compile(&self, name: &str) -> std::result::Result<Library, Error> {
        let env = Env::of_process().map_err(|error| {
            let message = "the current folder cannot be read";
            Error(Box::new(Diagnostic::error(Code::Io, message).detail(error.to_string())))
        })?;
        self.build(&env, name).map_err(Error)
    }

    fn build(&self, env: &Env, name: &str) -> Result<Library> {
        check_name(name)?;
        let runtime = checked(&self.runtime)?;
        if env.var("DOCS_RS").is_some() {
            return self.without_go(env);
        }
        let task = script::read(env)?;
        let folder = normalized(&task.manifest_dir.join(&self.folder));
        let go = go::find(env, if folder.is_dir() { &folder } else { &task.manifest_dir })?;
        // Where the cache lies changes nothing in the archive, so it is not a part of the record.
        let cache = Cache::of_user(&env.clone()).ok();
        let workspace = Workspace::ask(env, &task);
        let configured = match &workspace {
            Some(workspace) => {
                neighbours::check(workspace)?;
                workspace.config()?
            }
            None => Config::default(),
        };
        let manifest_sysroot = configured.sysroot(task.target.triple);
        let sysroot = sysroot::named(env, task.target, None, manifest_sysroot);
        let query = cc::Query {
            target: task.target,
            glibc: None,
            linker: task.linker.as_deref(),
            native: task.native,
            cache: cache.as_ref(),
            sysroot: sysroot.as_ref().map(|named| named.dir.as_path()),
            on_step: &|_| (),
        };
        let cc = cc::find(env, &Memo::none(), &query)?;
        let start = self.start.or(configured.start.map(start)).unwrap_or_default();
        let runtime = runtime.over(&configured.runtime).variables();
        let mut keep_symbols = self.keep_symbols.clone();
        keep_symbols.extend(configured.keep_symbols.into_iter().flatten());
        let request = Request {
            package: &folder,
            name,
            target: task.target,
            go: &go,
            cc: &cc,
            query: &query,
            out_dir: &task.out_dir,
            tags: &self.tags,
            ldflags: &self.ldflags,
            env: &self.env,
            start,
            signal_guard: self.signal_guard.or(configured.signal_guard).unwrap_or(true),
            runtime: &runtime,
            deferred_calls: self.deferred_calls,
            hide_symbols: self.hide_symbols,
            keep_symbols: &keep_symbols,
            links_statically: task.links_statically,
            debug_info: task.debug_info,
            jobs: task.jobs,
        };
        let archive = gocross_archive::build(env, &request)?;
        let bindings = task.out_dir.join(BINDINGS);
        bindings::write(env, &request, &archive, &bindings)?;
        tell_cargo(env, &task, &cc, &archive, workspace.as_ref());
        Ok(Library {
            archive: Some(archive.archive),
            header: Some(archive.header),
            bindings,
            exports: archive.exports.into_iter().map(|export| export.name).collect(),
        })
    }

    /// docs.rs builds documentation on a machine with neither Go nor a network.
    fn without_go(&self, env: &Env) -> Result<Library> {
        let (manifest_dir, out_dir) = script::folders(env)?;
        let unreadable =
            |error: std::io::Error| Box::new(Diagnostic::error(Code::Io, error.to_string()));
        let text = match &self.docs_rs_bindings {
            Some(file) => fs_err::read_to_string(manifest_dir.join(file)).map_err(unreadable)?,
            None => "// Go is not built on docs.rs.\n".to_owned(),
        };
        let bindings = out_dir.join(BINDINGS);
        fs_err::write(&bindings, text).map_err(unreadable)?;
        cargo::rerun_if_env_changed("DOCS_RS");
        Ok(Library { archive: None, header: None, bindings, exports: Vec::new() })
    }
}

const fn start(word: gocross_config::Start) -> Start {
    match word {
        gocross_config::Start::Eager => Start::Eager,
        gocross_config::Start::Lazy => Start::Lazy,
        gocross_config::Start::Explicit => Start::Explicit,
    }
}

fn check_name(name: &str) -> Result<()> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let why = if name.is_empty() || !name.bytes().all(is_word) {
        "a library's name is made of letters, digits, `_` and `-`"
    } else if TAKEN_NAMES.contains(&name) {
        "it is the name of a library of the system, which would be hidden"
    } else {
        return Ok(());
    };
    let message = format!("`{name}` cannot be the name of the Go library");
    Err(Box::new(Diagnostic::error(Code::GoPackage, message).detail(why)))
}

/// The variables of `runtime_env`, in the order of the calls.
fn checked(variables: &[(String, String)]) -> Result<Runtime> {
    let mut runtime = Runtime::default();
    for (name, value) in variables {
        runtime.set(name, value).map_err(|why| {
            let message = format!("the Go runtime cannot be started with `{name}={value}`");
            let help = "`GoPackage::runtime_env` takes a variable of the Go runtime and its value";
            Box::new(Diagnostic::error(Code::Manifest, message).detail(why).help(help))
        })?;
    }
    Ok(runtime)
}

/// The path without `.` and `..`, so that Go and cargo call one file by one name.
fn normalized(path: &Path) -> PathBuf {
    fs_err::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// What cargo is to know: when to run the script again, and what to link.
fn tell_cargo(
    env: &Env,
    task: &script::Script,
    cc: &CCompiler,
    archive: &Archive,
    workspace: Option<&Workspace>,
) {
    // `[package.metadata.gocross]` is read, and cargo does not look at metadata.
    cargo::rerun_if_changed(&task.manifest_dir.join("Cargo.toml"));
    if let Some(workspace) = workspace {
        cargo::rerun_if_changed(&workspace.root_manifest());
    }
    rerun_conditions(env, &task.out_dir, cc, archive);
    cargo::search(&task.out_dir, archive);
    cargo::link_arguments(link::flags(archive));
    if workspace.is_some_and(Workspace::has_own_cdylib) {
        cargo::cdylib_stays_loaded();
    }
    if let Some(workspace) = workspace.filter(|workspace| workspace.has_library()) {
        let package = &workspace.own().name;
        link::lost(package, archive).iter().for_each(cargo::warning);
    }
}

fn rerun_conditions(env: &Env, out_dir: &Path, cc: &CCompiler, archive: &Archive) {
    for name in env.trace().vars.keys() {
        cargo::rerun_if_env_changed(name);
    }
    let listing = watch::record(env, out_dir, &archive.inputs);
    let folders = archive.inputs.pure_folders();
    let files = archive.inputs.files.iter().map(PathBuf::as_path);
    files
        .chain(folders)
        .chain([Path::new(&cc.command[0])])
        .chain(listing.as_deref())
        .for_each(cargo::rerun_if_changed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_break_the_link_are_refused() {
        for name in ["", "a b", "../a", "c", "pthread", "lib/x", "naïve"] {
            assert_eq!(check_name(name).unwrap_err().code, Code::GoPackage, "{name:?}");
        }
        check_name("sm4-go_2").unwrap();
    }

    #[test]
    fn a_variable_that_the_go_runtime_does_not_read_is_refused() {
        let env = Env::new(Vec::<(String, String)>::new(), "/");
        for (name, value, why) in [
            ("GOMAXPROCS", "0", "`0` is not a number of threads, 1 or more"),
            (
                "gogc",
                "50",
                "the variables of the Go runtime are `GOMEMLIMIT`, `GOGC`, \
                            `GOMAXPROCS` and `GODEBUG`",
            ),
        ] {
            let mut package = GoPackage::new("go");
            let error = package.runtime_env(name, value).build(&env, "x").unwrap_err();
            assert_eq!(error.code, Code::Manifest);
            let message = format!("the Go runtime cannot be started with `{name}={value}`");
            assert_eq!(
                (error.message.as_str(), &error.details[..]),
                (&*message, &[why.to_owned()][..])
            );
        }
    }

    #[test]
    fn docs_rs_needs_no_go_and_no_target() {
        let dir = tempfile::tempdir().unwrap();
        let env = Env::new(
            [
                ("DOCS_RS", "1".as_ref()),
                ("OUT_DIR", dir.path()),
                ("CARGO_MANIFEST_DIR", dir.path()),
            ],
            "/",
        );
        let library = GoPackage::new("go").build(&env, "x").unwrap();
        assert!(library.bindings.is_file());
        fs_err::write(dir.path().join("docs.rs"), "extern \"C\" {}").unwrap();
        let library = GoPackage::new("go").docs_rs_bindings("docs.rs").build(&env, "x").unwrap();
        assert_eq!(fs_err::read_to_string(library.bindings).unwrap(), "extern \"C\" {}");
    }

    #[test]
    fn outside_of_cargo_it_says_so() {
        let env = Env::new(Vec::<(String, String)>::new(), "/");
        let error = GoPackage::new("go").build(&env, "x").unwrap_err();
        assert_eq!(error.code, Code::NotBuildScript);
    }
}
