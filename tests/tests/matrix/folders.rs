//! `cases/…`, `cli/…`, `rebuild/…`: each folder with a `case.toml` is a test.

use gocross_tests::scenario::Scenario;
use gocross_tests::trial::{Result, trial};
use gocross_tests::workshop::Workshop;
use libtest_mimic::Trial;

/// The tests below `tests/<kind>`.
pub(crate) fn trials(workshop: &'static Workshop, kind: &str) -> Result<Vec<Trial>> {
    let mut trials = Vec::new();
    for entry in fs_err::read_dir(Workshop::package().join(kind))? {
        let entry = entry?;
        let name = format!("{kind}/{}", entry.file_name().display());
        let file = entry.path().join("case.toml");
        trials.push(trial(name.clone(), move || {
            Scenario::read(&file)?.play(workshop, &name, &[])?;
            Ok(())
        }));
    }
    Ok(trials)
}
