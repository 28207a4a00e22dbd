//! `cpu-scan/words/<set>`: words with many bits at random, against `llvm-mc`.
//!
//! A word needs a feature where LLVM knows it with the feature, and not without.

use std::collections::{BTreeMap, BTreeSet};

use gocross_elf::{Identity, InstructionSet, Region};
use gocross_tests::command::Run;
use gocross_tests::sandbox::Sandbox;
use gocross_tests::tools;
use gocross_tests::trial::{Result, Trouble, ensure, trial};
use gocross_tests::workshop::Workshop;
use gocross_verify::cpu::{Architecture, sites_in};
use libtest_mimic::Trial;

/// The disassembler; older ones do not know all of the vector cryptography.
const PROGRAM: &str = "llvm-mc-22";
/// How many words are made of each kind.
const EACH: usize = 6000;

/// An instruction set, and what LLVM calls its features.
struct Set {
    name: &'static str,
    arch: &'static str,
    triple: &'static str,
    machine: u8,
    is_64: bool,
    thumb: bool,
    /// What every word is compared with.
    base: &'static str,
    /// LLVM's names of a feature, and ours of the same; whether no bit is left undefined.
    features: &'static [(&'static str, &'static [&'static str], bool)],
    /// Fixed bits, and those that are at random.
    kinds: &'static [(u32, u32)],
}

const SETS: &[Set] = &[
    Set {
        name: "a64",
        arch: "aarch64",
        triple: "aarch64-linux-gnu",
        machine: 183,
        is_64: true,
        thumb: false,
        base: "+neon,+fullfp16",
        features: &[
            ("+aes", &["aes", "pmull"], true),
            ("+sha2", &["sha1", "sha2"], true),
            ("+sha3", &["sha1", "sha2", "sha3", "sha512"], true),
            ("+sm4", &["sm3", "sm4"], true),
            ("+crc", &["crc"], true),
            ("+lse", &["lse"], false),
            ("+sve2,+sve2-sm4", &["sve", "sve2-sm4", "sm3", "sm4"], false),
        ],
        kinds: &[
            (0, u32::MAX),
            (0xce00_0000, 0x00ff_ffff),
            (0xcec0_8000, 0x0000_0fff),
            (0x5e00_0000, 0x00ff_ffff),
            (0x5e28_0000, 0x0000_7fff),
            (0x4e28_4800, 0x0001_37ff),
            (0x0ee0_e000, 0x401f_1fff),
            (0x4520_e000, 0x001f_1fff),
            (0x0400_0000, 0xe1ff_ffff),
            (0x0820_7c00, 0xc1df_83ff),
            (0x3820_0000, 0xc0df_ffff),
            (0x1ac0_4000, 0x801f_3fff),
        ],
    },
    Set {
        name: "riscv64",
        arch: "riscv64",
        triple: "riscv64-linux-gnu",
        machine: 243,
        is_64: true,
        thumb: false,
        base: "+m,+a,+f,+d,+c",
        features: &[
            ("+zksed", &["zksed"], true),
            ("+zksh", &["zksh"], true),
            ("+zknd", &["zknd", "zknd/zkne"], true),
            ("+zkne", &["zkne", "zknd/zkne"], true),
            ("+zknh", &["zknh"], true),
            ("+zba", &["zba"], true),
            ("+zbb", &["zbb", "zbb/zbkb"], true),
            ("+zbc", &["zbc", "zbc/zbkc"], true),
            ("+zbs", &["zbs"], true),
            ("+zbkb", &["zbkb", "zbb/zbkb"], false),
            ("+zbkx", &["zbkx"], true),
            ("+v", &["v"], false),
            ("+v,+zvbb", &["v", "zvbb", "zvkb"], false),
            ("+v,+zvkb", &["v", "zvkb"], false),
            ("+v,+zvbc", &["v", "zvbc"], false),
            ("+v,+zvkg", &["v", "zvkg"], false),
            ("+v,+zvkned", &["v", "zvkned"], false),
            ("+v,+zvknhb", &["v", "zvknha/zvknhb"], false),
            ("+v,+zvksed", &["v", "zvksed"], false),
            ("+v,+zvksh", &["v", "zvksh"], false),
        ],
        kinds: &[
            (3, 0xffff_fffc),
            (0x33, 0xffff_ff80),
            (0x0000_0033, 0x7fff_ff80),
            (0x3b, 0xffff_ff80),
            (0x0800_003b, 0x61ff_ff80),
            (0x1000_1013, 0x00ff_8f80),
            (0x3000_1013, 0x01ff_8f80),
            (0x6000_1013, 0x01ff_8f80),
            (0x6000_101b, 0x007f_8f80),
            (0x6000_501b, 0x01ff_8f80),
            (0x0800_101b, 0x03ff_8f80),
            (0x2870_5013, 0x000f_8f80),
            (0x6870_5013, 0x000f_8f80),
            (0x6b80_5013, 0x000f_8f80),
            (0x0000_5013, 0xffff_8f80),
            (0x2000_1013, 0x4bff_cf80),
            (0x57, 0xffff_ff80),
            (0x4800_2057, 0x03ff_cf80),
            (0x77, 0xffff_ff80),
            (0xa200_2077, 0x05ff_8f80),
            (0x8200_2077, 0x3dff_8f80),
            (0x07, 0xffff_ff80),
            (0x27, 0xffff_ff80),
        ],
    },
    Set {
        name: "a32",
        arch: "arm",
        triple: "armv8a-linux-gnueabihf",
        machine: 40,
        is_64: false,
        thumb: false,
        base: "+vfp4,+fp-armv8,-neon",
        features: &[("+neon,+aes,+sha2", &["neon", "aes", "sha1", "sha2"], false)],
        kinds: &[
            (0, u32::MAX),
            (0xf200_0000, 0x01ff_ffff),
            (0xf3b0_0300, 0x004f_f0ff),
            (0xf400_0000, 0x00ff_ffff),
            (0xee00_0b10, 0x00ff_f0e0),
        ],
    },
    Set {
        name: "t32",
        arch: "arm",
        triple: "thumbv8a-linux-gnueabihf",
        machine: 40,
        is_64: false,
        thumb: true,
        base: "+vfp4,+fp-armv8,-neon",
        features: &[("+neon,+aes,+sha2", &["neon", "aes", "sha1", "sha2"], false)],
        kinds: &[
            (0xe800_0000, 0x17ff_ffff),
            (0xef00_0000, 0x10ff_ffff),
            (0xffb0_0300, 0x004f_f0ff),
            (0xf900_0000, 0x00ff_ffff),
            (0xee00_0b10, 0x00ff_f0e0),
        ],
    },
    Set {
        name: "mips",
        arch: "mips",
        triple: "mipsel-linux-gnu",
        machine: 8,
        is_64: false,
        thumb: false,
        base: "+mips32r5,+fp64",
        features: &[("+msa", &["msa"], false), ("+dspr2", &["dsp"], false)],
        kinds: &[
            (0, u32::MAX),
            (0x7800_0000, 0x03ff_ffff),
            (0x4400_0000, 0x03ff_ffff),
            (0x7c00_0000, 0x03ff_ffff),
        ],
    },
];

