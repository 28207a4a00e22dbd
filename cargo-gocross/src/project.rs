//! The user's crate, as cargo knows it and as it lies there.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, MetadataCommand, Package, TargetKind};
use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_toolchain::{Cache, Env, Memo, Output, run, rust};

use crate::cargo_config::CargoConfig;
use crate::manifest::{self, Manifest};
use crate::scaffold::Found;
use crate::template::Template;

/// The cargo of the toolchain in use.
#[derive(Debug)]
pub(crate) struct Cargo<'a> {
    env: &'a Env,
    program: PathBuf,
}

impl<'a> Cargo<'a> {
    /// Finds it.
    ///
    /// # Errors
    ///
    /// [`Code::CargoMissing`], [`Code::CargoConfig`].
    pub(crate) fn find(env: &'a Env) -> Result<Self> {
        let cache = Cache::of_user(env)?;
        let config = CargoConfig::read(env, &[])?;
        let toolchain = rust::in_use(env, &Memo::new(&cache), config.rustc(env).as_deref())?;
        Ok(Self { env, program: toolchain.cargo })
    }

    /// Runs it to its end.
    ///
    /// # Errors
    ///
    /// [`Code::CargoMissing`] where it cannot be started.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Result<Output> {
        run(self.env, &self.program, args, &[]).map_err(|error| {
            let message = format!("`{}` cannot be started", self.program.display());
            Box::new(Diagnostic::error(Code::CargoMissing, message).detail(error.to_string()))
        })
    }

    /// The manifest of the workspace that the crate in `folder` belongs to, where it is not the
    /// crate's own.
    pub(crate) fn workspace(&self, folder: &Path) -> Option<Manifest> {
        let own = folder.join("Cargo.toml");
        let line = ["locate-project", "--workspace", "--message-format=plain", "--manifest-path"];
        let words = line.iter().map(OsStr::new).chain([own.as_os_str()]);
        let output = self.run(words).ok().filter(|output| output.success)?;
        Manifest::read(PathBuf::from(output.stdout.trim())).ok()
    }

    /// The names of the programs of the package in `folder`.
    ///
    /// # Errors
    ///
    /// [`Code::Manifest`] where cargo does not understand it.
    pub(crate) fn programs(&self, folder: &Path) -> Result<Vec<String>> {
        let targets = self.package(folder)?.targets;
        let programs = targets.into_iter().filter(|target| target.is_bin());
        Ok(programs.map(|target| target.name).collect())
    }

    /// What cargo knows of the package in `folder`.
    fn package(&self, folder: &Path) -> Result<Package> {
        let own = folder.join("Cargo.toml");
        let line = ["metadata", "--format-version=1", "--no-deps", "--color=never"];
        let words =
            line.iter().map(OsStr::new).chain(["--manifest-path".as_ref(), own.as_os_str()]);
        let output = self.run(words)?;
        let wrong = |why: &str| {
            let message = format!("cargo cannot read `{}`", own.display());
            manifest::not_understood(&own, message, why)
        };
        if !output.success {
            return Err(wrong(&output.stderr));
        }
        let metadata: Metadata =
            MetadataCommand::parse(output.stdout).map_err(|error| wrong(&error.to_string()))?;
        let real_own = real(&own);
        let mut packages = metadata.packages.into_iter();
        packages
            .find(|package| real(package.manifest_path.as_std_path()) == real_own)
            .ok_or_else(|| wrong("`cargo metadata` does not name its package"))
    }
}

/// What the crate in `folder` has. `made` says that cargo has just made it, and `files` are the
/// template's files that were there before.
///
/// # Errors
///
/// [`Code::Manifest`] where cargo does not understand the crate.
pub(crate) fn look(
    cargo: &Cargo<'_>,
    folder: &Path,
    manifest: &Manifest,
    made: bool,
    files: Vec<&'static str>,
) -> Result<Found> {
    let package = cargo.package(folder)?;
    let relative = |path: &Path| {
        let path = real(path);
        path.strip_prefix(real(folder)).unwrap_or(&path).display().to_string()
    };
    let build_script = source(&package, |kind| *kind == TargetKind::CustomBuild);
    let own = [is_library, |kind: &TargetKind| *kind == TargetKind::Bin];
    let code = own.into_iter().find_map(|is_own| source(&package, is_own));
    let code = code.map(|path| (relative(&path), path));
    // cargo's own first program is no code of the user's.
    let code = code
        .filter(|(name, _)| !(made && name == "src/main.rs" && !files.contains(&"src/main.rs")));
    Ok(Found {
        package: package.name.to_string(),
        go: exports(&folder.join("go")),
        build_script: build_script.map(|path| (relative(&path), mentions(&path, "gocross_build"))),
        code: code.map(|(name, path)| {
            let folder = path.parent().unwrap_or(folder);
            (name, mentions_below(folder, "rs", "gocross::bindings!"))
        }),
        forbids_build_script: manifest.forbids_build_script(),
        files,
    })
}

/// The template's files that are there.
pub(crate) fn files_there(template: &Template, folder: &Path) -> Vec<&'static str> {
    let names = template.files.iter().map(|(file, _)| *file);
    names.filter(|file| folder.join(file).symlink_metadata().is_ok()).collect()
}

fn is_library(kind: &TargetKind) -> bool {
    use TargetKind::{CDyLib, DyLib, Lib, ProcMacro, RLib, StaticLib};
    matches!(kind, Lib | RLib | DyLib | CDyLib | StaticLib | ProcMacro)
}

/// The source file of the package's first target of a kind.
fn source(package: &Package, is_wanted: impl Fn(&TargetKind) -> bool) -> Option<PathBuf> {
    let target = package.targets.iter().find(|target| target.kind.iter().any(&is_wanted))?;
    Some(target.src_path.clone().into())
}

fn mentions(file: &Path, word: &str) -> bool {
    fs_err::read_to_string(file).is_ok_and(|text| text.contains(word))
}

/// Whether a Go file of a folder exports a function; none where the folder is empty or missing.
fn exports(folder: &Path) -> Option<bool> {
    let is_empty = || fs_err::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    let is_there = folder.symlink_metadata().is_ok();
    (is_there && !is_empty()).then(|| mentions_below(folder, "go", "\n//export "))
}

/// Whether a file of a folder, or of one below it, has an extension and holds a word.
fn mentions_below(folder: &Path, extension: &str, word: &str) -> bool {
    fs_err::read_dir(folder).into_iter().flatten().flatten().any(|entry| {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            return mentions_below(&path, extension, word);
        }
        path.extension().is_some_and(|found| found == extension) && mentions(&path, word)
    })
}

fn real(path: &Path) -> PathBuf {
    fs_err::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}
