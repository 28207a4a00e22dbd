//! mips: the line `cpu model` of `/proc/cpuinfo`, which no other architecture has.

use super::cpuinfo::{self, Lines};
use super::{Core, Identity, IdentitySource, Numbers};
use crate::Text;

fn of_cpuinfo(lines: &mut Lines<'_>) -> Identity {
    let mut identity = Identity::from(IdentitySource::Cpuinfo);
    lines(&mut |line| {
        if let Some((b"cpu model", value)) = cpuinfo::split(line) {
            let name = Text::new(value);
            identity.add(Core { vendor: Text::EMPTY, name, numbers: Numbers::None });
        }
    });
    identity
}

#[cfg(any(target_arch = "mips", target_arch = "mips64"))]
pub(super) fn look() -> Identity {
    of_cpuinfo(&mut cpuinfo::lines())
}

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};

    use super::*;

    fn of(text: &str) -> String {
        of_cpuinfo(&mut |look| text.lines().for_each(|line| look(line.as_bytes()))).to_string()
    }

    #[test]
    fn a_router() {
        let block = "processor\t\t: 0\ncpu model\t\t: MIPS 1004Kc V2.15\nBogoMIPS\t\t: 586.13\n\
                     ASEs implemented\t: mips16 dsp mt\n";
        let text = String::from("system type\t\t: MediaTek MT7621 ver:1 eco:3\n") + block + block;
        assert_eq!(of(&text), "MIPS 1004Kc V2.15");
    }

    #[test]
    fn the_file_of_an_emulator_s_host_tells_nothing() {
        let text =
            "processor\t: 0\ncpu family\t: 6\nmodel\t\t: 207\nmodel name\t: Intel(R) Xeon(R)\n";
        assert_eq!(of(text), "");
    }
}
