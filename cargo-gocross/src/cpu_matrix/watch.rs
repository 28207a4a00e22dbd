//! How QEMU tells which gated instructions of a program run.
//!
//! A QEMU that takes our plugin (`xtask/plugin`) counts them. Any other one logs what it
//! translates (`-d in_asm`): it does so when the program is about to run it, a block at a time,
//! and every branch ends a block.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_toolchain::qemu::Emulator;
use tempfile::TempDir;

use super::sites::Gates;

/// What the runs of one program are asked.
#[derive(Debug)]
pub(crate) struct Watch {
    /// Our plugin, where there is one.
    plugin: Option<PathBuf>,
    /// The lowest address of the program's executable segments.
    base: u64,
    sites: Arc<BTreeSet<u64>>,
    work: TempDir,
    /// How many accounts have a name.
    accounts: AtomicUsize,
}

impl Watch {
    /// Prepares a folder in which QEMU finds what to look for, and leaves what it saw.
    ///
    /// # Errors
    ///
    /// [`Code::Io`].
    pub(crate) fn new(plugin: Option<PathBuf>, gates: &Gates) -> Result<Self> {
        let io = |error: std::io::Error| {
            Box::new(Diagnostic::error(Code::Io, "no temporary folder").detail(error.to_string()))
        };
        let (base, sites) = (gates.base, Arc::new(gates.sites()));
        let work = tempfile::tempdir().map_err(io)?;
        let watch = Self { plugin, base, sites, work, accounts: AtomicUsize::new(0) };
        let list: String = watch.sites.iter().map(|site| format!("{site:x}\n")).collect();
        fs_err::write(watch.list(), list).map_err(io)?;
        Ok(watch)
    }

    /// The file with the addresses, a line each, as the plugin reads them.
    fn list(&self) -> PathBuf {
        self.work.path().join("sites")
    }

    /// The arguments of one run of QEMU, and where that leaves its account.
    pub(crate) fn one_run(&self, emulator: &Emulator) -> (Vec<OsString>, Account) {
        let name = self.accounts.fetch_add(1, Ordering::Relaxed).to_string();
        let file = self.work.path().join(name);
        match self.plugin.as_ref().filter(|_| emulator.plugins) {
            Some(plugin) => {
                let words = ["-plugin".into(), self.plugin_words(plugin, &file)];
                (words.to_vec(), Account::Plugin(file))
            }
            None => {
                // `page` tells where the program was put.
                let words = ["-d".into(), "page,in_asm".into(), "-D".into(), file.clone().into()];
                (words.to_vec(), Account::Log(file, self.base, self.sites.clone()))
            }
        }
    }

    /// What stands behind `-plugin`.
    fn plugin_words(&self, plugin: &Path, out: &Path) -> OsString {
        let mut words = plugin.as_os_str().to_owned();
        for (key, value) in [(",out=", out), (",sites=", &self.list())] {
            words.push(key);
            words.push(value);
        }
        words.push(format!(",base={:x}", self.base));
        words
    }
}

/// What a run leaves behind.
#[derive(Debug, Clone)]
pub(crate) enum Account {
    /// What our plugin has counted.
    Plugin(PathBuf),
    /// QEMU's log, the base of the program, and the sites that count.
    Log(PathBuf, u64, Arc<BTreeSet<u64>>),
}

impl Account {
    /// The sites that ran. None where there is no account, as of a crash.
    pub(crate) fn read(&self) -> Option<BTreeSet<u64>> {
        match self {
            Self::Plugin(file) => counted(file),
            Self::Log(file, base, sites) => {
                let read = translated(&mut BufReader::new(fs_err::File::open(file).ok()?), *base);
                // Some megabytes each, which nobody reads again.
                fs_err::remove_file(file).ok();
                Some(&read? & sites)
            }
        }
    }
}

/// What the plugin wrote.
fn counted(file: &Path) -> Option<BTreeSet<u64>> {
    let text = fs_err::read_to_string(file).ok()?;
    let mut lines = text.lines();
    lines.next()?.strip_prefix("instructions ")?;
    let site = |line: &str| {
        let address = line.strip_prefix("site ")?.split(' ').next()?;
        u64::from_str_radix(address, 16).ok()
    };
    lines.map(site).collect()
}

/// The addresses of all instructions that a log tells, as they stand in the file. None where it
/// does not say where the program lies, or has no line for each instruction.
fn translated(log: &mut impl BufRead, base: u64) -> Option<BTreeSet<u64>> {
    let mut moved = None;
    let mut found = BTreeSet::new();
    let mut line = Vec::new();
    // Names of functions may be any bytes.
    while log.read_until(b'\n', &mut line).ok()? > 0 {
        let text = std::str::from_utf8(&line).unwrap_or_default().trim_end();
        if let Some(address) = text.strip_prefix("start_code").and_then(|rest| hex(rest.trim())) {
            moved.get_or_insert(address.wrapping_sub(base));
        } else if let Some((address, _)) = text.split_once(':')
            && let (Some(address), Some(moved)) = (hex(address), moved)
        {
            found.insert(address.wrapping_sub(moved));
        } else if text.starts_with("OBJD-") {
            // A QEMU that cannot disassemble: the bytes of a block, without their addresses.
            return None;
        }
        line.clear();
    }
    (!found.is_empty()).then_some(found)
}

/// A number as QEMU writes an address: `0x00007efc464ee000`.
fn hex(text: &str) -> Option<u64> {
    u64::from_str_radix(text.strip_prefix("0x")?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_plugin_wrote_is_read_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("out");
        assert_eq!(counted(&file), None);
        fs_err::write(&file, "instructions 12\nsite 7d4 1\nsite 10 30\n").unwrap();
        assert_eq!(counted(&file), Some(BTreeSet::from([0x7d4, 16])));
        fs_err::write(&file, "instructions 12\nother\n").unwrap();
        assert_eq!(counted(&file), None);
    }

    fn log(text: &[u8]) -> Option<BTreeSet<u64>> {
        translated(&mut &*text, 0x1000)
    }

    #[test]
    fn a_log_tells_the_addresses_that_stand_in_the_file() {
        let text = b"host mmap_min_addr=0x1000\nstart            end              size\n\
            00007efc464ee000-00007efc46786000 0000000000298000 r-x\n\
            start_code  0x00007efc464ee000\nentry       0x00007efc509132b6\n\
            ----------------\nIN: \xff_start\n\
            0x7efc464ee010:  05e00893          addi                    a7,zero,94\n\
            0x7efc464ee014:  00000073          ecall\n\n\
            ----------------\nIN: \n0x7efc464ee010:  05e00893          addi\n";
        assert_eq!(log(text), Some(BTreeSet::from([0x1010, 0x1014])));
    }

    #[test]
    fn a_log_without_places_is_no_account() {
        assert_eq!(log(b""), None);
        assert_eq!(log(b"0x7efc464ee010:  05e00893          addi\n"), None);
        assert_eq!(log(b"start_code  0x2000\n"), None);
        assert_eq!(log(b"start_code  0x2000\nIN: \n0x2010:  \nOBJD-T: 9308e005\n"), None);
    }
}
