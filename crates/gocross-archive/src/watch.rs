//! New files in folders that cargo cannot watch.
//!
//! cargo watches a folder with all that lies below it. A Go package's folder often holds
//! tests, a README or cargo's own target folder as well, so watching it would build again
//! for no reason, and not watching it would miss a new `.go` file. So the build script
//! writes down which files count in such folders (the listing, in its `OUT_DIR`) and lets
//! cargo watch that one file; `cargo gocross` looks at the folders before it starts cargo,
//! and writes the listing again where files have come or gone.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use gocross_toolchain::{Cache, Env};
use serde::{Deserialize, Serialize};

use crate::Inputs;

const KIND: &str = "watch-v1";
const LISTING: &str = "gocross-listing.txt";

/// The endings of files that `go build` takes up by themselves (`go help packages`, cgo).
const GO_BUILDS: &[&str] = &[
    "go", "c", "cc", "cpp", "cxx", "m", "h", "hh", "hpp", "hxx", "f", "F", "for", "f90", "s", "S",
    "sx", "swig", "swigcxx", "syso",
];

/// One build script's folders.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    listing: PathBuf,
    folders: Vec<Folder>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Folder {
    path: PathBuf,
    /// Whether every file below it counts, as with `//go:embed`, or only Go's own in it.
    embed: bool,
}

/// Writes the listing of a build, and an entry in the cache that leads to it. Returns the
/// file that cargo is to watch; none where cargo can watch all folders itself, or where
/// there is no cache.
pub fn record(env: &Env, out_dir: &Path, inputs: &Inputs) -> Option<PathBuf> {
    let pure = inputs.pure_folders();
    let watched = |path: &Path| pure.iter().any(|pure| path.starts_with(pure));
    let own = inputs.folders.iter().map(|path| (path, false));
    let folders: Vec<Folder> = own
        .chain(inputs.embed_folders.iter().map(|path| (path, true)))
        .filter(|(path, _)| !watched(path))
        .map(|(path, embed)| Folder { path: path.clone(), embed })
        .collect();
    if folders.is_empty() {
        return None;
    }
    // A copy of the environment: where the cache lies changes nothing in the archive.
    let cache = Cache::of_user(&env.clone()).ok()?;
    let entry = Entry { listing: out_dir.join(LISTING), folders };
    write_listing(&entry).ok()?;
    // cargo compares with the time at which this script began: what it writes itself must
    // look older.
    let listing = fs_err::File::options().append(true).open(&entry.listing).ok()?;
    listing.set_modified(UNIX_EPOCH + Duration::from_secs(1)).ok()?;
    let name = format!("{}.json", gocross_toolchain::digest(&entry.listing.to_string_lossy()));
    cache.write_json(&cache.folder(KIND).ok()?.join(name), &entry).ok()?;
    Some(entry.listing)
}

/// Brings all listings up to date. What cannot be read or written is passed over: the
/// worst that comes of it is what plain cargo does.
pub fn refresh(cache: &Cache) {
    let Ok(entries) = fs_err::read_dir(cache.root().join(KIND)) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        let Some(entry) = read(&path) else { continue };
        if entry.listing.exists() {
            write_listing(&entry).ok();
        } else {
            // Its target folder was cleaned.
            fs_err::remove_file(&path).ok();
        }
    }
}

fn read(path: &Path) -> Option<Entry> {
    serde_json::from_slice(&fs_err::read(path).ok()?).ok()
}

