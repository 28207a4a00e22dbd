//! What the Go in a program knows of CPU features, and what it says of those that it does not.

use gocross_elf::Elf;
use gocross_targets::{Mask, Target, cpu_features_of_go};

/// What `golang.org/x/sys/cpu` says of itself. It reads `GODEBUG=cpu.*` as well, with names of its
/// own. Modules also bring copies of it, by which no module's path tells it (gmsm does).
const SYS: &[u8] = b"GODEBUG sys/cpu: ";

/// The Go of one program, as Go's linker has written it down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GoSide {
    /// The minor release of Go 1; none where the program does not say.
    minor: Option<u32>,
    /// Whether `golang.org/x/sys/cpu`, or a copy, is in it.
    has_sys: bool,
}

impl GoSide {
    /// Reads it from a program.
    pub(crate) fn of(elf: Option<&Elf<'_>>) -> Self {
        let Some((elf, info)) = elf.and_then(|elf| Some((elf, elf.go.first()?))) else {
            return Self { minor: None, has_sys: true };
        };
        Self { minor: minor(info.version), has_sys: elf.mentions(SYS) }
    }

    /// The value of `GODEBUG` that hides a mask's features, behind what the target needs there.
    /// What nobody in the program knows is left out: it would only be complained of.
    pub(crate) fn godebug(
        &self,
        target: &Target,
        mask: &Mask,
        needs: Option<&str>,
    ) -> Option<String> {
        mask.godebug(needs, |name| self.has_sys || self.runtime_knows(target, name))
    }

    /// What Go says to standard error of a mask, each writer of it by itself.
    pub(crate) fn complaints(&self, target: &Target, mask: &Mask) -> Vec<String> {
        if !self.has_sys {
            return Vec::new();
        }
        let line = |who: &str, name: &str| format!("{who}: unknown cpu feature \"{name}\"\n");
        let unknown = mask.go().filter(|name| !self.runtime_knows(target, name));
        let runtime = unknown.map(|name| line("GODEBUG", name)).collect();
        let sys = mask.go().map(|name| line("GODEBUG sys/cpu", name));
        std::iter::once(runtime).chain(sys).collect()
    }

    fn runtime_knows(&self, target: &Target, name: &str) -> bool {
        let knows = |minor| cpu_features_of_go(target.go.arch, minor).any(|known| known == name);
        self.minor.is_none_or(knows)
    }
}

/// The second number of `go1.26.8` or `go1.27rc1`.
fn minor(version: &str) -> Option<u32> {
    let rest = version.strip_prefix("go1.")?;
    let end = rest.find(|digit: char| !digit.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

/// Whether a text holds some words, whole or with letters of one other writer between theirs: two
/// threads that write to one pipe a few letters at a time.
pub(crate) fn holds(text: &str, words: &str, others: &[String]) -> bool {
    let mixed = |noise: &String| is_mixed_in(text.as_bytes(), words.as_bytes(), noise.as_bytes());
    text.contains(words) || others.iter().any(mixed)
}

/// Whether `text` is what two have written at once: `noise`, as far as its writer came, and
/// something with `words` in it.
fn is_mixed_in(text: &[u8], words: &[u8], noise: &[u8]) -> bool {
    let written = text.iter().fold(0, |at, letter| at + usize::from(noise.get(at) == Some(letter)));
    let noise = &noise[..written];
    // `read[k]`: how many letters of `words` may have been read where the first `k` of the noise
    // were, in all the ways to share out the letters so far. Before and behind the words, the other
    // writer's letters are any.
    let mut read = vec![vec![false; words.len() + 1]; noise.len() + 1];
    read[0][0] = true;
    for letter in text {
        // From behind, so that each letter is used once.
        for k in (0..=noise.len()).rev() {
            let of_noise = k.checked_sub(1).filter(|&before| noise[before] == *letter);
            let before = of_noise.map(|before| read[before].clone());
            let now = &mut read[k];
            for n in (1..=words.len()).rev() {
                let goes_on = now[n - 1] && words[n - 1] == *letter;
                now[n] = goes_on || (n == words.len() && now[n]);
            }
            if let Some(before) = before {
                now.iter_mut().zip(before).for_each(|(now, before)| *now |= before);
            }
        }
    }
    read[noise.len()][words.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask() -> &'static Mask {
        let model = gocross_targets::MODELS.iter().find(|model| model.name == "max without AES");
        &model.unwrap().mask
    }

    #[test]
    fn a_program_is_asked_to_hide_what_it_knows() {
        let target = gocross_targets::find("aarch64-unknown-linux-gnu").unwrap();
        let hidden = |minor, has_sys| GoSide { minor, has_sys }.godebug(target, mask(), None);
        let old = "cpu.aes=off,cpu.pmull=off,cpu.sha1=off,cpu.sha2=off,cpu.sha512=off";
        assert_eq!(hidden(Some(24), false).unwrap(), old);
        assert!(hidden(Some(25), false).unwrap().contains("cpu.sha3=off"));
        assert!(hidden(Some(24), true).unwrap().contains("cpu.sm4=off"));
        assert!(hidden(None, false).unwrap().contains("cpu.sm4=off"));
        let arm = gocross_targets::find("armv7-unknown-linux-gnueabihf").unwrap();
        let none = GoSide { minor: Some(26), has_sys: false };
        assert_eq!(none.godebug(arm, mask(), None), None);
        assert!(none.complaints(arm, mask()).is_empty());
        let some = GoSide { minor: Some(26), has_sys: true };
        assert!(
            some.complaints(target, mask())[0].starts_with("GODEBUG: unknown cpu feature \"sm3")
        );
        assert_eq!(
            (minor("go1.26.8"), minor("go1.27rc1"), minor("devel")),
            (Some(26), Some(27), None)
        );
    }

    #[test]
    fn words_are_found_among_the_letters_of_another_writer() {
        let noise = ["GODEBUG: unknown cpu feature \"sm4\"\n".to_owned()];
        assert!(holds("error: path `aese` needs `aes`\n", "`aes`", &noise));
        assert!(!holds("error: path `aese` needs nothing\n", "`aes`", &noise));
        let mixed = "errGODor: neEBUG:eds ` unkaenowsn ` cpu feature \"sm4\"\n";
        assert!(holds(mixed, "`aes`", &noise));
        assert!(!holds(mixed, "`aes`", &[]));
        assert!(!holds(mixed, "`sha`", &noise));
        assert!(!holds("` some other a words e and s `", "`aes`", &noise));
        let whole = format!("{}error: path `aese` is odd\n", noise[0]);
        assert!(!holds(&whole, "`aes`", &noise));
        // The program ended before Go had said all.
        assert!(holds("GODEBerror: needs `aUGes`\n: unk", "`aes`", &noise));
    }
}
