//! Asks `go list` what a package is made of.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_toolchain::{Env, Output, first_lines, run};
use serde::Deserialize;

use crate::Request;

/// A package as `go list -json` describes it (`go help list`).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Package {
    pub(crate) dir: PathBuf,
    pub(crate) import_path: String,
    pub(crate) name: String,
    pub(crate) standard: bool,
    /// It is there because another package imports it.
    pub(crate) dep_only: bool,
    pub(crate) imports: Vec<String>,
    /// Imports whose package has another path (vendored ones).
    pub(crate) import_map: BTreeMap<String, String>,
    pub(crate) go_files: Vec<String>,
    pub(crate) cgo_files: Vec<String>,
    pub(crate) ignored_go_files: Vec<String>,
    pub(crate) c_files: Vec<String>,
    #[serde(rename = "CXXFiles")]
    pub(crate) cxx_files: Vec<String>,
    pub(crate) m_files: Vec<String>,
    pub(crate) h_files: Vec<String>,
    pub(crate) f_files: Vec<String>,
    pub(crate) s_files: Vec<String>,
    pub(crate) swig_files: Vec<String>,
    #[serde(rename = "SwigCXXFiles")]
    pub(crate) swig_cxx_files: Vec<String>,
    pub(crate) syso_files: Vec<String>,
    pub(crate) embed_files: Vec<String>,
    pub(crate) embed_patterns: Vec<String>,
    #[serde(rename = "CgoCFLAGS")]
    pub(crate) cgo_cflags: Vec<String>,
    #[serde(rename = "CgoCPPFLAGS")]
    pub(crate) cgo_cppflags: Vec<String>,
    #[serde(rename = "CgoLDFLAGS")]
    pub(crate) cgo_ldflags: Vec<String>,
    pub(crate) cgo_pkg_config: Vec<String>,
    /// What `GODEBUG` is where nobody sets it, as `name=value,…`; of a `package main` only.
    #[serde(rename = "DefaultGODEBUG")]
    pub(crate) default_godebug: String,
    pub(crate) module: Option<Module>,
    pub(crate) error: Option<PackageError>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Module {
    pub(crate) dir: PathBuf,
    pub(crate) go_mod: PathBuf,
    /// The `go` line, such as `1.25.0`.
    pub(crate) go_version: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct PackageError {
    pub(crate) err: String,
}

/// The fields asked for: Go leaves the costly ones out when nobody asks.
const FIELDS: &str = "-json=Dir,ImportPath,Name,Standard,DepOnly,Imports,ImportMap,GoFiles,\
CgoFiles,IgnoredGoFiles,CFiles,CXXFiles,MFiles,HFiles,FFiles,SFiles,SwigFiles,SwigCXXFiles,\
SysoFiles,EmbedFiles,EmbedPatterns,CgoCFLAGS,CgoCPPFLAGS,CgoLDFLAGS,CgoPkgConfig,DefaultGODEBUG,\
Module,Error";

impl Package {
    /// Whether cgo makes a part of it, and so its words for the linker count.
    pub(crate) fn uses_cgo(&self) -> bool {
        !(self.cgo_files.is_empty() && self.swig_files.is_empty() && self.swig_cxx_files.is_empty())
    }

    /// Whether Go compiles C++ for it, and would link it with the C++ compiler
    /// (`cmd/go/internal/work/gc.go`, `ld`).
    pub(crate) fn has_cxx(&self) -> bool {
        !(self.cxx_files.is_empty() && self.swig_cxx_files.is_empty())
    }

    /// The names of the files that Go compiles or puts in, relative to `dir`.
    pub(crate) fn files(&self) -> impl Iterator<Item = &String> {
        [
            &self.go_files,
            &self.cgo_files,
            &self.ignored_go_files,
            &self.c_files,
            &self.cxx_files,
            &self.m_files,
            &self.h_files,
            &self.f_files,
            &self.s_files,
            &self.swig_files,
            &self.swig_cxx_files,
            &self.syso_files,
            &self.embed_files,
        ]
        .into_iter()
        .flatten()
    }
}

/// Lists the package and all that it imports; the package itself is the last one.
///
/// # Errors
///
/// [`Code::GoPackage`] where Go cannot make sense of the folder at all,
/// [`Code::GoTooOld`] where its module asks for a newer Go.
pub(crate) fn list(
    env: &Env,
    request: &Request<'_>,
    variables: &[(String, String)],
) -> Result<Vec<Package>> {
    let folder = request.package;
    if !folder.is_dir() {
        let message = format!("there is no Go package in `{}`", folder.display());
        let why = if folder.exists() { "it is not a folder" } else { "there is no such folder" };
        return Err(Box::new(
            Diagnostic::error(Code::GoPackage, message)
                .detail(why)
                .help("`GoPackage::new` takes a path that starts at the folder of `Cargo.toml`"),
        ));
    }
    let mut args = vec!["list".to_owned(), "-e".to_owned(), "-deps".to_owned(), FIELDS.to_owned()];
    args.extend(tags_argument(request.tags));
    args.push(".".to_owned());
    let output = go(env, request, &args, variables)?;
    if !output.success {
        return Err(refused(folder, &output.stderr));
    }
    let packages: std::result::Result<Vec<Package>, _> =
        serde_json::Deserializer::from_str(&output.stdout).into_iter().collect();
    match packages {
        Ok(packages) if !packages.is_empty() => Ok(packages),
        Ok(_) => Err(refused(folder, &output.stderr)),
        Err(error) => Err(refused(folder, &format!("the answer of `go list`: {error}"))),
    }
}

fn refused(folder: &Path, words: &str) -> Box<Diagnostic> {
    if words.contains("requires go >=") || words.contains("requires go1") {
        let message = format!("the Go module in `{}` asks for a newer Go", folder.display());
        return Box::new(
            Diagnostic::error(Code::GoTooOld, message)
                .detail(first_lines(words, 10))
                .help("install a newer Go from https://go.dev/dl/"),
        );
    }
    let message = format!("`go list` failed in `{}`", folder.display());
    Box::new(Diagnostic::error(Code::GoPackage, message).detail(first_lines(words, 20)))
}

/// `-tags=a,b`, where there are any.
pub(crate) fn tags_argument(tags: &[String]) -> Option<String> {
    (!tags.is_empty()).then(|| format!("-tags={}", tags.join(",")))
}

/// Runs `go` in the package's folder.
pub(crate) fn go(
    env: &Env,
    request: &Request<'_>,
    args: &[String],
    variables: &[(String, String)],
) -> Result<Output> {
    let env = env.clone().in_dir(request.package);
    let extra: Vec<(&str, &OsStr)> = variables
        .iter()
        .map(|(name, value)| (name.as_str(), OsStr::new(value)))
        // Go trusts PWD over the folder it was started in.
        .chain([("PWD", request.package.as_os_str())])
        .collect();
    run(&env, &request.go.path, args, &extra).map_err(|error| {
        let message = format!("`{}` cannot be started", request.go.path.display());
        Box::new(Diagnostic::error(Code::GoMissing, message).detail(error.to_string()))
    })
}
