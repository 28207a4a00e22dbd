//! The variables that carry the tools to cargo and to build scripts. No I/O.

use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use gocross_toolchain::cc;
use gocross_toolchain::pkg_config::ALLOW_CROSS;
use gocross_toolchain::{Env, qemu, sysroot};

use crate::cargo_config::UserFlags;
use crate::crt_static;
use crate::prepare::{Prepared, Tools};

/// Changes to the environment of a child.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// Variables to set, in order.
    pub(crate) set: Vec<(String, String)>,
    /// Variables to remove.
    pub(crate) unset: Vec<String>,
    /// Configuration that no variable can hold: the values of `--config`, in order.
    pub(crate) config: Vec<String>,
}

/// The environment for cargo. What the user set himself is left as it is.
///
/// What cargo does by itself is not set: build scripts are programs for this machine too, and a
/// linker named for it would have all of them, and all that they use, compiled again.
///
/// Where a word of a list has a space in it, a variable for one target cannot hold the list, because
/// cargo splits it there. Flags then go into `CARGO_ENCODED_RUSTFLAGS`, if there is one target only,
/// and other lists into `--config`.
pub(crate) fn changes(env: &Env, prepared: &Prepared) -> Changes {
    let mut changes = Changes::default();
    if prepared.switched {
        // cargo would start the rustc in PATH, which is the one without std.
        changes.set("RUSTC", prepared.toolchain.rustc.display());
        changes.set("RUSTDOC", prepared.toolchain.rustc.with_file_name("rustdoc").display());
    }
    for tools in &prepared.targets {
        of_target(&prepared.seen, tools, &mut changes);
    }
    let (name, value) = qemu::FORK_SAFE;
    if prepared.targets.iter().any(|tools| tools.runner.is_some()) && env.var_os(name).is_none() {
        changes.set(name, value);
    }
    let own_flags =
        prepared.targets.iter().any(|tools| !flags_of(tools, &tools.rustflags).is_empty());
    if own_flags {
        for tools in &prepared.targets {
            all_flags(env, tools, prepared.targets.len() == 1, &mut changes);
        }
    }
    changes
}

fn of_target(env: &Env, tools: &Tools, changes: &mut Changes) {
    let target = tools.target;
    let suffix = target.env_suffix();
    if tools.user_linker.is_none() && !tools.is_default {
        changes.set(target.cargo_env("LINKER"), tools.linker.display());
    }
    if let Some(runner) = &tools.runner {
        changes.list(target.triple, "RUNNER", runner);
    }
    let is_rooted = !tools.cc.sysroot_words.is_empty();
    let mut companion = |name: &str, value: Option<String>| {
        // The `cc` crate and bindgen read either spelling of the triple.
        let spellings = [target.triple, &suffix].map(|triple| format!("{name}_{triple}"));
        let by_user = spellings.iter().find(|name| env.var_os(name).is_some());
        let Some(value) = value else { return };
        match by_user {
            // The user's own compiler, with what the sysroot adds to its command.
            Some(spelling) if is_rooted && matches!(name, "CC" | "CXX") => {
                changes.set(spelling.as_str(), value);
            }
            None if !tools.is_default => changes.set(format!("{name}_{suffix}"), value),
            _ => {}
        }
    };
    companion("CC", Some(tools.cc_line.clone()));
    // Without one, the `cc` crate would take the host's `c++`.
    let none = || cc::no_compiler(target, "C++");
    companion("CXX", Some(tools.cxx_line.clone().unwrap_or_else(none)));
    companion("AR", tools.cc.ar.as_ref().map(|path| path.display().to_string()));
    // bindgen reads the variable without a triple only where there is none with one.
    let user = env.var("BINDGEN_EXTRA_CLANG_ARGS").map(|args| format!(" {args}"));
    let clang_args = tools.cc.clang_args_line(target) + &user.unwrap_or_default();
    companion("BINDGEN_EXTRA_CLANG_ARGS", Some(clang_args));
    if let Some(dir) = &tools.named_sysroot {
        changes.set(sysroot::variable(target), dir.display());
    }
    pkg_config(env, tools, changes);
}

