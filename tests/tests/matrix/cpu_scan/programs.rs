//! `cpu-scan/objdump/<triple>`: a program of Rust and Go, instruction by instruction, against
//! `llvm-objdump`. Each address that one of the two takes for more than the baseline has to be the
//! other's too, with the same feature.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use gocross_elf::Elf;
use gocross_targets::Target;
use gocross_tests::command::Run;
use gocross_tests::rows;
use gocross_tests::scenario::Scenario;
use gocross_tests::tools;
use gocross_tests::trial::{Result, Trouble, ensure, trial};
use gocross_tests::workshop::Workshop;
use gocross_verify::cpu::{Architecture, sites};
use libtest_mimic::Trial;

use crate::rows::program;

/// Older ones do not know all of the vector cryptography.
const PROGRAM: &str = "llvm-objdump-22";

/// The features of the disassembler.
const ATTRIBUTES: [(&str, &str); 2] = [
    ("aarch64-unknown-linux-gnu", "+all"),
    (
        "riscv64gc-unknown-linux-gnu",
        "+v,+zvbb,+zvbc,+zvkned,+zvknhb,+zvkg,+zvksed,+zvksh,+zksed,+zksh,+zkne,+zknd,+zknh,+zba,+zbb,+zbc,+zbs,+zbkb,+zbkx",
    ),
];

pub(super) fn trials(workshop: &'static Workshop) -> Result<Vec<Trial>> {
    let rows = rows::under_test()?.into_iter();
    let one = |target: &'static Target| {
        let (_, attributes) = ATTRIBUTES.iter().find(|(triple, _)| *triple == target.triple)?;
        let name = format!("cpu-scan/objdump/{}", target.triple);
        Some(trial(name.clone(), move || test(workshop, &name, target, attributes)))
    };
    Ok(rows.filter_map(one).collect())
}

fn test(workshop: &Workshop, name: &str, target: &'static Target, attributes: &str) -> Result {
    tools::need(workshop, PROGRAM)?;
    let scenario = Scenario::read(&Workshop::package().join("cpu-scan.toml"))?;
    let sandbox = scenario.play(workshop, name, &[("target", target.triple)])?;
    let program = program(&sandbox, target)?;
    let bytes = fs_err::read(&program)?;
    let elf = Elf::read(&bytes).map_err(|error| Trouble::wrong(error.to_string()))?;
    let ours = ours(&elf, target)?;
    let theirs = theirs(workshop, &program, target, attributes)?;
    ensure(ours.len() >= 20, || format!("only {} instructions above the baseline", ours.len()))?;
    let mut wrong = Vec::new();
    for address in ours.keys().chain(theirs.keys()).collect::<BTreeSet<_>>() {
        let pair = (ours.get(address), theirs.get(address));
        if pair.0 != pair.1 {
            wrong.push(format!("{address:#x}: {:?}, {PROGRAM} says {:?}", pair.0, pair.1));
        }
    }
    ensure(wrong.is_empty(), || wrong.join("\n"))
}

fn ours(elf: &Elf<'_>, target: &Target) -> Result<BTreeMap<u64, String>> {
    let architecture = Architecture::find(target.rust_arch);
    let architecture = architecture.ok_or_else(|| Trouble::wrong("no such architecture"))?;
    let mut found = BTreeMap::new();
    sites(elf, &mut |address, features| {
        found.insert(address, architecture.names_of(features).join(" "));
    });
    Ok(found)
}

/// What the disassembler names, by address, without the constants that instructions load.
fn theirs(
    workshop: &Workshop,
    program: &Path,
    target: &Target,
    attributes: &str,
) -> Result<BTreeMap<u64, String>> {
    let attributes = format!("--mattr={attributes}");
    let mut run = Run::new(workshop, [PROGRAM, "-d", "--no-show-raw-insn", &attributes]);
    run.words.push(program.into());
    let text = run.output()?.stdout;
    let (mut found, mut constants) = (BTreeMap::new(), BTreeSet::new());
    for line in text.lines() {
        let Some((address, rest)) = line.split_once(':') else { continue };
        let Ok(address) = u64::from_str_radix(address.trim(), 16) else { continue };
        let mut words = rest.split_whitespace();
        let Some(mnemonic) = words.next() else { continue };
        let operands = words.collect::<Vec<_>>().join(" ");
        let feature = match target.rust_arch {
            "aarch64" => {
                constants.extend(constant(mnemonic, &operands));
                a64(mnemonic, &operands)
            }
            _ => riscv(mnemonic),
        };
        found.extend(feature.map(|feature| (address, feature.to_owned())));
    }
    found.retain(|address, _| !constants.contains(address));
    Ok(found)
}

/// The words that `ldr x0, 0xd35f0 <f+0x100>` loads.
fn constant(mnemonic: &str, operands: &str) -> Vec<u64> {
    let place = operands.split_once(", 0x");
    let Some((register, rest)) = place.filter(|_| matches!(mnemonic, "ldr" | "ldrsw")) else {
        return Vec::new();
    };
    let digits = rest.split(|letter: char| !letter.is_ascii_hexdigit()).next().unwrap_or_default();
    let Ok(address) = u64::from_str_radix(digits, 16) else { return Vec::new() };
    let words = match register.chars().next() {
        _ if mnemonic == "ldrsw" => 1,
        Some('w' | 's') => 1,
        Some('q') => 4,
        _ => 2,
    };
    (0..words).map(|index| address + 4 * index).collect()
}

