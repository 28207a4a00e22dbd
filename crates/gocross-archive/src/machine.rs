//! Whether an object is for the target, and which compiler made it where it is not.

use gocross_elf::{Elf, Identity, Kind, kind, members};
use gocross_targets::Target;
use gocross_toolchain::mismatch;

/// What a file is instead, where it is for another machine: an ELF file, or an archive by the
/// first of its members that does not fit. None for what fits and for what is neither.
pub(crate) fn of_file(bytes: &[u8], target: &Target) -> Option<String> {
    match kind(bytes).ok()? {
        Kind::Elf(identity) => of_object(&identity, bytes, target),
        Kind::Archive => members(bytes).ok()?.into_iter().find_map(|member| {
            let Ok(Kind::Elf(identity)) = kind(member.data) else { return foreign(member.data) };
            let what = of_object(&identity, member.data, target)?;
            Some(format!("`{}` in it {what}", String::from_utf8_lossy(member.name)))
        }),
        Kind::Foreign(what) => Some(format!("is {what}, want ELF")),
    }
}

/// What an ELF object is instead, where it is for another machine.
pub(crate) fn of_object(identity: &Identity, bytes: &[u8], target: &Target) -> Option<String> {
    let (is, want) = mismatch(identity, target)?;
    let maker = compiler(bytes).map(|maker| format!(", made by {maker}")).unwrap_or_default();
    Some(format!("is {is}, want {want}{maker}"))
}

fn foreign(bytes: &[u8]) -> Option<String> {
    match kind(bytes).ok()? {
        Kind::Foreign(what) => Some(format!("holds {what}, want ELF")),
        _ => None,
    }
}

/// The compiler that made an object, as it says in `.comment`.
pub(crate) fn compiler(bytes: &[u8]) -> Option<String> {
    let elf = Elf::read(bytes).ok()?;
    let section = elf.section(b".comment")?;
    let mut texts = elf.contents(section).split(|byte| *byte == 0).filter(|text| !text.is_empty());
    texts.next().map(|text| String::from_utf8_lossy(text).into_owned())
}