/// The variables of the `pkg-config` crate
/// (<https://docs.rs/pkg-config/latest/pkg_config/#environment-variables>), which reads those of a
/// target first. What the user set for the target is left as it is.
fn pkg_config(env: &Env, tools: &Tools, changes: &mut Changes) {
    let suffix = tools.target.env_suffix();
    let set_by_user = |name: &str| {
        let spellings = [format!("{name}_{}", tools.target.triple), format!("{name}_{suffix}")];
        spellings.iter().any(|name| env.peek(name).is_some())
    };
    for (name, value) in &tools.pkg_config.variables {
        // Only for the target: build scripts are programs for this machine.
        let is_foreign = tools.pkg_config.variables.iter().any(|(name, _)| name == ALLOW_CROSS);
        if !is_foreign || set_by_user(name) {
            continue;
        }
        let program = tools.pkg_config_program.as_ref().filter(|_| name == "PKG_CONFIG");
        let value = program.map_or_else(|| value.clone(), |path| path.display().to_string());
        changes.set(format!("{name}_{suffix}"), value);
    }
}

/// The flags for rustc that a target needs beside the user's, of its row and for std.
fn flags_of(tools: &Tools, user: &UserFlags) -> Vec<String> {
    let sysroot = tools.sysroot.iter().map(|folder| format!("--sysroot={}", folder.display()));
    let row = crt_static::row_flags(tools.target, &user.flags).map(str::to_owned);
    row.chain(sysroot).collect()
}

/// Where one target has flags of its own, `RUSTFLAGS` has to go, and each target gets the
/// user's flags in its own variable.
fn all_flags(env: &Env, tools: &Tools, alone: bool, changes: &mut Changes) {
    for (kind, user) in [("RUSTFLAGS", &tools.rustflags), ("RUSTDOCFLAGS", &tools.rustdocflags)] {
        let ours = flags_of(tools, user);
        if !ours.is_empty() || user.hidden_by_target {
            let encoded = format!("CARGO_ENCODED_{kind}");
            changes.unset(kind);
            changes.unset(&encoded);
            let words = flags(env, &tools.target.cargo_env(kind), user, ours.clone());
            if alone && joined(&words).is_none() {
                // It hides all other places, so all flags go into it.
                let all: Vec<_> = ours.into_iter().chain(user.flags.iter().cloned()).collect();
                changes.set(encoded, all.join("\u{1f}"));
            } else {
                changes.list(tools.target.triple, kind, &words);
            }
        }
    }
}

/// Flags of ours before the user's, for the variable of one target: the last one wins.
///
/// cargo takes flags from one place only; `target.<triple>.rustflags` hides `build.rustflags`
/// and is hidden by `RUSTFLAGS`, but is joined with the same key in files.
fn flags(env: &Env, variable: &str, user: &UserFlags, ours: Vec<String>) -> Vec<String> {
    let mut words = ours;
    if user.hidden_by_target {
        words.extend_from_slice(&user.flags);
    } else {
        let own = env.var(variable).unwrap_or_default();
        words.extend(own.split_whitespace().map(str::to_owned));
    }
    words
}

/// Words as one value of a variable of cargo's, which it splits at spaces; it knows no quotes.
pub(crate) fn joined(words: &[String]) -> Option<String> {
    let fits = |word: &String| !word.is_empty() && !word.contains(char::is_whitespace);
    words.iter().all(fits).then(|| words.join(" "))
}

impl Changes {
    fn set(&mut self, name: impl Into<String>, value: impl std::fmt::Display) {
        self.set.push((name.into(), value.to_string()));
    }

