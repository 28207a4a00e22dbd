//! After cargo has failed: reasons that cargo's own words do not bring out.
//!
//! Nothing is looked at before, so a build that succeeds does not pay for it.

use std::io::Write;
use std::path::{Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, hint};
use gocross_toolchain::{Env, quoted};

use crate::cargo_args::CargoArgs;
use crate::cargo_config::CargoConfig;
use crate::prepare::Prepared;

/// The status with which cargo says that it, or a compiler that it ran, has failed.
pub(crate) const CARGO_FAILED: u8 = 101;

/// What a compiler writes at the least; less free space than that explains a failure.
const SPACE_NEEDED: usize = 4 << 20;

/// Explains a failure of cargo's, where there is more to say.
pub(crate) fn explain(env: &Env, args: &CargoArgs, prepared: &Prepared) -> Option<Diagnostic> {
    let folder = target_folder(env, args, prepared)?;
    let error = try_to_write(&folder).err()?;
    let message = format!("cargo's target folder `{}` cannot be written", folder.display());
    Some(
        Diagnostic::error(Code::TargetFolder, message)
            .detail(error.to_string())
            .hint(hint!("df -h {}", quoted(&folder)))
            .hint(hint!("cargo gocross build --target-dir /another/folder")),
    )
}

fn target_folder(env: &Env, args: &CargoArgs, prepared: &Prepared) -> Option<PathBuf> {
    let named = args.target_dir.clone();
    let named = named.or_else(|| CargoConfig::read(env, &args.configs).ok()?.target_dir(env));
    if let Some(folder) = named {
        return Some(env.current_dir().join(folder));
    }
    let mut question = vec!["locate-project", "--workspace", "--message-format=plain"];
    if let Some(path) = args.manifest_path.as_deref().and_then(Path::to_str) {
        question.extend(["--manifest-path", path]);
    }
    let output = gocross_toolchain::run(env, &prepared.toolchain.cargo, question, &[]).ok()?;
    let manifest = PathBuf::from(output.stdout.trim());
    Some(manifest.parent()?.join("target"))
}

/// Writes as much as a small build does, and takes it away again.
fn try_to_write(folder: &Path) -> std::io::Result<()> {
    let existed = folder.is_dir();
    fs_err::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(&vec![0; SPACE_NEEDED])?;
    file.as_file().sync_all()?;
    drop(file);
    if !existed {
        fs_err::remove_dir(folder).ok();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_can_be_written_is_left_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("target");
        try_to_write(&folder).unwrap();
        assert!(!folder.exists());
        fs_err::create_dir(&folder).unwrap();
        try_to_write(&folder).unwrap();
        assert_eq!(fs_err::read_dir(&folder).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_an_error() {
        try_to_write(Path::new("/dev/null/target")).unwrap_err();
        try_to_write(Path::new("/proc/target")).unwrap_err();
    }
}
