//! Reads the words as a linker does: what is a library, an archive, an option.
//!
//! The words of several packages are one command line, so a state that one sets
//! (`-Wl,-Bstatic`) holds on in the next, as it does with Go's own linker.

use std::path::PathBuf;

use super::words::Word;

/// What a word, or several that belong together, ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Item {
    /// `-lNAME`, or `-l:FILE`, whose name begins with the colon.
    Library { name: String, is_static: bool, whole: bool },
    /// `-LDIR`.
    SearchDirectory(PathBuf),
    /// An archive, object or shared object by its path.
    File { path: PathBuf, whole: bool },
    /// `-framework NAME`.
    Framework(String),
    /// `--wrap=SYMBOL`.
    Wrap(String),
    /// `-u SYMBOL`.
    Undefined(String),
    /// `-static-libstdc++`.
    StaticCxx,
    /// Anything else.
    Flag { words: Vec<String>, matters: bool },
}

/// An item, and the index of its first word.
pub(crate) type Asked = (Item, usize);

/// What options set for the libraries that follow.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    is_static: bool,
    whole: bool,
}

/// Options of compilers that have their value in the next word.
const DRIVER_VALUES: &[&str] =
    &["-T", "-e", "-z", "-F", "-arch", "-isysroot", "-weak_framework", "-target", "-rpath", "-m"];

/// Options of linkers that have their value in the next word, without the dashes
/// (GNU ld's manual, "Command-line Options").
const LINKER_VALUES: &[&str] = &[
    "rpath",
    "rpath-link",
    "soname",
    "h",
    "z",
    "e",
    "entry",
    "T",
    "script",
    "version-script",
    "dynamic-list",
    "m",
    "defsym",
    "Map",
    "R",
    "y",
    "I",
    "dynamic-linker",
    "a",
    "A",
    "c",
    "F",
    "f",
    "G",
    "O",
    "plugin",
    "plugin-opt",
    "retain-symbols-file",
    "assert",
    "fini",
    "init",
    "exclude-libs",
];