    /// Sets a list of `target.<triple>`: in its variable, or in `--config`, which comes before
    /// variables and files.
    pub(crate) fn list(&mut self, triple: &str, key: &str, words: &[String]) {
        let variable =
            format!("CARGO_TARGET_{}_{key}", triple.replace(['-', '.'], "_").to_uppercase());
        let name = format!("target.{triple}.{}=", key.to_lowercase());
        self.config.retain(|setting| !setting.starts_with(&name));
        match joined(words) {
            Some(line) => self.set(variable, line),
            None => {
                // A list of JSON is one of TOML.
                self.config.push(name + &serde_json::Value::from(words.to_vec()).to_string());
                // Its words are in the list already, and cargo would join the two.
                self.set.retain(|(name, _)| *name != variable);
                self.unset(&variable);
            }
        }
    }

    fn unset(&mut self, name: &str) {
        if !self.unset.iter().any(|known| known == name) {
            self.unset.push(name.to_owned());
        }
    }

    /// # Errors
    ///
    /// [`Code::CargoConfig`] where variables alone cannot carry everything.
    pub(crate) fn in_variables(&self) -> Result<()> {
        let encoded = |(name, _): &&(String, String)| name.starts_with("CARGO_ENCODED_");
        let flags = self.set.iter().find(encoded).map(|(_, flags)| flags.replace('\u{1f}', " "));
        let Some(list) = flags.as_ref().or(self.config.first()) else { return Ok(()) };
        let message = format!("no variable for one target can hold `{list}`");
        Err(Box::new(
            Diagnostic::error(Code::CargoConfig, message)
                .detail("cargo splits such a variable at spaces")
                .detail("`cargo gocross build` and the other commands have another way")
                .hint(hint!("export GOCROSS_CACHE=/path/without/spaces")),
        ))
    }
}

#[cfg(test)]
mod tests {
    use gocross_toolchain::cc::{CCompiler, Family};
    use gocross_toolchain::pkg_config::PkgConfig;
    use gocross_toolchain::rust::Toolchain;

    use super::*;

    fn tools() -> Tools {
        Tools {
            target: gocross_targets::find("aarch64-unknown-linux-gnu").unwrap(),
            glibc: None,
            cc: CCompiler {
                command: vec!["/usr/bin/clang".into(), "--target=aarch64-linux-gnu".into()],
                family: Family::Clang,
                ar: Some("/usr/bin/llvm-ar".into()),
                cxx: None,
                fortran: None,
                include_dirs: vec!["/usr/aarch64-linux-gnu/include".into()],
                sysroot: None,
                root: None,
                sysroot_words: Vec::new(),
                origin: String::new(),
                tries: Vec::new(),
            },
            cc_line: "/usr/bin/clang --target=aarch64-linux-gnu".into(),
            cxx_line: None,
            pkg_config: PkgConfig {
                program: Some("/usr/bin/pkg-config".into()),
                variables: ["PKG_CONFIG", "PKG_CONFIG_LIBDIR", "PKG_CONFIG_ALLOW_CROSS"]
                    .map(|name| (name.to_owned(), "1".to_owned()))
                    .into(),
                libdirs: Vec::new(),
                links_static: false,
                tries: Vec::new(),
            },
            pkg_config_program: Some("/cache/pkg-config".into()),
            named_sysroot: Some("/root".into()),
            linker: "/cache/cc-0".into(),
            is_default: false,
            user_linker: None,
            runner: Some(vec!["qemu-aarch64".into(), "-L".into(), "/root".into()]),
            sysroot: Some("/cache/std".into()),
            rustflags: UserFlags::default(),
            rustdocflags: UserFlags::default(),
        }
    }

    fn prepared(tools: Tools) -> Prepared {
        let toolchain = Toolchain {
            cargo: "/usr/bin/cargo".into(),
            rustc: "/usr/bin/rustc".into(),
            sysroot: "/usr".into(),
            release: "1.96.0".into(),
            host: "x86_64-unknown-linux-gnu".into(),
            verbose_version: String::new(),
        };
        Prepared { toolchain, switched: true, seen: empty(), targets: vec![tools], notes: vec![] }
    }

