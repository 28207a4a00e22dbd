//! The tools of one row, for tests that go without cargo: a Go archive and a C program.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use gocross_archive::{Request, Start};
use gocross_diagnostic::{Code, Diagnostic};
use gocross_targets::{CArchive, Libc, TARGETS, Target};
use gocross_toolchain::cc::{self, CCompiler};
use gocross_toolchain::go::{self, Go};
use gocross_toolchain::{Cache, Env, Memo, qemu};

use crate::command::{Output, Run};
use crate::tools::Tools;
use crate::trial::{Result, Trouble};
use crate::workshop::Workshop;

/// Codes of problems that are the machine's: a tool is not there.
const MISSING: &[Code] = &[Code::CcMissing, Code::GoMissing, Code::QemuMissing, Code::QemuSysroot];

/// Go, C compiler and emulator of a row, found as gocross finds them.
pub struct Kit {
    /// The row.
    pub target: &'static Target,
    /// The `go` command.
    pub go: Go,
    /// The C compiler.
    pub cc: CCompiler,
    env: Env,
    cache: PathBuf,
    emulator: Vec<String>,
    run: Run,
}

/// Who builds an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Builder {
    /// gocross's own library.
    Gocross,
    /// `go build -buildmode=c-archive`, with the same compiler.
    Go,
}

/// What a C program is linked to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A program as the row's are.
    Usual,
    /// A program that can be moved in memory.
    Pie,
    /// A program that cannot.
    Fixed,
    /// A shared object.
    Shared,
}

impl Kit {
    /// Finds the tools of a row. `variables` are seen by all of them.
    ///
    /// # Errors
    ///
    /// [`Trouble::Missing`] where there is none, [`Trouble::Wrong`] where one does not fit.
    pub fn find(
        workshop: &Workshop,
        target: &'static Target,
        variables: &[(&str, &str)],
    ) -> Result<Self> {
        let mut run = Run::new(workshop, [""; 0]);
        run.variables.extend(variables.iter().map(|(name, value)| (name.into(), value.into())));
        Tools::default().equip(workshop, &mut run)?;
        let env = Env::new(run.variables.clone(), workshop.root());
        let machine = machine().ok();
        let cache = Cache::at(workshop.cache());
        let query = query(target, &cache);
        let go = go::find(&env, workshop.root()).map_err(|error| trouble(&error))?;
        let cc = cc::find(&env, &Memo::new(&cache), &query).map_err(|error| trouble(&error))?;
        let emulator = if machine.is_some_and(|row| target.runs_on(row)) {
            Vec::new()
        } else {
            let is_static = target.libc == Libc::Musl;
            let found = qemu::find(&env, target, cc.sysroot.as_deref(), is_static);
            found.map_err(|error| trouble(&error))?.command()
        };
        Ok(Self { target, go, cc, env, cache: workshop.cache(), emulator, run })
    }

    /// Builds the Go package in `package` as `lib<name>.a` and `lib<name>.h` in `folder`.
    ///
    /// # Errors
    ///
    /// It cannot be built.
    pub fn archive(
        &self,
        by: Builder,
        package: &Path,
        name: &str,
        folder: &Path,
    ) -> Result<PathBuf> {
        match by {
            Builder::Gocross => self
                .by_gocross(package, name, folder)
                .map_err(|error| Trouble::wrong(error.to_string())),
            Builder::Go => {
                let archive = folder.join(format!("lib{name}.a"));
                self.go_build(package, &archive).read()?;
                Ok(archive)
            }
        }
    }

    /// Builds an archive as a build script does, and gives the diagnostic of a failure.
    ///
    /// # Errors
    ///
    /// It cannot be built.
    pub fn by_gocross(
        &self,
        package: &Path,
        name: &str,
        folder: &Path,
    ) -> std::result::Result<PathBuf, Box<Diagnostic>> {
        let cache = Cache::at(self.cache.clone());
        let request = Request {
            query: &query(self.target, &cache),
            package,
            name,
            target: self.target,
            go: &self.go,
            cc: &self.cc,
            out_dir: folder,
            tags: &[],
            ldflags: &[],
            env: &[],
            start: Start::Eager,
            signal_guard: true,
            runtime: &[],
            deferred_calls: false,
            hide_symbols: true,
            // A function of an imported package, which Go's own tests call from C.
            keep_symbols: &["FromPkg".to_owned()],
            links_statically: self.target.libc == Libc::Musl,
            debug_info: false,
            jobs: 0,
        };
        gocross_archive::build(&self.env, &request).map(|archive| archive.archive)
    }

    /// Upstream's build of an archive: the variables and flags that gocross gives, and no more.
    #[must_use]
    pub fn go_build(&self, package: &Path, archive: &Path) -> Run {
        let output = format!("-o={}", archive.display());
        let line = ["build", "-buildmode=c-archive", "-trimpath", "-buildvcs=false", "-ldflags=-w"];
        self.go(package, line.iter().copied().chain([output.as_str(), "."]))
    }