pub(super) fn trials(workshop: &'static Workshop) -> Vec<Trial> {
    let one = |set: &'static Set| {
        let name = format!("cpu-scan/words/{}", set.name);
        trial(name.clone(), move || test(workshop, &name, set))
    };
    SETS.iter().map(one).collect()
}

fn test(workshop: &Workshop, name: &str, set: &Set) -> Result {
    tools::need(workshop, PROGRAM)?;
    let sandbox = Sandbox::new(workshop, name, "")?;
    let words = words(set);
    let mut text = String::new();
    for word in &words {
        let bytes = bytes(set, *word).map(|byte| format!("{byte:#04x}"));
        // In brackets, because what is no instruction must not move those behind it.
        text.push_str(&format!("[{}]\n", bytes.join(" ")));
    }
    fs_err::write(sandbox.dir().join("words"), text)?;
    let ours = ours(set, &words)?;
    let plain = known(workshop, &sandbox, (set, &words), "")?;
    let wrong: Vec<_> = ours.keys().filter(|word| plain.contains(word)).collect();
    ensure(wrong.is_empty(), || format!("for every CPU, and taken for more: {wrong:x?}"))?;
    for (theirs, names, exact) in set.features {
        let with = known(workshop, &sandbox, (set, &words), theirs)?;
        let with: BTreeSet<u32> = with.difference(&plain).copied().collect();
        let of_ours = |(word, feature): (&u32, &&str)| names.contains(feature).then_some(*word);
        let of_ours: BTreeSet<u32> = ours.iter().filter_map(of_ours).collect();
        ensure(with.len() > 20, || format!("{theirs}: only {} words", with.len()))?;
        let missed: Vec<_> = with.difference(&of_ours).collect();
        ensure(missed.is_empty(), || format!("{theirs}: not seen: {missed:x?}"))?;
        let more: Vec<_> = of_ours.difference(&with).collect();
        ensure(!exact || more.is_empty(), || format!("{theirs}: there is none in {more:x?}"))?;
    }
    Ok(())
}