    fn of(env: &Env, tools: Tools) -> Changes {
        let prepared = Prepared { seen: env.clone(), ..prepared(tools) };
        changes(env, &prepared)
    }

    fn value<'a>(changes: &'a Changes, name: &str) -> Option<&'a str> {
        changes.set.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn empty() -> Env {
        Env::new(Vec::<(String, String)>::new(), "/")
    }

    #[test]
    fn one_compiler_for_linker_cc_and_bindgen() {
        let changes = of(&empty(), tools());
        let get = |name| value(&changes, name);
        assert_eq!(get("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER"), Some("/cache/cc-0"));
        assert_eq!(
            get("CC_aarch64_unknown_linux_gnu"),
            Some("/usr/bin/clang --target=aarch64-linux-gnu")
        );
        assert_eq!(get("AR_aarch64_unknown_linux_gnu"), Some("/usr/bin/llvm-ar"));
        // No program has that name, and so nobody takes the host's.
        let none = Some("no-c++-compiler-for-aarch64-unknown-linux-gnu");
        assert_eq!(get("CXX_aarch64_unknown_linux_gnu"), none);
        assert_eq!(get("GOCROSS_SYSROOT_aarch64_unknown_linux_gnu"), Some("/root"));
        let pkg_config = get("PKG_CONFIG_aarch64_unknown_linux_gnu");
        assert_eq!(pkg_config, Some("/cache/pkg-config"));
        assert_eq!(get("PKG_CONFIG_LIBDIR_aarch64_unknown_linux_gnu"), Some("1"));
        assert_eq!(
            get("BINDGEN_EXTRA_CLANG_ARGS_aarch64_unknown_linux_gnu"),
            Some("--target=aarch64-linux-gnu -isystem /usr/aarch64-linux-gnu/include")
        );
        assert_eq!(
            get("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER"),
            Some("qemu-aarch64 -L /root")
        );
        assert_eq!(get("RUSTC"), Some("/usr/bin/rustc"));
        assert_eq!(get("G_SLICE"), Some("always-malloc"));
    }

    #[test]
    fn the_machines_own_compiler_is_not_named() {
        let mut own = Tools { is_default: true, sysroot: None, runner: None, ..tools() };
        own.named_sysroot = None;
        own.pkg_config.variables.clear();
        let names: Vec<_> = of(&empty(), own).set.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["RUSTC", "RUSTDOC"]);
    }

    #[test]
    fn what_the_user_set_is_left_alone() {
        let env = empty()
            .with("CC_aarch64-unknown-linux-gnu", "mine")
            .with("AR_aarch64_unknown_linux_gnu", "mine")
            .with("G_SLICE", "mine");
        let with_runner = changes(&env, &prepared(tools()));
        assert_eq!(value(&with_runner, "G_SLICE"), None);
        let mut tools = tools();
        tools.user_linker = Some("mold-cc".into());
        tools.runner = None;
        let changes = of(&env, tools);
        for name in [
            "CC_aarch64_unknown_linux_gnu",
            "AR_aarch64_unknown_linux_gnu",
            "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER",
            "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER",
        ] {
            assert_eq!(value(&changes, name), None, "{name}");
        }
    }

    #[test]
    fn the_users_compiler_gets_the_words_of_the_sysroot() {
        let env = empty().with("CC_aarch64-unknown-linux-gnu", "sdk-gcc");
        let mut tools = tools();
        tools.cc.sysroot_words = vec!["-L/root/usr/lib".into()];
        tools.cc_line = "/sdk/sdk-gcc -L/root/usr/lib".into();
        let changes = of(&env, tools);
        let set = value(&changes, "CC_aarch64-unknown-linux-gnu");
        assert_eq!(set, Some("/sdk/sdk-gcc -L/root/usr/lib"));
        assert_eq!(value(&changes, "CC_aarch64_unknown_linux_gnu"), None);
    }

    #[test]
    fn flags_of_the_user_are_kept_wherever_they_stand() {
        const NAME: &str = "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUSTFLAGS";
        // In `RUSTFLAGS` or `build.rustflags`: repeated, since they would be hidden.
        let mut hidden = tools();
        hidden.rustflags = UserFlags { flags: vec!["-Ca=b".into()], hidden_by_target: true };
        let changes = of(&empty(), hidden);
        assert_eq!(value(&changes, NAME), Some("--sysroot=/cache/std -Ca=b"));
        assert!(changes.unset.contains(&"RUSTFLAGS".to_owned()));
        // In the same variable: kept. In a file under the same key: cargo joins them itself.
        let mut joined = tools();
        joined.rustflags =
            UserFlags { flags: vec!["-Cvar".into(), "-Cfile".into()], hidden_by_target: false };
        let changes = of(&empty().with(NAME, "-Cvar"), joined);
        assert_eq!(value(&changes, NAME), Some("--sysroot=/cache/std -Cvar"));
    }

    #[test]
    fn a_target_without_flags_of_ours_keeps_the_users_beside_one_with() {
        let user = || UserFlags { flags: vec!["-Dwarnings".into()], hidden_by_target: true };
        let (mut with, mut without) = (tools(), tools());
        with.rustflags = user();
        without.target = gocross_targets::find("x86_64-unknown-linux-gnu").unwrap();
        without.sysroot = None;
        without.rustflags = user();
        let mut prepared = prepared(with);
        prepared.targets.push(without);
        let changes = changes(&empty().with("RUSTFLAGS", "-Dwarnings"), &prepared);
        assert_eq!(
            value(&changes, "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS"),
            Some("-Dwarnings")
        );
    }

    #[test]
    fn without_a_sysroot_of_ours_no_flags_are_touched() {
        let mut plain = tools();
        plain.sysroot = None;
        let changes = of(&empty().with("RUSTFLAGS", "-Ca=b"), plain);
        assert!(changes.unset.is_empty());
        assert!(!changes.set.iter().any(|(name, _)| name.contains("FLAGS")), "{changes:?}");
    }

    #[test]
    fn what_cargo_would_split_goes_another_way() {
        let mut spaced = tools();
        spaced.runner = Some(vec!["/my tools/qemu".into(), "-L".into(), "/it's \"".into()]);
        spaced.sysroot = Some("/a b/std".into());
        spaced.rustflags =
            UserFlags { flags: vec!["-Cvar".into(), "-Cfile".into()], hidden_by_target: false };
        let name = "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUSTFLAGS";
        let env = empty().with(name, "-Cvar");
        let runner =
            r#"target.aarch64-unknown-linux-gnu.runner=["/my tools/qemu","-L","/it's \""]"#;
        let mut prepared = prepared(spaced);
        let alone = changes(&env, &prepared);
        assert_eq!(
            value(&alone, "CARGO_ENCODED_RUSTFLAGS"),
            Some("--sysroot=/a b/std\u{1f}-Cvar\u{1f}-Cfile")
        );
        assert_eq!(alone.config, [runner]);
        assert_eq!(alone.in_variables().unwrap_err().code, Code::CargoConfig);

        let mut other = tools();
        other.target = gocross_targets::find("x86_64-unknown-linux-gnu").unwrap();
        prepared.targets.push(other);
        let two = changes(&env, &prepared);
        assert_eq!(value(&two, "CARGO_ENCODED_RUSTFLAGS"), None);
        assert_eq!(two.config[0], runner);
        assert_eq!(
            two.config[1],
            r#"target.aarch64-unknown-linux-gnu.rustflags=["--sysroot=/a b/std","-Cvar"]"#
        );
        assert!(two.unset.iter().any(|unset| unset == name));
        assert!(of(&empty(), tools()).in_variables().is_ok());
    }
}
