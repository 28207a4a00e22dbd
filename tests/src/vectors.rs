//! Cases of SM4 in counter mode that OpenSSL has computed: what no one of ours has a hand in.
//!
//! `openssl enc` is called once a case, which takes half a minute in all. So the file is kept with
//! what is compiled, under a name that says all that decides it.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use crate::command::Run;
use crate::sample::Sample;
use crate::tools;
use crate::trial::{Result, Trouble, ensure};
use crate::workshop::Workshop;

const CASES: usize = 10_000;
/// With another way of making cases, another number.
const FORMAT: u32 = 1;

/// One file for all tests, made by the first one that wants it.
static MAKING: Mutex<()> = Mutex::new(());

/// What OpenSSL is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Case {
    key: [u8; 16],
    iv: [u8; 16],
    /// At which place after an aligned one the text is put.
    offset: usize,
    plain: Vec<u8>,
}

/// The file with the cases: lines of key, first counter, offset, plain and cipher text; all but the
/// offset in hexadecimal, and `-` for no byte.
///
/// # Errors
///
/// There is no OpenSSL, or it knows no SM4.
pub fn of_openssl(workshop: &Workshop) -> Result<PathBuf> {
    let openssl = tools::need(workshop, "openssl")?;
    let version = Run::new(workshop, [openssl.as_os_str(), "version".as_ref()]).read()?;
    let mut hasher = DefaultHasher::new();
    (FORMAT, CASES, version).hash(&mut hasher);
    let folder = workshop.build_dir("vectors");
    let file = folder.join(format!("sm4-ctr-{:016x}", hasher.finish()));

    let _making = MAKING.lock().map_err(|_| Trouble::wrong("the cases could not be made"))?;
    if !file.is_file() {
        fs_err::create_dir_all(&folder)?;
        let unfinished = folder.join("unfinished");
        fs_err::write(&unfinished, make(&openssl)?)?;
        fs_err::rename(unfinished, &file)?;
    }
    Ok(file)
}

/// The text of the file, by as many threads as the machine likes: OpenSSL starts slowly.
fn make(openssl: &Path) -> Result<String> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let part = CASES.div_ceil(threads);
    let parts = (0..CASES).step_by(part).map(|first| first..CASES.min(first + part));
    let texts: Vec<Result<String>> = std::thread::scope(|scope| {
        let handles: Vec<_> =
            parts.map(|numbers| scope.spawn(move || lines(openssl, numbers))).collect();
        let died = || Err(Trouble::wrong("a thread that made cases ended badly"));
        handles.into_iter().map(|handle| handle.join().unwrap_or_else(|_| died())).collect()
    });
    texts.into_iter().collect()
}

fn lines(openssl: &Path, numbers: Range<usize>) -> Result<String> {
    let mut text = String::new();
    for number in numbers {
        let case = Case::of(number);
        let cipher = case.sealed(openssl)?;
        let words = [hex(&case.key), hex(&case.iv), case.offset.to_string(), hex(&case.plain)];
        text += &format!("{} {}\n", words.join(" "), hex(&cipher));
    }
    Ok(text)
}

impl Case {
    /// The case of this number: the same on each machine.
    fn of(number: usize) -> Self {
        let mut sample = Sample::new(number as u64);
        let (key, mut iv) = (sample.array(), sample.array());
        // Where counters of 32, 64 and 128 bits are about to be full: here all 128 count.
        let full = [0, 0, 0, 0, 0, 4, 8, 16][number % 8];
        if full > 0 {
            iv[16 - full..].fill(0xff);
            iv[15] = sample.array::<1>()[0] | 0xe0;
        }
        // Mostly short, since emulated CPUs are slow; some longer than any path is wide.
        let longest = match number % 50 {
            0 => 5_000,
            1..=5 => 600,
            _ => 160,
        };
        let offset = sample.below(64);
        let len = sample.below(longest + 1);
        Self { key, iv, offset, plain: sample.bytes(len) }
    }

    /// The cipher text, by OpenSSL.
    fn sealed(&self, openssl: &Path) -> Result<Vec<u8>> {
        let mut child = Command::new(openssl)
            .args(["enc", "-sm4-ctr", "-K", &hex(&self.key), "-iv", &hex(&self.iv)])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        // A pipe holds all of the longest text (64 KiB), so neither side waits for the other.
        let written = child.stdin.take().map(|mut stdin| stdin.write_all(&self.plain));
        let output = child.wait_with_output()?;
        let words = || String::from_utf8_lossy(&output.stderr).into_owned();
        ensure(output.status.success(), || format!("`openssl enc -sm4-ctr` failed: {}", words()))?;
        written.transpose()?;
        ensure(output.stdout.len() == self.plain.len(), || {
            format!("`openssl enc -sm4-ctr` has made {} bytes of {self:?}", output.stdout.len())
        })?;
        Ok(output.stdout)
    }
}

fn hex(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "-".to_owned();
    }
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn cases_are_of_every_kind() {
        let cases: Vec<Case> = (0..CASES).map(Case::of).collect();
        let count = |is: &dyn Fn(&Case) -> bool| cases.iter().filter(|case| is(case)).count();
        let keys: BTreeSet<_> = cases.iter().map(|case| (case.key, case.iv)).collect();
        assert_eq!(keys.len(), CASES);
        let offsets: BTreeSet<_> = cases.iter().map(|case| case.offset % 16).collect();
        assert_eq!(offsets.len(), 16);
        assert!(count(&|case| case.plain.is_empty()) > 0);
        // Two of the widest vectors' groups, and more.
        assert!(count(&|case| case.plain.len() > 2_048) > 50);
        assert!((0..=160).all(|len| cases.iter().any(|case| case.plain.len() == len)));
        // A counter that becomes 0 within the text.
        assert!(count(&|case| case.iv[..15] == [0xff; 15] && case.plain.len() > 512) > 5);
        assert_eq!(Case::of(7), Case::of(7));
    }

    #[test]
    fn openssl_seals_as_the_draft_says() {
        // draft-ribose-cfrg-sm4-10, A.2.5.1, the first two blocks.
        let case = Case {
            key: *b"\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32\x10",
            iv: std::array::from_fn(|at| at as u8),
            offset: 0,
            plain: [[0xaa; 8], [0xbb; 8], [0xcc; 8], [0xdd; 8]].concat(),
        };
        let sealed = case.sealed(Path::new("openssl")).unwrap();
        let want = "ac3236cb970cc20791364c395a1342d1a3cbc1878c6f30cd074cce385cdd70c7";
        assert_eq!(hex(&sealed), want);
        assert_eq!(hex(&[]), "-");
    }
}
