//! `templates/<template>/<triple>`: each template of `cargo gocross new`, written, built and run
//! for this machine and for another one.

use gocross_tests::scenario::{Scenario, row};
use gocross_tests::trial::{Result, trial};
use gocross_tests::workshop::Workshop;
use libtest_mimic::Trial;

/// The rest of the table is what `examples/…` is for: the templates have the same sources.
const TARGETS: &[&str] = &["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"];

pub(crate) fn trials(workshop: &'static Workshop) -> Result<Vec<Trial>> {
    let mut trials = Vec::new();
    for entry in fs_err::read_dir(Workshop::repository().join("cargo-gocross/templates"))? {
        let template = entry?.file_name().display().to_string();
        for triple in TARGETS {
            let template = template.clone();
            let name = format!("templates/{template}/{triple}");
            trials.push(trial(name.clone(), move || test(workshop, &name, &template, triple)));
        }
    }
    Ok(trials)
}

fn test(workshop: &Workshop, name: &str, template: &str, triple: &str) -> Result {
    let file = Workshop::package().join("templates").join(format!("{template}.toml"));
    let words = [("target", triple), ("goarch", row(triple)?.go.arch)];
    Scenario::read(&file)?.play(workshop, name, &words).map(drop)
}
