//! `new` and `init`: a project with Go in it, from a template.
//!
//! cargo makes the Rust package, by its own rules for names, workspaces and version control; then
//! the template's files are laid over it.

use std::ffi::OsString;
use std::path::Path;

use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use gocross_toolchain::{Env, first_lines, quoted};

use crate::cli::{InitArgs, NewArgs, PackageArgs};
use crate::manifest::{self, Manifest};
use crate::project::{self, Cargo};
use crate::scaffold::{self, Found, Report};
use crate::template::{TEMPLATES, Template};
use crate::ui;

/// `new`: writes a project into a folder that is not there yet.
///
/// # Errors
///
/// [`Code::NewPackage`] for what cargo does not accept; [`Code::Io`].
pub(crate) fn new(env: &Env, args: &NewArgs) -> Result<u8> {
    let Some(path) = args.path.as_deref().filter(|_| !args.package.list_templates) else {
        return Ok(list());
    };
    let folder = env.current_dir().join(path);
    if folder.symlink_metadata().is_ok() {
        let message = format!("`{}` is there already", path.display());
        let hint = hint!("cargo gocross init {}", quoted(path));
        return Err(Box::new(Diagnostic::error(Code::NewPackage, message).hint(hint)));
    }
    let template = Template::named(&args.package.template);
    let cargo = Cargo::find(env)?;
    make(&cargo, "new", path, &args.package, &folder)?;
    let manifest = Manifest::read(folder.join("Cargo.toml"))?;
    let package = manifest.package().unwrap_or_default().to_owned();
    let found = Found { package, ..Found::default() };
    let workspace = cargo.workspace(&folder);
    let report = scaffold::lay(template, &found, &folder, manifest, workspace.as_ref())?;
    tell(template, &report);
    ui::hint(&hint!("cd {} && cargo gocross run", quoted(path)));
    Ok(0)
}

/// `init`: adds to the crate in a folder what it lacks, and makes one where there is none.
///
/// # Errors
///
/// [`Code::NewPackage`], [`Code::NoPackage`], [`Code::Manifest`], [`Code::Io`].
pub(crate) fn init(env: &Env, args: &InitArgs) -> Result<u8> {
    if args.package.list_templates {
        return Ok(list());
    }
    let path = args.path.as_deref().unwrap_or(Path::new("."));
    let folder = env.current_dir().join(path);
    let template = Template::named(&args.package.template);
    let cargo = Cargo::find(env)?;
    let files = project::files_there(template, &folder);
    let made = !folder.join("Cargo.toml").exists();
    if made {
        // Canonical, because the name comes from the last part of the path.
        let real = fs_err::canonicalize(&folder).unwrap_or_else(|_| folder.clone());
        make(&cargo, "init", path, &args.package, &real)?;
    }
    let manifest = Manifest::read(folder.join("Cargo.toml"))?;
    refuse_workspace(&manifest, path)?;
    if !made {
        refuse_options(&args.package, path)?;
    }
    let found = project::look(&cargo, &folder, &manifest, made, files)?;
    let workspace = cargo.workspace(&folder);
    let report = scaffold::lay(template, &found, &folder, manifest, workspace.as_ref())?;
    if report.added.is_empty() {
        ui::say(&format!("nothing to add to `{}`", found.package));
    }
    tell(template, &report);
    let verb = match &found.code {
        Some((file, _)) if file.ends_with("lib.rs") => "build",
        _ => "run",
    };
    ui::hint(&match path == Path::new(".") {
        true => hint!("cargo gocross {verb}"),
        false => hint!("cd {} && cargo gocross {verb}", quoted(path)),
    });
    Ok(0)
}

/// Prints the templates.
fn list() -> u8 {
    let rows = TEMPLATES.iter().map(|template| [template.name, template.about].map(str::to_owned));
    ui::print(&ui::table(rows));
    0
}

