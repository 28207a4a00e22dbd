//! pkg-config for those who show no more than its own words: a script that says what is due
//! where it fails.

use std::path::PathBuf;

use gocross_diagnostic::Result;
use gocross_targets::Target;

use super::PkgConfig;
use crate::Cache;
use crate::libraries::{hints, packages};
use crate::memo::digest;

const KIND: &str = "pkg-config-v1";

/// A script in the cache that runs pkg-config for a target (`--static` where programs are
/// static), and adds to its words, where it fails, for which target it was asked, where it looked,
/// and how the library is had. Build scripts of other crates print them. None without pkg-config.
///
/// # Errors
///
/// [`gocross_diagnostic::Code::Io`] for the cache.
pub fn explaining(
    cache: &Cache,
    target: &Target,
    native: bool,
    found: &PkgConfig,
) -> Result<Option<PathBuf>> {
    let Some(program) = &found.program else { return Ok(None) };
    let mut words = vec![program.display().to_string()];
    words.extend(found.links_static.then(|| "--static".to_owned()));
    let text = script(&crate::cc::wrapper::line(&words), target, native, found);
    let path = cache.folder(KIND)?.join(format!("{}-{}", target.triple, digest(&text)));
    if !fs_err::read(&path).is_ok_and(|old| old == text.as_bytes()) {
        cache.write_program(&path, text.as_bytes())?;
    }
    Ok(Some(path))
}

fn script(line: &str, target: &Target, native: bool, found: &PkgConfig) -> String {
    let looked = if found.libdirs.is_empty() {
        "there is no directory with answers for it".to_owned()
    } else {
        let dirs: Vec<String> = found.libdirs.iter().map(|dir| dir.display().to_string()).collect();
        format!("looked in {}", dirs.join(", "))
    };
    let told = |package: Option<&str>| -> String {
        let hints = hints(target, native, package);
        hints
            .iter()
            .map(|hint| format!("  echo {} >&2\n", quoted(&format!("hint: {hint}"))))
            .collect()
    };
    let mut cases = String::new();
    for (package, names) in packages() {
        cases.push_str(&format!("  {}) package={package} ;;\n", names.join("|")));
    }
    let mut known = String::new();
    for (package, _) in packages() {
        known.push_str(&format!("  {package})\n{}  ;;\n", told(Some(package))));
    }
    let head = format!("pkg-config was asked for {}: {looked}", target.triple);
    // `--exists` and `--version` are questions, to which no is an answer.
    format!(
        "#!/bin/sh\n{line} \"$@\"\nstatus=$?\n[ $status = 0 ] && exit 0\npackage=\nfor word do\n  \
         case $word in\n  --exists|--version|--atleast-*) exit $status ;;\n{cases}  esac\ndone\n\
         echo {} >&2\ncase $package in\n{known}  *)\n{}  ;;\nesac\nexit $status\n",
        quoted(&head),
        told(None)
    )
}

fn quoted(text: &str) -> String {
    shlex::try_quote(text).map_or_else(|_| String::new(), std::borrow::Cow::into_owned)
}
