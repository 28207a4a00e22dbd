//! Follows the kernel and the dynamic linker in a system's folder: which interpreter, which
//! libraries, and where each was looked for (ld.so(8); musl, `ldso/dynlink.c`).

mod ld_cache;
mod root;

use std::collections::{BTreeSet, VecDeque};
use std::path::Path;

use gocross_elf::{Elf, File, Identity};
use gocross_targets::Target;
use gocross_toolchain::Env;
use gocross_verify::{Library, Lookup, Surroundings};

use ld_cache::LdCache;
use root::Root;

/// More libraries than any program loads; a hostile system could name new ones for ever.
const MOST_LIBRARIES: usize = 512;

/// What a program would find; none where the file is no program or library of Linux.
pub(super) fn look(
    env: &Env,
    folder: &Path,
    path: &Path,
    file: &File<'_>,
    target: Option<&'static Target>,
) -> Option<Surroundings> {
    let File::Elf(elf) = file else { return None };
    if !elf.kind.is_loaded() {
        return None;
    }
    let root = Root::new(env.current_dir().join(folder));
    let interpreter = elf.interpreter.map(|path| {
        let path = String::from_utf8_lossy(path).into_owned();
        Lookup { found: root.identity(&path), reason: "PT_INTERP".to_owned(), path }
    });
    let origin = root.inside(&env.current_dir().join(path));
    let name = path.file_name().unwrap_or(path.as_os_str()).display().to_string();
    let search = Search {
        is_musl: interpreter.as_ref().is_some_and(|lookup| lookup.path.contains("ld-musl")),
        variable: env.var("LD_LIBRARY_PATH"),
        cache: LdCache::read(&root, elf.identity.big_endian),
        identity: elf.identity,
        target,
        root: &root,
    };
    let libraries = search.all(elf, &name, &origin);
    Some(Surroundings { root: folder.display().to_string(), interpreter, libraries })
}

/// Where libraries are looked for.
struct Search<'a> {
    root: &'a Root,
    is_musl: bool,
    variable: Option<String>,
    cache: LdCache,
    identity: Identity,
    target: Option<&'static Target>,
}

/// A file whose libraries are to be found.
struct Wanting {
    name: String,
    needed: Vec<String>,
    rpath: Vec<String>,
    runpath: Vec<String>,
}

