//! What has to hold for any bytes: no panic, no loop without an end, and no more memory than a
//! small multiple of the file.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

use gocross_elf::{Elf, File, Identity, InstructionSet, Region};
use gocross_targets::{Spec, TARGETS, Target};
use gocross_verify::cpu::{Declaration, Path, sites_in};
use gocross_verify::{Expected, Levels, POLICIES, Policy, Question, Subject, infer, verify};

/// Memory for one file: this much, and so many times its size.
const FLOOR: usize = 256 << 10;
const TIMES: usize = 16;

/// Bytes in use, and the most that were.
struct Counting {
    used: AtomicUsize,
    most: AtomicUsize,
}

#[global_allocator]
static MEMORY: Counting = Counting { used: AtomicUsize::new(0), most: AtomicUsize::new(0) };

// SAFETY: everything is left to `System`; only sizes are counted.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let used = self.used.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        self.most.fetch_max(used, Ordering::Relaxed);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        self.used.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(place, layout) }
    }
}

static TABLES: Once = Once::new();

/// The decoders' tables are made once, whatever the file.
fn make_tables() {
    for (machine, is_64) in
        [(3, false), (8, false), (40, false), (62, true), (183, true), (243, true)]
    {
        let identity = Identity { machine, is_64, ..Identity::default() };
        for set in [InstructionSet::Main, InstructionSet::Thumb] {
            let region = Region { section: None, address: 0, bytes: &[0; 64], set };
            sites_in(&identity, &region, &mut |_, _| ());
        }
    }
}

/// Runs `work` on `bytes` and looks at the memory that it took.
fn within_limits(bytes: &[u8], work: impl FnOnce(&[u8])) {
    TABLES.call_once(make_tables);
    let before = MEMORY.used.load(Ordering::Relaxed);
    MEMORY.most.store(before, Ordering::Relaxed);
    work(bytes);
    let took = MEMORY.most.load(Ordering::Relaxed).saturating_sub(before);
    let limit = FLOOR + TIMES * bytes.len();
    assert!(took <= limit, "{took} bytes for a file of {}", bytes.len());
}

/// Reads a file of any kind and judges it: for its own target, for none, and for one and under a
/// policy that its length chooses, since all of them together would take a hundred times as long.
pub fn elf(bytes: &[u8]) {
    within_limits(bytes, |bytes| {
        let Ok(file) = File::read(bytes) else { return };
        let any = &TARGETS[bytes.len() % TARGETS.len()];
        let policy = &POLICIES[bytes.len() % POLICIES.len()];
        file.objects().for_each(|(_, object)| take_apart(object));
        judge(&file, infer(&file), Some(policy));
        judge(&file, Some(any), Some(policy));
        judge(&file, None, None);
    });
}

/// What `size` and `diff` ask for besides.
fn take_apart(elf: &Elf<'_>) {
    let stretches = elf.layout();
    let whole: u64 = stretches.iter().map(|stretch| stretch.range.end - stretch.range.start).sum();
    assert_eq!(whole, elf.size(), "the parts of a file do not add up");
    drop(elf.go_functions());
    // A program has a few sections of them; each may be as long as the file.
    let tables = elf.sections.iter().filter(|section| section.is_relocations()).take(8);
    tables.for_each(|table| assert!(elf.relocations(table).count() as u64 <= elf.size()));
}

fn judge(file: &File<'_>, target: Option<&'static Target>, policy: Option<&Policy>) {
    let spec = target.map(|target| Spec { target, glibc: None });
    let subject = Subject { name: "file".to_owned(), file, changed: None, spec, surroundings: None };
    let expected = Expected {
        is_static: Some(true),
        stripped: Some(true),
        exports: vec!["Exported".to_owned()],
        go: Some(true),
    };
    let question = Question {
        subjects: std::slice::from_ref(&subject),
        policy,
        levels: &Levels::default(),
        expected: &expected,
        cpu: &paths(),
    };
    drop(verify(&question));
}

/// CPU paths that a program of any architecture may have, so that names, callers and tables are
/// looked for.
fn paths() -> Declaration {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let path = |name: &str, needs: &[&str], functions: &[&str]| Path {
        side: "a.go".to_owned(),
        name: name.to_owned(),
        arch: None,
        needs: words(needs),
        functions: words(functions),
    };
    Declaration {
        paths: vec![
            path("all", &["aes", "neon", "v", "msa"], &["*a*", "*b*", "*c*", "*m*"]),
            path("none", &[], &["main"]),
        ],
        ..Declaration::default()
    }
}

/// Reads an archive: the bytes behind its magic, so that no run is wasted on another file.
pub fn archive(bytes: &[u8]) {
    let bytes = [b"!<arch>\n", bytes].concat();
    gocross_elf::members(&bytes).ok();
    gocross_elf::Symbols::read(&bytes).ok();
    elf(&bytes);
}

/// Rewrites an object as Go's are rewritten.
pub fn rewrite(bytes: &[u8]) {
    within_limits(bytes, gocross_archive::fuzz_rewriting);
}
