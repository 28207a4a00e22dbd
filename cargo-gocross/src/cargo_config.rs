//! What the user has configured for cargo, in files and variables, as far as it matters here.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use cargo_config2::{Config, ResolveOptions};
use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_targets::Target;
use gocross_toolchain::Env;

use crate::cli_config::CliConfig;

/// cargo's configuration for the current folder.
#[derive(Debug)]
pub(crate) struct CargoConfig {
    config: Config,
    /// `--config`, which wins.
    cli: CliConfig,
}

/// The flags of one kind (`rustflags` or `rustdocflags`) that the user set for a target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct UserFlags {
    /// The flags that cargo would use.
    pub(crate) flags: Vec<String>,
    /// Whether they come from a place that `target.<triple>.*flags` hides, so that whoever
    /// sets that has to repeat them.
    pub(crate) hidden_by_target: bool,
}

impl CargoConfig {
    /// Reads the configuration of the current directory, and what stood behind each `--config`.
    ///
    /// # Errors
    ///
    /// [`Code::CargoConfig`].
    pub(crate) fn read(env: &Env, cli: &[String]) -> Result<Self> {
        let options = ResolveOptions::default().env(env.all());
        let config = Config::load_with_options(env.current_dir(), options).map_err(broken)?;
        Ok(Self { config, cli: CliConfig::read(env, cli)? })
    }

    /// The environment that cargo gives to build scripts, rustc and programs: `[env]` sets what is
    /// not there, or what it forces.
    pub(crate) fn with_variables(&self, env: &Env) -> Env {
        let mut all = env.clone();
        let files = self.config.env.iter();
        let files = files.map(|(name, set)| (name, (set.value.clone(), set.force)));
        let mut set: BTreeMap<String, (OsString, bool)> =
            files.map(|(name, value)| (name.clone(), value)).collect();
        for (name, variable) in self.cli.variables() {
            set.insert(name, (variable.value.into(), variable.force));
        }
        for (name, (value, force)) in set {
            if force || env.peek(&name).is_none() {
                all = all.with(&name, value);
            }
        }
        all
    }

    /// `build.target`, or `CARGO_BUILD_TARGET`.
    pub(crate) fn targets(&self) -> Vec<String> {
        let cli = self.cli.targets();
        if !cli.is_empty() {
            return cli;
        }
        let targets = self.config.build.target.iter().flatten();
        targets.map(|target| target.triple().to_owned()).collect()
    }

    /// `build.rustc`, or `RUSTC`.
    pub(crate) fn rustc(&self, env: &Env) -> Option<PathBuf> {
        // The variable of a tool stands above all configuration.
        let cli = self.cli.rustc().filter(|_| env.var_os("RUSTC").is_none());
        cli.or_else(|| self.config.build.rustc.clone())
    }

    /// `build.target-dir`, or `CARGO_TARGET_DIR`.
    pub(crate) fn target_dir(&self, env: &Env) -> Option<PathBuf> {
        let cli = self.cli.target_dir().filter(|_| env.var_os("CARGO_TARGET_DIR").is_none());
        cli.or_else(|| self.config.build.target_dir.clone())
    }

    /// Whether cargo may not use the network.
    pub(crate) fn offline(&self) -> bool {
        self.cli.offline().or(self.config.net.offline) == Some(true)
    }

    /// `target.<triple>.linker`.
    ///
    /// # Errors
    ///
    /// [`Code::CargoConfig`].
    pub(crate) fn linker(&self, target: &Target) -> Result<Option<String>> {
        // No list: a path with spaces is one.
        let joined = |words: Vec<String>| words.join(" ");
        if let Some(words) = self.cli.of_triple(target.triple, "linker") {
            return Ok(Some(joined(words)));
        }
        let linker = self.config.linker(target.triple).map_err(broken)?;
        let linker = linker.map(|path| path.display().to_string());
        Ok(linker.or_else(|| self.cli.of_cfg(target, "linker").map(joined)))
    }

