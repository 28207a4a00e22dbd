//! What the user has configured for cargo, in files and variables, as far as it matters here.

use std::path::PathBuf;

use cargo_config2::{Config, ResolveOptions};
use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_targets::Target;
use gocross_toolchain::Env;

/// cargo's configuration for the current folder.
#[derive(Debug)]
pub(crate) struct CargoConfig {
    config: Config,
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
    /// Reads the configuration of the current folder.
    ///
    /// # Errors
    ///
    /// [`Code::CargoConfig`].
    pub(crate) fn read(env: &Env) -> Result<Self> {
        let options = ResolveOptions::default().env(env.all());
        let config = Config::load_with_options(env.current_dir(), options).map_err(broken)?;
        Ok(Self { config })
    }

    /// `build.target`, or `CARGO_BUILD_TARGET`.
    pub(crate) fn targets(&self) -> Vec<String> {
        let targets = self.config.build.target.iter().flatten();
        targets.map(|target| target.triple().to_owned()).collect()
    }

    /// `build.rustc`, or `RUSTC`.
    pub(crate) fn rustc(&self) -> Option<PathBuf> {
        self.config.build.rustc.clone()
    }

    /// `build.target-dir`, or `CARGO_TARGET_DIR`.
    pub(crate) fn target_dir(&self) -> Option<PathBuf> {
        self.config.build.target_dir.clone()
    }

    /// Whether cargo may not use the network.
    pub(crate) fn offline(&self) -> bool {
        self.config.net.offline == Some(true)
    }

    /// `target.<triple>.linker`.
    ///
    /// # Errors
    ///
    /// [`Code::CargoConfig`].
    pub(crate) fn linker(&self, target: &Target) -> Result<Option<String>> {
        let linker = self.config.linker(target.triple).map_err(broken)?;
        Ok(linker.map(|path| path.display().to_string()))
    }

    /// `target.<triple>.runner`: the words of the command that cargo starts programs with.
    ///
    /// # Errors
    ///
    /// [`Code::CargoConfig`].
    pub(crate) fn runner(&self, triple: &str) -> Result<Option<Vec<String>>> {
        let runner = self.config.runner(triple).map_err(broken)?;
        Ok(runner.map(|runner| {
            let args = runner.args.iter().map(|arg| arg.to_string_lossy().into_owned());
            std::iter::once(runner.path.display().to_string()).chain(args).collect()
        }))
    }

    /// The `rustflags` for a target, by cargo's order: variables, then `target`, then `build`.
    ///
    /// # Errors
    ///
    /// [`Code::CargoConfig`].
    pub(crate) fn rustflags(&self, env: &Env, target: &Target) -> Result<UserFlags> {
        let flags = self.config.rustflags(target.triple).map_err(broken)?;
        let build = self.config.build.rustflags.as_ref().map(|flags| flags.flags.clone());
        Ok(user_flags(env, "RUSTFLAGS", flags.map(|flags| flags.flags), build))
    }

    /// The `rustdocflags` for a target, which `cargo test` uses for documentation tests.
    ///
    /// # Errors
    ///
    /// [`Code::CargoConfig`].
    pub(crate) fn rustdocflags(&self, env: &Env, target: &Target) -> Result<UserFlags> {
        let flags = self.config.rustdocflags(target.triple).map_err(broken)?;
        let build = self.config.build.rustdocflags.as_ref().map(|flags| flags.flags.clone());
        Ok(user_flags(env, "RUSTDOCFLAGS", flags.map(|flags| flags.flags), build))
    }
}

fn user_flags(
    env: &Env,
    variable: &str,
    flags: Option<Vec<String>>,
    build: Option<Vec<String>>,
) -> UserFlags {
    let from_variable = env.var_os(variable).is_some()
        || env.var_os(&format!("CARGO_ENCODED_{variable}")).is_some();
    let hidden_by_target = from_variable || (flags.is_some() && flags == build);
    UserFlags { flags: flags.unwrap_or_default(), hidden_by_target }
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
