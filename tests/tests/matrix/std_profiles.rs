//! `std/profiles/…`, `std/size/…`: a std that is built from source serves each profile of cargo's,
//! and is built for size where that is asked for.

use std::path::PathBuf;

use gocross_targets::Target;
use gocross_tests::command::{Output, Run};
use gocross_tests::sandbox::Sandbox;
use gocross_tests::scenario::row;
use gocross_tests::tools::{self, Tools};
use gocross_tests::trial::{Result, ensure, trial};
use gocross_tests::workshop::Workshop;
use libtest_mimic::Trial;

/// Targets whose std is built here: rustup cannot fetch anything in these tests.
const ROWS: [&str; 3] =
    ["mipsel-unknown-linux-gnu", "mipsel-unknown-linux-musl", "riscv64gc-unknown-linux-musl"];

/// A target whose std is built in any case, and one for which the toolchain brings one.
const SIZE_ROWS: [&str; 2] = ["mipsel-unknown-linux-musl", "aarch64-unknown-linux-gnu"];

/// The profiles. `release` is what is usual where flash is scarce, as on OpenWrt.
const MANIFEST: &str = r#"
[package]
name = "profiles"
edition = "2024"

[profile.release]
panic = "abort"
lto = "fat"
opt-level = "z"
strip = true
codegen-units = 1

[profile.abort]
inherits = "dev"
panic = "abort"

[profile.thin]
inherits = "release"
panic = "unwind"
lto = "thin"
opt-level = "s"

[workspace]
"#;

/// Says where it is, and what becomes of a panic. What drops while a panic unwinds is told too.
const PROGRAM: &str = r#"
struct Told;

impl Drop for Told {
    fn drop(&mut self) {
        println!("dropped");
    }
}

fn main() {
    let arguments = std::env::args().count();
    println!("{}", std::env::consts::ARCH);
    let outcome = std::panic::catch_unwind(|| {
        let _told = Told;
        let numbers = vec![1, 2, 3];
        numbers[arguments + 2]
    });
    println!("caught {}", outcome.is_err());
}
"#;

/// What a shell makes of SIGABRT.
const ABORTED: i32 = 134;

pub(crate) fn trials(workshop: &'static Workshop) -> Vec<Trial> {
    let profiles = ROWS.map(|triple| {
        let name = format!("std/profiles/{triple}");
        trial(name.clone(), move || Project::new(workshop, &name, triple)?.each_profile())
    });
    let size = SIZE_ROWS.map(|triple| {
        let name = format!("std/size/{triple}");
        trial(name.clone(), move || Project::new(workshop, &name, triple)?.size())
    });
    profiles.into_iter().chain(size).collect()
}

/// A program without Go, so that std is most of it.
struct Project<'a> {
    workshop: &'a Workshop,
    sandbox: Sandbox,
    target: &'static Target,
}

impl<'a> Project<'a> {
    fn new(workshop: &'a Workshop, name: &str, triple: &str) -> Result<Self> {
        let target = row(triple)?;
        tools::need_target(workshop, target)?;
        let sandbox = Sandbox::new(workshop, name, "")?;
        fs_err::create_dir_all(sandbox.dir().join("src"))?;
        fs_err::write(sandbox.dir().join("Cargo.toml"), MANIFEST)?;
        fs_err::write(sandbox.dir().join("src/main.rs"), PROGRAM)?;
        Ok(Self { workshop, sandbox, target })
    }

    /// Builds and runs the program with a profile; `std` is what std is to be optimized for.
    fn run(&self, profile: &str, std: &str) -> Result<Output> {
        let mut run = Run::new(self.workshop, ["cargo", "gocross", "run", "--quiet"]);
        run.words.extend(["--profile", profile, "--target", self.target.triple].map(Into::into));
        run.dir = self.sandbox.dir().to_owned();
        let build_dir = self.sandbox.build_dir();
        run.variables.insert("CARGO_BUILD_BUILD_DIR".into(), build_dir.into());
        run.variables.insert("RUSTUP_DIST_SERVER".into(), "file:///nonexistent".into());
        run.variables.insert("GOCROSS_STD".into(), std.into());
        Tools::default().equip(self.workshop, &mut run)?;
        run.output()
    }

    fn each_profile(&self) -> Result {
        for profile in ["release", "abort"] {
            self.aborts(profile, "release")?;
        }
        for profile in ["thin", "dev"] {
            self.unwinds(profile, "release")?;
        }
        Ok(())
    }

    /// Both kinds of panic with a std for size, and a program that is smaller for it.
    fn size(&self) -> Result {
        self.aborts("release", "release")?;
        let usual = self.program_size()?;
        self.aborts("release", "size")?;
        let small = self.program_size()?;
        ensure(small * 4 < usual * 3, || format!("{small} bytes against {usual}"))?;
        self.unwinds("thin", "size")
    }

    fn aborts(&self, profile: &str, std: &str) -> Result {
        let output = self.run(profile, std)?;
        let right = output.status == ABORTED
            && output.stdout == format!("{}\n", self.target.rust_arch)
            && tells_of_the_panic(&output);
        ensure(right, || format!("{profile}, std for {std}: {output:?}"))
    }

    fn unwinds(&self, profile: &str, std: &str) -> Result {
        let output = self.run(profile, std)?;
        let right = output.status == 0
            && output.stdout == format!("{}\ndropped\ncaught true\n", self.target.rust_arch)
            && tells_of_the_panic(&output);
        ensure(right, || format!("{profile}, std for {std}: {output:?}"))
    }

    fn program_size(&self) -> Result<u64> {
        let folder: PathBuf = ["target", self.target.triple, "release"].iter().collect();
        Ok(fs_err::metadata(self.sandbox.dir().join(folder).join("profiles"))?.len())
    }
}

fn tells_of_the_panic(output: &Output) -> bool {
    output.stderr.contains("index out of bounds: the len is 3 but the index is 3")
}
