//! Finds libclang, with which bindgen reads C headers.

use std::path::{Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, Result, Try, hint};

use crate::Env;

/// A libclang, and how it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Libclang {
    /// The folder that holds it, which is what `LIBCLANG_PATH` wants.
    pub folder: PathBuf,
    /// The library's file.
    pub file: PathBuf,
    /// The search.
    pub tries: Vec<Try>,
}

/// Finds libclang: `LIBCLANG_PATH`, then LLVM's folders below `/usr/lib` (the newest
/// first), then the folders where distributions put shared libraries.
///
/// # Errors
///
/// [`Code::LibclangMissing`].
pub fn find(env: &Env) -> Result<Libclang> {
    let mut tries = Vec::new();
    for (what, folder) in places(env, &mut tries) {
        if let Some(file) = library_in(env, &folder) {
            tries.push(Try::new(what, format!("`{}`", file.display())));
            return Ok(Libclang { folder, file, tries });
        }
        tries.push(Try::new(what, "no libclang there"));
    }
    let missing = Diagnostic::error(Code::LibclangMissing, "libclang was not found")
        .detail("bindgen needs it to read the C header of the Go archive")
        .tries(tries);
    let missing = if env.find_program("apt-get").is_some() {
        missing.hint(hint!("apt install libclang-dev"))
    } else {
        missing.help("install libclang, which is a part of LLVM")
    };
    Err(Box::new(missing.hint(hint!("export LIBCLANG_PATH=/folder/of/libclang.so"))))
}

fn places(env: &Env, tries: &mut Vec<Try>) -> Vec<(String, PathBuf)> {
    let mut places = Vec::new();
    match env.var_os("LIBCLANG_PATH") {
        Some(path) => {
            let path = PathBuf::from(path);
            // It may name the file itself.
            let folder =
                if env.is_file(&path) { path.parent().map(Path::to_owned) } else { Some(path) };
            places.extend(folder.map(|folder| ("`LIBCLANG_PATH`".to_owned(), folder)));
        }
        None => tries.push(Try::new("`LIBCLANG_PATH`", "not set")),
    }
    let llvm = llvm_folders("/usr/lib");
    let distribution = [
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
        "/usr/lib/riscv64-linux-gnu",
        "/usr/lib64",
        "/usr/lib",
        "/usr/local/lib",
        "/opt/homebrew/opt/llvm/lib",
        "/Library/Developer/CommandLineTools/usr/lib",
    ];
    for folder in llvm.into_iter().chain(distribution.map(PathBuf::from)) {
        if env.is_dir(&folder) {
            places.push((format!("`{}`", folder.display()), folder));
        }
    }
    places
}

/// `/usr/lib/llvm-N/lib`, the highest N first; Fedora's `/usr/lib64/llvm` has no number.
fn llvm_folders(below: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs_err::read_dir(below) else {
        return Vec::new();
    };
    let mut numbered: Vec<(u32, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let number = name.strip_prefix("llvm-")?.parse().ok()?;
            Some((number, entry.path().join("lib")))
        })
        .collect();
    numbered.sort_by(|a, b| b.cmp(a));
    numbered.into_iter().map(|(_, path)| path).collect()
}

fn library_in(env: &Env, folder: &Path) -> Option<PathBuf> {
    let mut names: Vec<String> = fs_err::read_dir(folder)
        .ok()?
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| is_libclang(name))
        .collect();
    names.sort_unstable();
    names.into_iter().map(|name| folder.join(name)).find(|path| env.is_file(path))
}

/// `libclang.so`, `libclang.so.14`, `libclang-14.so.1`, `libclang.dylib`; not `libclang-cpp.so`.
fn is_libclang(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("libclang") else {
        return false;
    };
    let rest = rest.trim_start_matches(|c: char| c == '-' || c == '.' || c.is_ascii_digit());
    name == "libclang.dylib"
        || rest.starts_with("so")
        || name.contains(".so.") && !rest.starts_with("cpp")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_is_told_from_its_neighbours() {
        for name in [
            "libclang.so",
            "libclang.so.14",
            "libclang-14.so.1",
            "libclang-14.0.6.so",
            "libclang.dylib",
        ] {
            assert!(is_libclang(name), "{name}");
        }
        for name in
            ["libclang-cpp.so", "libclang-cpp.so.14", "libclang.a", "libLLVM.so", "libclangAST.a"]
        {
            assert!(!is_libclang(name), "{name}");
        }
    }

    #[test]
    fn the_variable_names_a_folder_or_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("libclang.so.99");
        fs_err::write(&file, "").unwrap();
        for named in [dir.path(), &file] {
            let found = find(&Env::new([("LIBCLANG_PATH", named)], "/")).unwrap();
            assert_eq!((found.folder.as_path(), &found.file), (dir.path(), &file));
        }
    }
}