    /// A call of `go` for the row, in `folder`.
    pub fn go<W: AsRef<OsStr>>(
        &self,
        folder: &Path,
        arguments: impl IntoIterator<Item = W>,
    ) -> Run {
        let mut run = self.command(&self.go.path, arguments);
        run.dir = folder.to_owned();
        let cc = self.cc.command_line();
        let row = &self.target.go;
        let variables = [("GOOS", row.os), ("GOARCH", row.arch), ("CGO_ENABLED", "1"), ("CC", &cc)];
        let variables = variables.into_iter().chain(row.tuning);
        run.variables.extend(variables.map(|(name, value)| (name.into(), value.into())));
        run
    }

    /// Compiles and links a C program, in `folder`; `words` are sources, archives and flags.
    /// Headers are looked for beside the program as well.
    ///
    /// # Errors
    ///
    /// The compiler refuses.
    pub fn link<W: AsRef<OsStr>>(
        &self,
        folder: &Path,
        shape: Shape,
        words: impl IntoIterator<Item = W>,
        program: &Path,
    ) -> Result {
        let (cc, own) = (&self.cc.command[0], &self.cc.command[1..]);
        let mut run = self.command(Path::new(cc), own);
        let position = match (shape, self.target.go.c_archive, self.target.libc) {
            // As the row's programs are: static with musl, and with the objects of an
            // executable of Go's not to be moved in memory.
            (Shape::Usual, CArchive::ByOverlay, Libc::Musl) => &["-static", "-no-pie"][..],
            (Shape::Usual, CArchive::ByOverlay, Libc::Gnu) => &["-no-pie"],
            (Shape::Usual, CArchive::ByGo, Libc::Musl) => &["-static"],
            (Shape::Usual, CArchive::ByGo, Libc::Gnu) => &[],
            (Shape::Pie, _, Libc::Musl) => &["-fPIE", "-static", "-pie"],
            (Shape::Pie, _, Libc::Gnu) => &["-fPIE", "-pie"],
            (Shape::Fixed, _, Libc::Musl) => &["-static", "-no-pie"],
            (Shape::Fixed, _, Libc::Gnu) => &["-no-pie"],
            (Shape::Shared, ..) => &["-fPIC", "-shared"],
        };
        // zig has clang trap what is undefined in C, and a null pointer is the point of some.
        let fixed = ["-pthread", "-fno-sanitize=undefined"];
        run.words.extend(position.iter().chain(&fixed).map(Into::into));
        run.words.extend(words.into_iter().map(|word| word.as_ref().to_owned()));
        let beside = program.parent().unwrap_or(folder);
        run.words.extend(["-I".into(), beside.into(), "-o".into(), program.into()]);
        run.dir = folder.to_owned();
        run.read().map(drop)
    }

    /// The command that runs a program of the row, under QEMU where it is foreign.
    #[must_use]
    pub fn program<W: AsRef<OsStr>>(
        &self,
        program: &Path,
        arguments: impl IntoIterator<Item = W>,
    ) -> Run {
        let mut run = self.command(program, arguments);
        run.words.splice(0..0, self.emulator.iter().map(Into::into));
        run
    }

    /// A command with the tools' variables.
    pub fn command<W: AsRef<OsStr>>(
        &self,
        program: &Path,
        arguments: impl IntoIterator<Item = W>,
    ) -> Run {
        let mut run = self.run.clone();
        run.words = vec![program.into()];
        run.words.extend(arguments.into_iter().map(|word| word.as_ref().to_owned()));
        run
    }
}

/// What is asked of the search for C compilers.
fn query<'a>(target: &'static Target, cache: &'a Cache) -> cc::Query<'a> {
    cc::Query {
        target,
        glibc: None,
        linker: None,
        native: machine().is_ok_and(|row| row.triple == target.triple),
        cache: Some(cache),
        sysroot: None,
        on_step: &|_| (),
    }
}

/// The row of this machine.
///
/// # Errors
///
/// The table has none.
pub fn machine() -> Result<&'static Target> {
    let libc = if cfg!(target_env = "musl") { Libc::Musl } else { Libc::Gnu };
    let arch = std::env::consts::ARCH;
    let own = TARGETS.iter().find(|row| row.rust_arch == arch && row.libc == libc);
    own.ok_or_else(|| Trouble::Missing(format!("a row for this machine, {arch}")))
}

fn trouble(diagnostic: &Diagnostic) -> Trouble {
    if MISSING.contains(&diagnostic.code) {
        return Trouble::Missing(diagnostic.message.clone());
    }
    Trouble::wrong(diagnostic.to_string())
}

/// The status of a program that SIGQUIT has ended, as [`Output`] gives it.
pub const SIGQUIT: i32 = 128 + 3;
/// As [`SIGQUIT`].
pub const SIGSEGV: i32 = 128 + 11;
/// As [`SIGQUIT`].
pub const SIGPIPE: i32 = 128 + 13;

/// What a program said, for a message.
#[must_use]
pub fn told(output: &Output) -> String {
    format!("status {}\n--- stdout\n{}--- stderr\n{}", output.status, output.stdout, output.stderr)
}
