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

/// A longer log is a program that changes its memory without an end: nobody reads it.
const LONGEST_LOG: u64 = 1 << 30;

/// What the runs of one program are asked.
#[derive(Debug)]
pub(crate) struct Watch {
    /// Our plugin, where there is one.
    plugin: Option<PathBuf>,
    /// The lowest address of the program's executable segments.
    base: u64,
    /// Whether that is where it runs.
    is_fixed: bool,
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
        let Gates { base, is_fixed, .. } = *gates;
        let sites = Arc::new(gates.sites());
        let work = tempfile::tempdir().map_err(io)?;
        let watch = Self { plugin, base, is_fixed, sites, work, accounts: AtomicUsize::new(0) };
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
                // `page` tells where the program was put, and every change of its memory as well.
                let what = if self.is_fixed { "in_asm" } else { "page,in_asm" };
                let words = ["-d".into(), what.into(), "-D".into(), file.clone().into()];
                let Self { base, is_fixed, .. } = *self;
                (words.to_vec(), Account::Log { file, base, is_fixed, sites: self.sites.clone() })
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
    /// QEMU's log.
    Log {
        file: PathBuf,
        /// Where the program begins, by itself and where it `is_fixed` also in memory.
        base: u64,
        is_fixed: bool,
        /// What counts.
        sites: Arc<BTreeSet<u64>>,
    },
}

impl Account {
    /// The sites that ran. None where there is no account.
    pub(crate) fn read(&self) -> Option<BTreeSet<u64>> {
        match self {
            Self::Plugin(file) => counted(file),
            Self::Log { file, base, is_fixed, sites } => {
                let mut log = BufReader::new(fs_err::File::open(file).ok()?);
                translated(&mut log, *base, is_fixed.then_some(0), sites)
            }
        }
    }

    /// Empties a log that has become too long, and tells whether it has. QEMU goes on behind the
    /// gap, which takes no room.
    pub(crate) fn cut(&self) -> bool {
        let Self::Log { file, .. } = self else { return false };
        let is_long = fs_err::metadata(file).is_ok_and(|log| room(&log) > LONGEST_LOG);
        is_long && fs_err::write(file, "").is_ok()
    }

    /// Removes a log: some megabytes, which nobody reads again.
    pub(crate) fn remove(&self) {
        if let Self::Log { file, .. } = self {
            fs_err::remove_file(file).ok();
        }
    }
}

/// How many bytes a file takes on the disk.
fn room(file: &std::fs::Metadata) -> u64 {
    #[cfg(unix)]
    let room = std::os::unix::fs::MetadataExt::blocks(file) * 512;
    #[cfg(not(unix))]
    let room = file.len();
    room
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

/// Those of `sites` that a log tells, by the addresses that stand in the file. None where it does
/// not say how far the program was `moved`, or tells no instruction.
///
/// A block is straight on, so everything from its first byte to its last has run. Its lines are
/// not gone by: the disassembler of a QEMU may not know an instruction, and lose its way.
fn translated(
    log: &mut impl BufRead,
    base: u64,
    mut moved: Option<u64>,
    sites: &BTreeSet<u64>,
) -> Option<BTreeSet<u64>> {
    let mut found = BTreeSet::new();
    let (mut block, mut any) = (None, false);
    let mut line = Vec::new();
    // Names of functions may be any bytes.
    while log.read_until(b'\n', &mut line).ok()? > 0 {
        let text = std::str::from_utf8(&line).unwrap_or_default().trim_end();
        if let Some(address) = text.strip_prefix("start_code").and_then(|rest| hex(rest.trim())) {
            moved.get_or_insert(address.wrapping_sub(base));
        } else if let (Some((start, size)), Some(moved)) = (instruction(text), moved) {
            any = true;
            let start = start.wrapping_sub(moved);
            let begin = *block.get_or_insert(start);
            if let Some(end) = start.checked_add(size).filter(|end| *end > begin) {
                found.extend(sites.range(begin..end));
            }
        } else if text.starts_with("OBJD-") {
            // A QEMU that cannot disassemble: the bytes of a block, without their addresses.
            return None;
        } else {
            block = None;
        }
        line.clear();
    }
    any.then_some(found)
}

/// The address and the bytes of `0x7efc45c4e7b0:  05e00893  addi`, or of `0x40:  48 89 e7  movq`.
fn instruction(line: &str) -> Option<(u64, u64)> {
    let (address, rest) = line.split_once(':')?;
    let address = hex(address)?;
    let words = || rest.split_whitespace();
    let width = words().next()?.len();
    let is_hex = |word: &&str| word.len() == width && word.bytes().all(|b| b.is_ascii_hexdigit());
    let count = words().take_while(is_hex).count();
    Some((address, (count * width / 2) as u64))
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
        translated(&mut &*text, 0x1000, None, &(0x1000..0x1100).collect())
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
        assert_eq!(log(text), Some((0x1010..0x1018).collect()));
    }

    #[test]
    fn what_a_disassembler_does_not_know_has_run_with_its_block() {
        // Of VAES, QEMU 7.2's says `.byte`, and goes on at the next byte.
        let text = b"start_code  0x2000\nIN: f\n\
            0x00002010:  c4                       .byte    0xc4\n\
            0x00002011:  e2 45 dc                 loop     0x2058\n\
            0x00002014:  c0 c4 e2                 rolb     $0xe2, %ah\n\n\
            IN: g\n0x00002020:  c3                       retq\n";
        let mut expected: BTreeSet<u64> = (0x1010..0x1017).collect();
        expected.insert(0x1020);
        assert_eq!(log(text), Some(expected));
        assert_eq!(instruction("0x10:  4668 mov r0, sp"), Some((16, 2)));
        assert_eq!(instruction("0x10:  f000 f8e5  bl #0x40"), Some((16, 4)));
        assert_eq!(instruction("0x10:  1e602820  fadd d0, d1, d0"), Some((16, 4)));
        assert_eq!(instruction("IN: f"), None);
    }

    #[test]
    fn a_program_that_is_not_moved_needs_no_word_of_it() {
        let text = b"IN: f\n0x00001010:  05e00893  addi\n";
        let sites = BTreeSet::from([0x1010, 0x1020]);
        assert_eq!(
            translated(&mut &text[..], 0x1000, Some(0), &sites),
            Some(BTreeSet::from([0x1010]))
        );
    }

    #[test]
    fn a_log_without_places_is_no_account() {
        assert_eq!(log(b""), None);
        assert_eq!(log(b"0x7efc464ee010:  05e00893          addi\n"), None);
        assert_eq!(log(b"start_code  0x2000\n"), None);
        assert_eq!(log(b"start_code  0x2000\nIN: \n0x2010:  \nOBJD-T: 9308e005\n"), None);
    }
}