/// Writes the listing if it differs: its age is what cargo looks at.
fn write_listing(entry: &Entry) -> std::io::Result<()> {
    let mut files = BTreeSet::new();
    for folder in &entry.folders {
        if folder.embed {
            all_below(&folder.path, &mut files);
        } else {
            files.extend(entries(&folder.path).filter(|path| counts(path)));
        }
    }
    let text: String = files.iter().map(|path| format!("{}\n", path.display())).collect();
    if fs_err::read_to_string(&entry.listing).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs_err::write(&entry.listing, text)
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    fs_err::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

fn all_below(folder: &Path, files: &mut BTreeSet<PathBuf>) {
    for path in entries(folder).filter(|path| !is_hidden(path)) {
        // A link to a folder is no folder to Go's embed either.
        if path.is_dir() && !path.is_symlink() {
            all_below(&path, files);
        } else {
            files.insert(path);
        }
    }
}

/// Whether Go would build a file for being there.
fn counts(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let is_test = path.to_str().is_some_and(|path| path.ends_with("_test.go"));
    ending.is_some_and(|ending| GO_BUILDS.contains(&ending)) && !is_test && !is_hidden(path)
}

/// Go passes over names that begin with `.` or `_`.
fn is_hidden(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_none_or(|name| name.starts_with(['.', '_']))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A package folder with a README in it, its cache and its build folder.
    fn project() -> (tempfile::TempDir, Env, Cache, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let (go, out) = (dir.path().join("go"), dir.path().join("out"));
        fs_err::create_dir_all(go.join("assets")).unwrap();
        fs_err::create_dir_all(&out).unwrap();
        for file in ["a.go", "README.md", "assets/page.html"] {
            fs_err::write(go.join(file), "").unwrap();
        }
        let cache = dir.path().join("cache");
        let env = Env::new([("GOCROSS_CACHE", &cache)], "/");
        let inputs = Inputs {
            files: BTreeSet::from([go.join("a.go"), go.join("assets/page.html")]),
            folders: BTreeSet::from([go.clone()]),
            embed_folders: BTreeSet::from([go.join("assets")]),
        };
        let listing = record(&env, &out, &inputs).unwrap();
        (dir, env, Cache::at(cache), listing)
    }

    fn changes(listing: &Path, cache: &Cache, change: impl FnOnce()) -> bool {
        let old = UNIX_EPOCH + Duration::from_secs(1);
        fs_err::File::options().append(true).open(listing).unwrap().set_modified(old).unwrap();
        change();
        refresh(cache);
        fs_err::metadata(listing).unwrap().modified().unwrap() != old
    }

    #[test]
    fn only_files_that_go_would_build_or_embed_count() {
        let (dir, _, cache, listing) = project();
        let go = dir.path().join("go");
        let write = |file: &str| fs_err::write(go.join(file), "").unwrap();
        for file in ["notes.txt", "a_test.go", "_old.go", ".b.go", "a.go", "assets/.hidden"] {
            assert!(!changes(&listing, &cache, || write(file)), "{file}");
        }
        for file in ["b.go", "c.S", "assets/new.html"] {
            assert!(changes(&listing, &cache, || write(file)), "{file}");
        }
        assert!(changes(&listing, &cache, || fs_err::remove_file(go.join("b.go")).unwrap()));
    }

    #[test]
    fn a_listing_looks_older_than_the_script_that_wrote_it() {
        let before = std::time::SystemTime::now();
        let (_dir, _, _, listing) = project();
        assert!(fs_err::metadata(listing).unwrap().modified().unwrap() < before);
    }

    #[test]
    fn the_entry_goes_with_the_build_folder() {
        let (dir, _, cache, listing) = project();
        let count = || fs_err::read_dir(cache.root().join(KIND)).unwrap().count();
        refresh(&cache);
        assert_eq!(count(), 1);
        fs_err::remove_dir_all(dir.path().join("out")).unwrap();
        refresh(&cache);
        assert_eq!(count(), 0);
        assert!(!listing.exists());
    }

    #[test]
    fn a_pure_folder_needs_no_listing() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.go");
        fs_err::write(&file, "").unwrap();
        let inputs = Inputs {
            files: BTreeSet::from([file]),
            folders: BTreeSet::from([dir.path().to_owned()]),
            embed_folders: BTreeSet::new(),
        };
        let env = Env::new([("GOCROSS_CACHE", dir.path())], "/");
        assert_eq!(record(&env, dir.path(), &inputs), None);
    }
}
