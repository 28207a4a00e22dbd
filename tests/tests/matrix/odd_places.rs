//! `places/<triple>`: sources, results, caches and Go itself in directories with odd names, sources
//! that cannot be written, and all of it through a symbolic link.

use std::path::{Path, PathBuf};

use gocross_targets::Target;
use gocross_tests::command::{Output, Run};
use gocross_tests::sandbox::Sandbox;
use gocross_tests::scenario::row;
use gocross_tests::seed;
use gocross_tests::tools::{self, Tools};
use gocross_tests::trial::{Result, ensure, trial};
use gocross_tests::workshop::Workshop;
use libtest_mimic::Trial;

/// What tools split at, quote, or take for a separator; and a letter that has two bytes.
const ODD: &str = "it's a=b, é";

/// Each way to an archive with each provider of a C compiler: GNU C and Go's archive, GNU C and
/// the overlay, zig and Go's archive, zig and the overlay. std is built for the last three.
const ROWS: [&str; 4] = [
    "aarch64-unknown-linux-gnu",
    "mipsel-unknown-linux-gnu",
    "riscv64gc-unknown-linux-musl",
    "mipsel-unknown-linux-musl",
];

/// What Go needs of its directory.
const GOROOT: [&str; 6] = ["VERSION", "bin", "go.env", "lib", "pkg", "src"];

pub(crate) fn trials(workshop: &'static Workshop) -> Vec<Trial> {
    let to_trial = |triple: &'static str| {
        trial(format!("places/{triple}"), move || test(workshop, row(triple)?))
    };
    ROWS.map(to_trial).into()
}

fn test(workshop: &Workshop, target: &'static Target) -> Result {
    tools::need_target(workshop, target)?;
    let place = Place::new(workshop, target)?;
    let expected = format!("Hello, Zoë, from Go (linux/{})\n40 + 2 = 42\n", target.go.arch);
    let first = place.run(&["run", "--", "Zoë"])?;
    ensure(first.stdout.starts_with(&expected), || format!("{expected}, but {first:?}"))?;
    // Whatever stands in for an odd name must be the same each time.
    let second = place.run(&["build"])?;
    ensure(!second.stderr.contains("Compiling"), || format!("built again: {second:?}"))
}

/// A project with all that belongs to it in odd places.
struct Place<'a> {
    workshop: &'a Workshop,
    sandbox: Sandbox,
    target: &'static Target,
    /// The symbolic link to the project.
    link: PathBuf,
}

impl<'a> Place<'a> {
    fn new(workshop: &'a Workshop, target: &'static Target) -> Result<Self> {
        // The names of both directories of a sandbox are made of the test's.
        let sandbox = Sandbox::new(workshop, &format!("{ODD}/{}", target.triple), "project")?;
        sandbox.lay(&Workshop::project("hello"))?;
        sandbox.lay_lock("")?;
        seed::sow(workshop, &sandbox, "hello", &[Some(target.triple.to_owned())])?;
        let link = sandbox.dir().with_file_name(format!("{ODD} link"));
        fs_err::os::unix::fs::symlink(sandbox.dir(), &link)?;
        let place = Self { workshop, sandbox, target, link };
        place.link_cache()?;
        place.copy_go()?;
        Ok(place)
    }

    fn below(&self, name: &str) -> PathBuf {
        self.sandbox.build_dir().join(format!("{ODD} {name}"))
    }

    /// A cache of its own, but for what takes minutes to make and is the same in any place.
    fn link_cache(&self) -> Result {
        let cache = self.below("cache");
        fs_err::create_dir_all(&cache)?;
        for entry in fs_err::read_dir(self.workshop.cache())? {
            let name = entry?.file_name();
            let text = name.to_string_lossy();
            if text.starts_with("std-") || text == "zig-cache" {
                let real = self.workshop.cache().join(&name);
                fs_err::os::unix::fs::symlink(real, cache.join(&name))?;
            }
        }
        Ok(())
    }

    /// Go itself: its program finds its directory by its own path, so a link would not do.
    fn copy_go(&self) -> Result {
        let mut run = Run::new(self.workshop, ["go", "env", "GOROOT"]);
        Tools::default().equip(self.workshop, &mut run)?;
        let real = PathBuf::from(run.read()?.trim());
        let copy = self.below("goroot");
        fs_err::create_dir_all(&copy)?;
        for name in GOROOT.iter().filter(|name| real.join(name).exists()) {
            let mut run = Run::new(self.workshop, ["cp", "--recursive", "--dereference"]);
            run.words.extend([real.join(name).into(), copy.join(name).into()]);
            run.read()?;
        }
        Ok(())
    }

    fn run(&self, words: &[&str]) -> Result<Output> {
        let mut run = Run::new(self.workshop, ["cargo", "gocross", words[0]]);
        run.words.extend(["--target", self.target.triple].map(Into::into));
        run.words.extend(words[1..].iter().map(Into::into));
        run.dir.clone_from(&self.link);
        let variables = [
            ("CARGO_BUILD_BUILD_DIR", self.sandbox.build_dir().to_owned()),
            ("CARGO_TARGET_DIR", self.below("target")),
            ("GOCACHE", self.below("gocache")),
            ("GOCROSS_CACHE", self.below("cache")),
            ("GOCROSS_GO", self.below("goroot").join("bin/go")),
            ("GOMODCACHE", self.below("modules")),
            ("GOPATH", self.below("gopath")),
            ("PWD", self.link.clone()),
        ];
        run.variables.extend(variables.map(|(name, path)| (name.into(), path.into())));
        let read_only = vec![self.sandbox.dir().to_owned()];
        Tools { read_only, ..Tools::default() }.equip(self.workshop, &mut run)?;
        let output = run.output()?;
        ensure(output.status == 0, || format!("`{run}`: {output:?}"))?;
        self.is_clean(&output)?;
        Ok(output)
    }

    /// Nothing was written beside the sources, and nobody was warned.
    fn is_clean(&self, output: &Output) -> Result {
        let has_target = |dir: &Path| dir.join("target").exists();
        ensure(!has_target(self.sandbox.dir()), || "results beside read-only sources".to_owned())?;
        ensure(!output.stderr.contains("warning"), || output.stderr.clone())
    }
}