/// The feature of an A64 mnemonic (Arm Architecture Reference Manual, C6 and C7).
fn a64(mnemonic: &str, operands: &str) -> Option<&'static str> {
    let first = operands.trim_start_matches('{').trim();
    let mut parts = operands.split([',', '{', '}', ' ']).filter(|part| !part.is_empty());
    // z0.s, p0/m: registers of SVE, and instructions that count or save them.
    let scalable = |part: &str| {
        let mut letters = part.chars();
        matches!(letters.next(), Some('z' | 'p'))
            && letters.next().is_some_and(|digit| digit.is_ascii_digit())
    };
    let counts = [
        "cntb", "cnth", "cntw", "cntd", "rdvl", "addvl", "addpl", "incb", "inch", "incw", "incd",
        "decb", "dech", "decw", "decd", "rdffr", "wrffr", "setffr", "ctermeq", "ctermne",
    ];
    if parts.any(scalable) || counts.contains(&mnemonic) {
        let sm4 = mnemonic.starts_with("sm4");
        return Some(if sm4 { "sve2-sm4" } else { "sve" });
    }
    let atomic = [
        "cas", "ldadd", "ldclr", "ldeor", "ldset", "ldsmax", "ldsmin", "ldumax", "ldumin", "stadd",
        "stclr", "steor", "stset", "stsmax", "stsmin", "stumax", "stumin", "swp",
    ];
    Some(match mnemonic {
        "sm4e" | "sm4ekey" => "sm4",
        "aese" | "aesd" | "aesmc" | "aesimc" => "aes",
        "pmull" | "pmull2" if first.contains(".1q") => "pmull",
        "eor3" | "bcax" | "rax1" | "xar" => "sha3",
        name if name.starts_with("sm3") => "sm3",
        name if name.starts_with("sha1") => "sha1",
        name if name.starts_with("sha256") => "sha2",
        name if name.starts_with("sha512") => "sha512",
        name if name.starts_with("crc32") => "crc",
        name if atomic.iter().any(|start| name.starts_with(start)) => "lse",
        _ => return None,
    })
}

/// The feature of a mnemonic of RISC-V (the manual's volume I, and the vector cryptography).
fn riscv(mnemonic: &str) -> Option<&'static str> {
    const EXACT: &[(&str, &[&str])] = &[
        (
            "zba",
            &[
                "sh1add",
                "sh2add",
                "sh3add",
                "sh1add.uw",
                "sh2add.uw",
                "sh3add.uw",
                "add.uw",
                "slli.uw",
                "zext.w",
            ],
        ),
        (
            "zbb",
            &[
                "clz", "clzw", "ctz", "ctzw", "cpop", "cpopw", "max", "maxu", "min", "minu",
                "sext.b", "sext.h", "orc.b",
            ],
        ),
        (
            "zbb/zbkb",
            &[
                "andn", "orn", "xnor", "rol", "rolw", "ror", "rorw", "rori", "roriw", "rev8",
                "zext.h",
            ],
        ),
        ("zbkb", &["brev8", "pack", "packh", "packw"]),
        ("zbc/zbkc", &["clmul", "clmulh"]),
        ("zbc", &["clmulr"]),
        ("zbkx", &["xperm4", "xperm8"]),
        ("zbs", &["bclr", "bclri", "bext", "bexti", "binv", "binvi", "bset", "bseti"]),
        ("zksed", &["sm4ed", "sm4ks"]),
        ("zksh", &["sm3p0", "sm3p1"]),
        ("zkne", &["aes64es", "aes64esm"]),
        ("zknd", &["aes64ds", "aes64dsm", "aes64im"]),
        ("zknd/zkne", &["aes64ks1i", "aes64ks2"]),
        ("zvkg", &["vghsh.vv", "vgmul.vv"]),
        ("zvksh", &["vsm3me.vv", "vsm3c.vi"]),
    ];
    let exact = EXACT.iter().find(|(_, names)| names.contains(&mnemonic));
    if let Some((feature, _)) = exact {
        return Some(feature);
    }
    let begins = |starts: &[&str]| starts.iter().any(|start| mnemonic.starts_with(start));
    Some(match mnemonic {
        _ if begins(&["sha256", "sha512"]) => "zknh",
        _ if begins(&["vsm4"]) => "zvksed",
        _ if begins(&["vaes"]) => "zvkned",
        _ if begins(&["vsha2"]) => "zvknha/zvknhb",
        _ if begins(&["vclmul"]) => "zvbc",
        _ if begins(&["vandn", "vrev8", "vbrev8", "vrol", "vror"]) => "zvkb",
        _ if begins(&["vbrev.", "vclz.", "vctz.", "vcpop.v", "vwsll"]) => "zvbb",
        _ if begins(&["v"]) => "v",
        _ => return None,
    })
}