/// Reads all words.
pub(crate) fn read(words: &[Word<'_>]) -> Vec<Asked> {
    let mut reader = Reader { state: State::default(), stack: Vec::new(), items: Vec::new() };
    let mut linker: Vec<(String, usize)> = Vec::new();
    let mut index = 0;
    while let Some(word) = words.get(index) {
        let text = word.text.as_str();
        let next = words.get(index + 1).map(|word| word.text.clone());
        if let Some(options) = text.strip_prefix("-Wl,") {
            linker.extend(options.split(',').map(|option| (option.to_owned(), index)));
            index += 1;
        } else if text == "-Xlinker" {
            linker.extend(next.map(|next| (next, index)));
            index += 2;
        } else {
            // A value may stand in the `-Wl,` after that of its option, so these are read at once.
            reader.linker(&std::mem::take(&mut linker));
            index += reader.driver(text, next, index);
        }
    }
    reader.linker(&linker);
    reader.items
}

struct Reader {
    state: State,
    stack: Vec<State>,
    items: Vec<Asked>,
}

impl Reader {
    fn push(&mut self, item: Item, index: usize) {
        self.items.push((item, index));
    }

    fn library(&mut self, name: &str, index: usize) {
        let State { is_static, whole } = self.state;
        self.push(Item::Library { name: name.to_owned(), is_static, whole }, index);
    }

    /// Reads a word for the compiler that links; gives how many words were read.
    fn driver(&mut self, text: &str, next: Option<String>, index: usize) -> usize {
        let value = |joined: &str| match joined {
            "" => (next.clone().unwrap_or_default(), 2),
            joined => (joined.to_owned(), 1),
        };
        let (item, read) = match text {
            "-pthread" | "-pthreads" => {
                self.library("pthread", index);
                return 1;
            }
            "-framework" => (Item::Framework(next.unwrap_or_default()), 2),
            "-static-libstdc++" => (Item::StaticCxx, 1),
            "-u" => (Item::Undefined(next.unwrap_or_default()), 2),
            _ if !text.starts_with(['-', '@']) => {
                (Item::File { path: text.into(), whole: self.state.whole }, 1)
            }
            _ => {
                if let Some(joined) = text.strip_prefix("-L") {
                    let (dir, read) = value(joined);
                    (Item::SearchDirectory(dir.into()), read)
                } else if let Some(joined) = text.strip_prefix("-l") {
                    let (name, read) = value(joined);
                    self.library(&name, index);
                    return read;
                } else if DRIVER_VALUES.contains(&text) {
                    let words = std::iter::once(text.to_owned()).chain(next).collect();
                    (Item::Flag { words, matters: text != "-z" }, 2)
                } else {
                    let words = vec![text.to_owned()];
                    (Item::Flag { words, matters: driver_flag_matters(text) }, 1)
                }
            }
        };
        self.push(item, index);
        read
    }

    /// Reads words for the linker itself.
    fn linker(&mut self, words: &[(String, usize)]) {
        let mut words = words.iter();
        while let Some((text, index)) = words.next() {
            let Some(option) = text.strip_prefix("--").or_else(|| text.strip_prefix('-')) else {
                let path = PathBuf::from(text);
                self.push(Item::File { path, whole: self.state.whole }, *index);
                continue;
            };
            if self.set(option) {
                continue;
            }
            let (name, joined) = match option.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (option, None),
            };
            let mut value =
                || joined.clone().or_else(|| words.next().map(|(word, _)| word.clone()));
            match name {
                "wrap" => self.items.extend(value().map(|name| (Item::Wrap(name), *index))),
                "u" | "undefined" | "require-defined" => {
                    self.items.extend(value().map(|name| (Item::Undefined(name), *index)));
                }
                "l" | "library" => {
                    let name = value().unwrap_or_default();
                    self.library(&name, *index);
                }
                "L" | "library-path" => {
                    let dir = value().unwrap_or_default();
                    self.push(Item::SearchDirectory(dir.into()), *index);
                }
                name if LINKER_VALUES.contains(&name) => {
                    let value =
                        joined.clone().or_else(|| words.next().map(|(word, _)| word.clone()));
                    self.option(text, joined.is_none().then_some(value).flatten(), *index);
                }
                name => match (name.strip_prefix('l'), name.strip_prefix('L')) {
                    (Some(library), _) if !text.starts_with("--") => self.library(library, *index),
                    (_, Some(dir)) if !text.starts_with("--") => {
                        self.push(Item::SearchDirectory(dir.into()), *index);
                    }
                    _ => self.option(text, None, *index),
                },
            }
        }
    }

    fn option(&mut self, text: &str, value: Option<String>, index: usize) {
        let both: Vec<&str> = std::iter::once(text).chain(value.as_deref()).collect();
        // A comma would end the word for the compiler.
        let words = if both.iter().any(|word| word.contains(',')) {
            both.into_iter().flat_map(|word| ["-Xlinker".to_owned(), word.to_owned()]).collect()
        } else {
            vec![format!("-Wl,{}", both.join(","))]
        };
        self.push(Item::Flag { words, matters: linker_flag_matters(text) }, index);
    }

    /// Whether an option sets something for the libraries that follow, and nothing else. Groups
    /// and `--as-needed` have no meaning here: an archive is searched as often as it helps, and
    /// rustc asks for `--as-needed` itself.
    fn set(&mut self, option: &str) -> bool {
        match option {
            "Bstatic" | "dn" | "non_shared" | "static" => self.state.is_static = true,
            "Bdynamic" | "dy" | "call_shared" => self.state.is_static = false,
            "whole-archive" => self.state.whole = true,
            "no-whole-archive" => self.state.whole = false,
            "push-state" => self.stack.push(self.state),
            "pop-state" => self.state = self.stack.pop().unwrap_or_default(),
            "start-group" | "end-group" | "(" | ")" | "as-needed" | "no-as-needed" => {}
            _ => return false,
        }
        true
    }
}

