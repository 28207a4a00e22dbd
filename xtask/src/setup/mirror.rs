//! Packages of the machine's own Debian mirror that are fetched and not installed: those of
//! another release or of another architecture. apt gets lists of its own for it, and dpkg's
//! architectures stay as they are.

use std::path::{Path, PathBuf};

use super::apt;
use crate::command::Cmd;
use crate::failure::{Failure, Result};

/// Where Debian keeps its keys, on whatever release.
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// The mirror that this machine takes its own packages from, and the release.
#[derive(Debug)]
pub(super) struct Mirror {
    address: String,
    codename: String,
}

impl Mirror {
    /// Asks the system and apt.
    pub(super) fn of_machine() -> Result<Self> {
        let failed = |why: String| Failure::new("no mirror of Debian is known").why(why);
        let system =
            fs_err::read_to_string("/etc/os-release").map_err(|error| failed(error.to_string()))?;
        let codename = field(&system, "VERSION_CODENAME")
            .ok_or_else(|| failed("`/etc/os-release` names no `VERSION_CODENAME`".to_owned()))?;
        let format = "$(RELEASE) $(COMPONENT) $(REPO_URI)";
        let targets = Cmd::new("apt-get")
            .args(["indextargets", "--format", format, "Created-By: Packages"])
            .read()
            .map_err(|failure| failed(failure.what))?;
        let address = mirror(&targets, &codename)
            .ok_or_else(|| failed(format!("apt has no source for `{codename} main`")))?;
        Ok(Self { address, codename })
    }

    /// The line of a sources.list for a suite of the release, such as `-backports`.
    pub(super) fn line(&self, suite: &str) -> String {
        let signed = Path::new(KEYRING).is_file();
        let key = if signed { format!("[signed-by={KEYRING}] ") } else { String::new() };
        format!("deb {key}{} {}{suite} main\n", self.address, self.codename)
    }
}

/// The value of a line of os-release(5).
fn field(text: &str, name: &str) -> Option<String> {
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))?;
    Some(value.trim_matches('"').to_owned()).filter(|value| !value.is_empty())
}

/// The address of the repository with a release's main part.
fn mirror(targets: &str, codename: &str) -> Option<String> {
    targets.lines().find_map(|line| {
        let (release, rest) = line.split_once(' ')?;
        let (component, address) = rest.split_once(' ')?;
        (release == codename && component == "main").then(|| address.to_owned())
    })
}

/// apt with lists of its own, in a folder that goes away.
#[derive(Debug)]
pub(super) struct Apt {
    folder: PathBuf,
    options: Vec<String>,
}

impl Apt {
    /// Lists in `folder` of what `source` has for an architecture, or for this machine's.
    pub(super) fn new(folder: &Path, source: &str, architecture: Option<&str>) -> Result<Self> {
        fs_err::create_dir_all(folder.join("lists/partial"))?;
        fs_err::create_dir_all(folder.join("cache/archives/partial"))?;
        fs_err::write(folder.join("sources.list"), source)?;
        let at = |key: &str, name: &str| format!("{key}={}", folder.join(name).display());
        // Nothing counts as installed.
        fs_err::write(folder.join("status"), "")?;
        let mut options = vec![
            at("Dir::Etc::sourcelist", "sources.list"),
            "Dir::Etc::sourceparts=/dev/null".to_owned(),
            at("Dir::State::lists", "lists"),
            at("Dir::Cache", "cache"),
            // As root, apt becomes a user who may not write into a folder of root's.
            "APT::Sandbox::User=root".to_owned(),
        ];
        if let Some(architecture) = architecture {
            options.push(at("Dir::State::status", "status"));
            options.push(format!("APT::Architecture={architecture}"));
            options.push(format!("APT::Architectures={architecture}"));
        }
        Ok(Self { folder: folder.to_owned(), options })
    }

    fn run(&self, words: &[&str]) -> Result {
        let options = self.options.iter().flat_map(|option| ["-o", option]);
        Cmd::new("apt-get").arg("-q").args(options).args(words).dir(&self.folder).run_to_stderr()
    }

    /// Fetches packages and unpacks them into a directory.
    pub(super) fn unpack(&self, packages: &[&str], root: &Path) -> Result {
        for file in apt::retry(|| self.download(packages))? {
            Cmd::new("dpkg-deb").arg("-x").args([file.as_path(), root]).run_to_stderr()?;
        }
        Ok(())
    }

    fn download(&self, packages: &[&str]) -> Result<Vec<PathBuf>> {
        self.run(&["update"])?;
        self.run(&[&["download"], packages].concat())?;
        let files: Vec<PathBuf> = fs_err::read_dir(&self.folder)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "deb"))
            .collect();
        if files.len() < packages.len() {
            return Err(Failure::new(format!(
                "apt has not fetched all of `{}`",
                packages.join(" ")
            )));
        }
        Ok(files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_the_one_of_the_machine() {
        let targets = "bookworm-updates main http://a.example/debian/\n\
                       bookworm contrib http://b.example/debian/\n\
                       bookworm main http://c.example/debian/\n";
        assert_eq!(mirror(targets, "bookworm").as_deref(), Some("http://c.example/debian/"));
        assert_eq!(mirror(targets, "trixie"), None);
    }

    #[test]
    fn the_codename_is_read_with_and_without_quotes() {
        assert_eq!(
            field("A=b\nVERSION_CODENAME=bookworm\n", "VERSION_CODENAME").unwrap(),
            "bookworm"
        );
        assert_eq!(field("VERSION_CODENAME=\"noble\"", "VERSION_CODENAME").unwrap(), "noble");
        assert_eq!(field("VERSION_CODENAME=\n", "VERSION_CODENAME"), None);
        assert_eq!(field("", "VERSION_CODENAME"), None);
    }
}