/// Has cargo make the package.
fn make(
    cargo: &Cargo<'_>,
    verb: &str,
    path: &Path,
    args: &PackageArgs,
    folder: &Path,
) -> Result<()> {
    let template = Template::named(&args.template);
    let from_folder = || folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = args.name.clone().or_else(from_folder).unwrap_or_default();
    let again = hint!("cargo gocross {verb} --name another-name {}", quoted(path));
    if manifest::dependencies(template.manifest).contains(&name) {
        let message = format!("`{name}` is the name of a crate that the template uses");
        return Err(Box::new(Diagnostic::error(Code::NewPackage, message).hint(again)));
    }
    let mut words: Vec<OsString> = vec![verb.into(), "--color=never".into()];
    for (option, given) in [("--name", &args.name), ("--vcs", &args.vcs)] {
        words.extend(given.iter().flat_map(|given| [option.into(), given.into()]));
    }
    words.extend(["--".into(), path.into()]);
    let output = cargo.run(words)?;
    if !output.success {
        let message = format!("cargo makes no package `{name}` in `{}`", path.display());
        let diagnostic = Diagnostic::error(Code::NewPackage, message);
        return Err(Box::new(diagnostic.detail(reason(&output.stderr)).hint(again)));
    }
    ui::say(output.stderr.trim_end());
    Ok(())
}

/// Why cargo has failed, without the ways out that its own commands have.
fn reason(stderr: &str) -> String {
    let lines = stderr.lines().skip_while(|line| !line.starts_with("error: "));
    let is_advice = |line: &&str| line.starts_with("note: ") || line.starts_with("help: ");
    let text = lines.take_while(|line| !is_advice(line)).collect::<Vec<_>>().join("\n");
    let text = if text.is_empty() { stderr } else { text.trim_start_matches("error: ") };
    first_lines(text, 20)
}

/// A workspace without a package has nothing that Go could be linked into.
fn refuse_workspace(manifest: &Manifest, path: &Path) -> Result<()> {
    if manifest.package().is_some() {
        return Ok(());
    }
    let message = format!("the `Cargo.toml` in `{}` is that of a workspace alone", path.display());
    Err(Box::new(
        Diagnostic::error(Code::NoPackage, message)
            .detail("Go becomes a part of a package: one of its members, or a new one")
            .hint(hint!("cargo gocross init path/to/member"))
            .hint(hint!("cargo gocross new path/to/new-member")),
    ))
}

/// The name and the version control of a package that is there are not ours to change.
fn refuse_options(args: &PackageArgs, path: &Path) -> Result<()> {
    let given = [("--name", &args.name), ("--vcs", &args.vcs)];
    let Some((option, _)) = given.into_iter().find(|(_, given)| given.is_some()) else {
        return Ok(());
    };
    let message = format!("`{option}` is for a new package, and there is a `Cargo.toml` already");
    let hint = hint!("cargo gocross init {}", quoted(path));
    Err(Box::new(Diagnostic::error(Code::Usage, message).hint(hint)))
}

/// Tells what was written, what was left, and what is the user's to do.
fn tell(template: &Template, report: &Report) {
    let line = |(file, what): &(String, String)| match what.as_str() {
        "" => format!("\n  {file}"),
        what => format!("\n  {file}: {what}"),
    };
    if !report.added.is_empty() {
        let lines: String = report.added.iter().map(line).collect();
        ui::say(&format!("added from the template `{}`{lines}", template.name));
    }
    if !report.left.is_empty() {
        let lines: String = report.left.iter().map(line).collect();
        ui::say(&format!("left as it is, for you to change{lines}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_cargos_without_its_advice() {
        let text =
            "    Creating package\nerror: bad name\n\nCaused by:\n  a digit\nhelp: do x\n\n  y\n";
        assert_eq!(reason(text), "bad name\n\nCaused by:\n  a digit");
        assert_eq!(reason("killed\n"), "killed");
    }
}