/// Whether a program that is linked without this word of the compiler's is another one.
fn driver_flag_matters(text: &str) -> bool {
    let harmless = ["-O", "-g", "-W", "-pipe", "-fPI", "-fpi", "-fno-", "-fstack-", "-std="];
    !(harmless.iter().any(|prefix| text.starts_with(prefix))
        || matches!(text, "-s" | "-w" | "-m64"))
}

/// Whether a program that is linked without this option of the linker's is another one.
fn linker_flag_matters(text: &str) -> bool {
    let harmless = [
        "-O",
        "-s",
        "-S",
        "-z",
        "--build-id",
        "--hash-style",
        "--gc-sections",
        "--no-gc-sections",
        "--no-undefined",
        "--icf",
        "--sort-common",
        "--no-keep-memory",
        "--strip",
        "--threads",
        "--warn",
        "--no-warn",
        "--fatal-warnings",
        "--print",
        "--stats",
        "-Map",
        "--Map",
    ];
    !harmless.iter().any(|prefix| text.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::super::origin::Origin;
    use super::*;

    fn read(line: &str) -> Vec<Item> {
        let word = |text: &str| Word { text: text.to_owned(), origin: Origin::Environment };
        let words: Vec<_> = line.split(' ').map(word).collect();
        super::read(&words).into_iter().map(|(item, _)| item).collect()
    }

    fn library(name: &str, is_static: bool, whole: bool) -> Item {
        Item::Library { name: name.to_owned(), is_static, whole }
    }

    fn flag(words: &[&str], matters: bool) -> Item {
        Item::Flag { words: words.iter().map(|&word| word.to_owned()).collect(), matters }
    }

    #[test]
    fn libraries_keep_their_order_and_their_number() {
        assert_eq!(
            read("-la -L/x -l b -la -pthread -l:libth.a"),
            [
                library("a", false, false),
                Item::SearchDirectory("/x".into()),
                library("b", false, false),
                library("a", false, false),
                library("pthread", false, false),
                library(":libth.a", false, false),
            ]
        );
    }

    #[test]
    fn what_options_set_holds_until_it_is_unset() {
        assert_eq!(
            read(
                "-Wl,-Bstatic -la -Wl,--push-state,--whole-archive /x.a -Wl,--pop-state -lb \
                  -Wl,-Bdynamic,-lc -Wl,--start-group -ld -Wl,--end-group"
            ),
            [
                library("a", true, false),
                Item::File { path: "/x.a".into(), whole: true },
                library("b", true, false),
                library("c", false, false),
                library("d", false, false),
            ]
        );
    }

    #[test]
    fn a_value_stays_with_its_option_wherever_it_stands() {
        assert_eq!(
            read(
                "-Wl,-rpath,/a -Wl,-rpath -Wl,/b -Xlinker -rpath -Xlinker /c -Wl,-rpath=/d \
                  -Wl,--wrap=f -Wl,-u,g -u h"
            ),
            [
                flag(&["-Wl,-rpath,/a"], true),
                flag(&["-Wl,-rpath,/b"], true),
                flag(&["-Wl,-rpath,/c"], true),
                flag(&["-Wl,-rpath=/d"], true),
                Item::Wrap("f".to_owned()),
                Item::Undefined("g".to_owned()),
                Item::Undefined("h".to_owned()),
            ]
        );
    }

    #[test]
    fn debug_information_and_hardening_are_the_programs_own_business() {
        for line in ["-O2", "-g", "-s", "-Wl,-O1", "-Wl,-z,relro", "-Wl,--gc-sections"] {
            let items = read(line);
            assert!(matches!(items[..], [Item::Flag { matters: false, .. }]), "{items:?}");
        }
        for line in ["-fopenmp", "-Wl,--allow-multiple-definition", "-T x.ld", "-fsanitize=address"]
        {
            let items = read(line);
            assert!(matches!(items[..], [Item::Flag { matters: true, .. }]), "{items:?}");
        }
    }
}