/// Numbers without a pattern, the same in each run (Steele, Lea and Flood, "SplitMix").
fn words(set: &Set) -> Vec<u32> {
    let mut state = 7_u64;
    let mut next = move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let word = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (word >> 31) as u32
    };
    let mut words = Vec::new();
    for (fixed, free) in set.kinds {
        words.extend((0..EACH).map(|_| fixed | next() & free));
    }
    // What would load another word from here makes that one a constant.
    let loads = |word: &u32| match set.arch {
        "aarch64" => word & 0x3b00_0000 == 0x1800_0000,
        "arm" => word & 0x0f7f_0000 == 0x051f_0000 || word & 0x0f3f_0e00 == 0x0d1f_0a00,
        _ => false,
    };
    words.retain(|word| set.thumb || !loads(word));
    words
}

fn bytes(set: &Set, word: u32) -> [u8; 4] {
    let [a, b, c, d] = word.to_le_bytes();
    if set.thumb { [c, d, a, b] } else { [a, b, c, d] }
}

/// What the scan says of each word.
fn ours(set: &Set, words: &[u32]) -> Result<BTreeMap<u32, &'static str>> {
    // `add v0.4s, v0.4s, v0.4s` stands between, because some A64 need company.
    let filler = (set.arch == "aarch64").then_some(0x4ea0_8400_u32);
    let mut code = Vec::new();
    for word in words {
        code.extend(bytes(set, *word));
        code.extend(filler.into_iter().flat_map(u32::to_le_bytes));
    }
    let step = if filler.is_some() { 8 } else { 4 };
    let identity = Identity {
        machine: set.machine.into(),
        is_64: set.is_64,
        e_type: 2,
        ..Identity::default()
    };
    let instructions = if set.thumb { InstructionSet::Thumb } else { InstructionSet::Main };
    let region = Region { section: None, address: 0, bytes: &code, set: instructions };
    let architecture = Architecture::find(set.arch);
    let architecture = architecture.ok_or_else(|| Trouble::wrong("no such architecture"))?;
    let mut found = BTreeMap::new();
    sites_in(&identity, &region, &mut |at, features| {
        let word = words[at as usize / step];
        found.extend(architecture.names_of(features).first().map(|name| (word, *name)));
    });
    Ok(found)
}

/// The words that LLVM knows.
fn known(
    workshop: &Workshop,
    sandbox: &Sandbox,
    (set, words): (&Set, &[u32]),
    features: &str,
) -> Result<BTreeSet<u32>> {
    let attributes =
        if features.is_empty() { set.base.to_owned() } else { format!("{},{features}", set.base) };
    let line = format!(
        "{PROGRAM} --disassemble --show-encoding --triple={} --mattr={attributes} words \
         2> /dev/null",
        set.triple
    );
    let mut run = Run::new(workshop, ["sh", "-c", &line]);
    sandbox.dir().clone_into(&mut run.dir);
    let output = run.output()?;
    let word = |line: &str| {
        let (_, rest) = line.split_once("encoding: [")?;
        let (list, _) = rest.split_once(']')?;
        let byte = |text: &str| u8::from_str_radix(text.trim().strip_prefix("0x")?, 16).ok();
        let bytes: Vec<u8> = list.split(',').map(byte).collect::<Option<_>>()?;
        let bytes: [u8; 4] = bytes.try_into().ok()?;
        let [a, b, c, d] = bytes;
        Some(u32::from_le_bytes(if set.thumb { [c, d, a, b] } else { bytes }))
    };
    // What is written with other bits in fields without a meaning is another word.
    let known: BTreeSet<u32> = output.stdout.lines().filter_map(word).collect();
    Ok(words.iter().copied().filter(|word| known.contains(word)).collect())
}