    /// `target.<triple>.runner`: the words of the command that cargo starts programs with.
    ///
    /// # Errors
    ///
    /// [`Code::CargoConfig`].
    pub(crate) fn runner(&self, triple: &str) -> Result<Option<Vec<String>>> {
        if let Some(words) = self.cli.of_triple(triple, "runner") {
            return Ok(Some(words));
        }
        let of_cfg =
            || gocross_targets::find(triple).and_then(|target| self.cli.of_cfg(target, "runner"));
        let runner = self.config.runner(triple).map_err(broken)?;
        let runner = runner.map(|runner| {
            let args = runner.args.iter().map(|arg| arg.to_string_lossy().into_owned());
            std::iter::once(runner.path.display().to_string()).chain(args).collect()
        });
        Ok(runner.or_else(of_cfg))
    }

    /// The `rustflags` for a target, by cargo's order: variables, then `target`, then `build`.
    ///
    /// # Errors
    ///
    /// [`Code::CargoConfig`].
    pub(crate) fn rustflags(&self, env: &Env, target: &Target) -> Result<UserFlags> {
        let flags = self.config.rustflags(target.triple).map_err(broken)?;
        let build = self.config.build.rustflags.as_ref().map(|flags| flags.flags.clone());
        let files = user_flags(env, "RUSTFLAGS", flags.map(|flags| flags.flags), build);
        Ok(self.with_cli_flags(env, target, ("rustflags", "RUSTFLAGS"), files))
    }

    /// The `rustdocflags` for a target, which `cargo test` uses for documentation tests.
    ///
    /// # Errors
    ///
    /// [`Code::CargoConfig`].
    pub(crate) fn rustdocflags(&self, env: &Env, target: &Target) -> Result<UserFlags> {
        let flags = self.config.rustdocflags(target.triple).map_err(broken)?;
        let build = self.config.build.rustdocflags.as_ref().map(|flags| flags.flags.clone());
        let files = user_flags(env, "RUSTDOCFLAGS", flags.map(|flags| flags.flags), build);
        Ok(self.with_cli_flags(env, target, ("rustdocflags", "RUSTDOCFLAGS"), files))
    }

    /// The flags with those of `--config`, which cargo joins with those of the same key.
    fn with_cli_flags(
        &self,
        env: &Env,
        target: &Target,
        (key, variable): (&str, &str),
        mut files: UserFlags,
    ) -> UserFlags {
        if is_in_variable(env, variable) {
            return files;
        }
        let of_triple = self.cli.of_triple(target.triple, key);
        let of_target = [self.cli.of_cfg(target, key), of_triple].into_iter().flatten().flatten();
        let of_target: Vec<String> = of_target.collect();
        let is_of_target = !files.flags.is_empty() && !files.hidden_by_target;
        if !of_target.is_empty() {
            // They hide those of `build`.
            if !is_of_target {
                files.flags.clear();
            }
            files.flags.extend(of_target);
            files.hidden_by_target = false;
        } else if let (false, Some(of_build)) = (is_of_target, self.cli.of_build(key)) {
            files.flags.extend(of_build);
            files.hidden_by_target = true;
        }
        files
    }
}

fn user_flags(
    env: &Env,
    variable: &str,
    flags: Option<Vec<String>>,
    build: Option<Vec<String>>,
) -> UserFlags {
    let hidden_by_target = is_in_variable(env, variable) || (flags.is_some() && flags == build);
    UserFlags { flags: flags.unwrap_or_default(), hidden_by_target }
}

/// Whether the variable is set that hides all configured flags.
fn is_in_variable(env: &Env, variable: &str) -> bool {
    env.var_os(variable).is_some() || env.var_os(&format!("CARGO_ENCODED_{variable}")).is_some()
}

fn broken(error: cargo_config2::Error) -> Box<Diagnostic> {
    // The chain names the file and the key.
    let mut words = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        words.push_str(&format!("\n{cause}"));
        source = cause.source();
    }
    Box::new(
        Diagnostic::error(Code::CargoConfig, "cargo's configuration cannot be read").detail(words),
    )
}