impl Search<'_> {
    /// The libraries of a program and, one after the other, those that they need in turn.
    fn all(&self, elf: &Elf<'_>, name: &str, origin: &str) -> Vec<Library> {
        let program = Wanting::of(elf, name, origin);
        // Who has no DT_RUNPATH searches the program's DT_RPATH too.
        let program_rpath = program.rpath.clone();
        let mut queue = VecDeque::from([program]);
        let mut known = BTreeSet::new();
        let mut libraries = Vec::new();
        while let Some(wanting) = queue.pop_front() {
            for name in &wanting.needed {
                if libraries.len() >= MOST_LIBRARIES || !known.insert(name.clone()) {
                    continue;
                }
                let tried = self.one(name, &wanting, &program_rpath);
                if let Some(path) =
                    tried.last().filter(|last| self.fits(last)).map(|last| &last.path)
                {
                    queue.extend(self.root.read(path).and_then(|bytes| {
                        let elf = Elf::read(&bytes).ok()?;
                        Some(Wanting::of(&elf, name, folder(path)))
                    }));
                }
                let needed_by = wanting.name.clone();
                libraries.push(Library { name: name.clone(), needed_by, tried });
            }
        }
        libraries
    }

    /// The places where one library is looked for, up to where it is.
    fn one(&self, name: &str, wanting: &Wanting, program_rpath: &[String]) -> Vec<Lookup> {
        let mut tried = Vec::new();
        for (path, reason) in self.places(name, wanting, program_rpath) {
            let found = self.root.identity(&path);
            let lookup = Lookup { path, reason: reason.to_owned(), found };
            let fits = self.fits(&lookup);
            // One place may come up twice, and one for another machine is passed over.
            if !tried.contains(&lookup) {
                tried.push(lookup);
            }
            if fits {
                break;
            }
        }
        tried
    }

    fn places(
        &self,
        name: &str,
        wanting: &Wanting,
        program_rpath: &[String],
    ) -> Vec<(String, &'static str)> {
        if name.contains('/') {
            return vec![(name.to_owned(), "a path")];
        }
        if self.is_musl && is_musl_itself(name) {
            let itself = self.target.map_or("/lib/libc.so", |target| target.interpreter);
            return vec![(itself.to_owned(), "musl is one library")];
        }
        let mut folders: Vec<(String, &'static str)> = Vec::new();
        let mut add = |list: &[String], reason| {
            folders.extend(list.iter().map(|folder| (folder.clone(), reason)));
        };
        let variable = paths(self.variable.as_deref().unwrap_or_default(), "/");
        if self.is_musl {
            add(&variable, "LD_LIBRARY_PATH");
            add(&wanting.rpath, "DT_RPATH");
            add(&wanting.runpath, "DT_RUNPATH");
        } else {
            if wanting.runpath.is_empty() {
                add(&wanting.rpath, "DT_RPATH");
                add(program_rpath, "DT_RPATH of the program");
            }
            add(&variable, "LD_LIBRARY_PATH");
            add(&wanting.runpath, "DT_RUNPATH");
        }
        let in_folder =
            |(folder, reason): (String, &'static str)| (format!("{folder}/{name}"), reason);
        let mut places: Vec<_> = folders.into_iter().map(in_folder).collect();
        if !self.is_musl {
            places.extend(self.cache.paths(name).map(|path| (path.to_owned(), "ld.so.cache")));
        }
        places.extend(self.defaults().into_iter().map(|folder| in_folder((folder, "the default"))));
        places
    }

    /// The folders that the dynamic linker knows by itself. Debian's have the multiarch name.
    fn defaults(&self) -> Vec<String> {
        if self.is_musl {
            return ["/lib", "/usr/local/lib", "/usr/lib"].map(str::to_owned).into();
        }
        let multiarch = self.target.map(|target| target.gnu_prefix);
        let mut folders: Vec<String> = multiarch
            .iter()
            .flat_map(|name| [format!("/lib/{name}"), format!("/usr/lib/{name}")])
            .collect();
        if self.identity.is_64 {
            folders.extend(["/lib64", "/usr/lib64"].map(str::to_owned));
        }
        folders.extend(["/lib", "/usr/lib"].map(str::to_owned));
        folders
    }

    /// Whether what is at a place is a library for this program.
    fn fits(&self, lookup: &Lookup) -> bool {
        let own = &self.identity;
        lookup.found.flatten().is_some_and(|found| {
            (found.machine, found.is_64, found.big_endian)
                == (own.machine, own.is_64, own.big_endian)
        })
    }
}

impl Wanting {
    fn of(elf: &Elf<'_>, name: &str, origin: &str) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let dynamic = elf.dynamic.as_ref();
        let list = |path: Option<&[u8]>| paths(&path.map(text).unwrap_or_default(), origin);
        Self {
            name: name.to_owned(),
            needed: dynamic.iter().flat_map(|d| &d.needed).map(|name| text(name)).collect(),
            rpath: list(dynamic.and_then(|dynamic| dynamic.rpath)),
            runpath: list(dynamic.and_then(|dynamic| dynamic.runpath)),
        }
    }
}

/// The folders of a search path. `$ORIGIN` is the folder of who has the path.
fn paths(list: &str, origin: &str) -> Vec<String> {
    let folders = list.split([':', ';']).filter(|folder| !folder.is_empty());
    folders.map(|folder| folder.replace("${ORIGIN}", origin).replace("$ORIGIN", origin)).collect()
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The names that musl takes for itself (`ldso/dynlink.c`, "reserved").
fn is_musl_itself(name: &str) -> bool {
    let Some((stem, _)) = name.strip_prefix("lib").and_then(|rest| rest.split_once('.')) else {
        return false;
    };
    matches!(stem, "c" | "pthread" | "rt" | "m" | "dl" | "util" | "xnet")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origin_is_the_folder_of_who_asks() {
        assert_eq!(
            paths("$ORIGIN/../lib:/usr/lib::${ORIGIN}", "/opt/x"),
            ["/opt/x/../lib", "/usr/lib", "/opt/x"]
        );
    }

    #[test]
    fn musl_is_one_library() {
        assert!(is_musl_itself("libc.musl-x86_64.so.1") && is_musl_itself("libm.so.6"));
        assert!(!is_musl_itself("libgcc_s.so.1") && !is_musl_itself("libcrypto.so.3"));
    }

    #[test]
    fn this_test_finds_all_that_it_needs_here_and_nothing_in_an_empty_folder() {
        let env = Env::new(Vec::<(String, String)>::new(), "/");
        let bytes = fs_err::read("/proc/self/exe").unwrap();
        let path = fs_err::read_link("/proc/self/exe").unwrap();
        let file = File::read(&bytes).unwrap();
        let target = gocross_verify::infer(&file);
        let here = look(&env, Path::new("/"), &path, &file, target).unwrap();
        assert!(here.interpreter.unwrap().found.is_some());
        assert!(!here.libraries.is_empty());
        for library in &here.libraries {
            assert!(library.tried.last().unwrap().found.flatten().is_some(), "{library:?}");
        }
        let empty = tempfile::tempdir().unwrap();
        let nowhere = look(&env, empty.path(), &path, &file, target).unwrap();
        assert_eq!(nowhere.interpreter.unwrap().found, None);
        assert!(
            nowhere.libraries.iter().all(|library| library.tried.iter().all(|l| l.found.is_none()))
        );
    }
}
