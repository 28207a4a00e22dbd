//! The instructions of a run under QEMU, counted by our plugin.

use std::ffi::OsString;
use std::path::Path;

use crate::command::Cmd;
use crate::failure::{Failure, Result};

/// What the plugin has counted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    /// Of all threads, in user mode.
    pub(super) instructions: u64,
    /// The sites that ran: the address as it stands in the file, and how often.
    pub(super) sites: Vec<(u64, u64)>,
}

/// Runs a program under QEMU. `more` are further arguments of the plugin, each after a comma;
/// `words` are QEMU's own, the program and its arguments.
pub(super) fn run(qemu: Cmd, plugin: &Path, more: &str, words: &[OsString]) -> Result<Counted> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("count");
    let plugin = format!("{},out={}{more}", plugin.display(), out.display());
    qemu.args(["-plugin", &plugin]).args(words).read()?;
    let text = fs_err::read_to_string(&out)?;
    read(&text).ok_or_else(|| Failure::new("the plugin has counted nothing").why(text.clone()))
}

fn read(text: &str) -> Option<Counted> {
    let mut counted = Counted::default();
    for line in text.lines() {
        match *line.split(' ').collect::<Vec<_>>() {
            ["instructions", count] => counted.instructions = count.parse().ok()?,
            ["site", address, runs] => {
                let address = u64::from_str_radix(address, 16).ok()?;
                counted.sites.push((address, runs.parse().ok()?));
            }
            _ => return None,
        }
    }
    (counted.instructions > 0).then_some(counted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plugin_is_read() {
        let counted = read("instructions 12\nsite ff 3\n").unwrap();
        assert_eq!(counted, Counted { instructions: 12, sites: vec![(255, 3)] });
        assert_eq!(read(""), None);
        assert_eq!(read("instructions x\n"), None);
    }
}
