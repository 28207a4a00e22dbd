//! A command with what it has to be told of the target's sysroot.

use std::path::{Path, PathBuf};

use gocross_targets::Target;

use super::{Family, companions, zig};
use crate::sysroot::Sysroot;
use crate::{Cache, Env};

/// A command, and the words that a sysroot adds to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rooted {
    /// The command as it was named.
    pub(super) base: Vec<String>,
    /// What the sysroot adds.
    pub(super) added: Vec<String>,
}

impl Rooted {
    /// The command of a C compiler. Who hands a compiler on to a build script hands it on with
    /// the sysroot's words, which are not added again then.
    pub(super) fn new(env: &Env, words: &[String], root: Option<&Sysroot>, family: Family) -> Self {
        let Some(root) = root else {
            return Self { base: words.to_vec(), added: Vec::new() };
        };
        let own_libc = zig::is_zig(&words[0]);
        if let Some(known) = known(words, root) {
            return known;
        }
        let added = root.words(family, own_libc, false);
        let hidden = root.libc.is_some() && !own_libc && hides(env, words, &added, root);
        Self { base: words.to_vec(), added: root.words(family, own_libc, hidden) }
    }

    /// The whole command.
    pub(super) fn words(&self) -> Vec<String> {
        [self.base.as_slice(), &self.added].concat()
    }
}

/// The command of another language's compiler: its headers have to come first, so the C library's
/// are never put before them.
pub(super) fn for_language(
    words: &[String],
    root: Option<&Sysroot>,
    family: Family,
) -> Vec<String> {
    let Some(root) = root.filter(|root| known(words, root).is_none()) else {
        return words.to_vec();
    };
    let added = root.words(family, zig::is_zig(&words[0]), false);
    [words, &added].concat()
}

/// A command that ends in the sysroot's words already.
fn known(words: &[String], root: &Sysroot) -> Option<Rooted> {
    let families = [Family::Gcc, Family::Clang].into_iter();
    let mut all = families.flat_map(|family| {
        let kinds = [(false, true), (false, false), (true, false)];
        kinds.map(|(own, hidden)| root.words(family, own, hidden))
    });
    let added = all.find(|added| !added.is_empty() && words.ends_with(added))?;
    Some(Rooted { base: words[..words.len() - added.len()].to_vec(), added })
}

/// Whether a compiler finds the headers of another C library before those of the sysroot.
fn hides(env: &Env, words: &[String], added: &[String], root: &Sysroot) -> bool {
    let Some(program) = env.find_program(&words[0]) else { return false };
    let mut command = vec![program.display().to_string()];
    command.extend(words[1..].iter().chain(added).cloned());
    let dirs = companions::include_dirs(env, &command);
    let libc = dirs.iter().find(|dir| dir.join("stdio.h").is_file());
    libc.is_some_and(|dir| !dir.starts_with(&root.dir))
}

/// The directory behind `--sysroot` in a command, in either way of writing it.
pub(super) fn named_in(words: &[String]) -> Option<PathBuf> {
    let mut named = None;
    for (index, word) in words.iter().enumerate() {
        if let Some(dir) = word.strip_prefix("--sysroot=") {
            named = Some(PathBuf::from(dir));
        } else if word == "--sysroot" {
            named = words.get(index + 1).map(PathBuf::from);
        }
    }
    named
}

/// What is known of the sysroot that a command of an SDK names, or has by itself. A directory
/// that does not look like one is the compiler's own affair.
pub(super) fn of_command(
    env: &Env,
    target: &'static Target,
    dir: Option<&Path>,
    cache: Option<&Cache>,
) -> Option<Sysroot> {
    Sysroot::read(env, target, dir?, cache).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }

    fn root() -> Sysroot {
        Sysroot {
            dir: "/root".into(),
            libc: None,
            has_loader: false,
            has_libc_headers: false,
            include_dirs: vec!["/root/usr/include".into()],
            library_dirs: vec!["/root/usr/lib".into()],
            pkg_config_dirs: Vec::new(),
        }
    }

    #[test]
    fn the_sysroots_words_are_added_once() {
        let env = Env::new([("PATH", "/nowhere")], "/");
        let once = Rooted::new(&env, &words("x-gcc -O1"), Some(&root()), Family::Gcc);
        assert_eq!(
            once.words().join(" "),
            "x-gcc -O1 -isystem/root/usr/include -L/root/usr/lib -Wl,-rpath-link,/root/usr/lib"
        );
        let twice = Rooted::new(&env, &once.words(), Some(&root()), Family::Gcc);
        assert_eq!(twice, once);
    }

    #[test]
    fn an_sdk_names_its_sysroot_in_either_way() {
        let dir = |line| named_in(&words(line)).map(|dir| dir.display().to_string());
        assert_eq!(dir("gcc --sysroot=/opt/sdk -m32").as_deref(), Some("/opt/sdk"));
        assert_eq!(dir("gcc --sysroot /opt/sdk").as_deref(), Some("/opt/sdk"));
        assert_eq!(dir("gcc --sysroot=/a --sysroot=/b").as_deref(), Some("/b"));
        assert_eq!(dir("gcc -isysroot"), None);
    }
}
