//! The code generation options in a list of flags for rustc.

/// The options in their order: `target-cpu=x` of `-C target-cpu=x`, `-Ctarget-cpu=x`,
/// `--codegen target-cpu=x` and `--codegen=target-cpu=x`.
pub(crate) fn options<'a>(
    flags: impl IntoIterator<Item = &'a str>,
) -> impl Iterator<Item = &'a str> {
    let mut before = "";
    flags.into_iter().filter_map(move |word| {
        let joined = word.strip_prefix("-C").or_else(|| word.strip_prefix("--codegen="));
        let joined = joined.filter(|option| !option.is_empty());
        let option = joined.or_else(|| matches!(before, "-C" | "--codegen").then_some(word));
        before = word;
        option
    })
}

/// The flags that say for which CPU code is made. `crt-static` is among the features and none of a
/// CPU's.
pub(crate) fn cpu_flags(flags: &[String]) -> Vec<String> {
    let flag = |option: &str| {
        if option.starts_with("target-cpu=") {
            return Some(format!("-C{option}"));
        }
        let features = option.strip_prefix("target-feature=")?.split(',');
        let of_cpu: Vec<_> = features.filter(|feature| !feature.ends_with("crt-static")).collect();
        (!of_cpu.is_empty()).then(|| format!("-Ctarget-feature={}", of_cpu.join(",")))
    };
    options(flags.iter().map(String::as_str)).filter_map(flag).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(flags: &str) -> Vec<String> {
        flags.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn options_are_read_in_each_of_their_spellings() {
        let flags = words("-C a=1 -Cb=2 --codegen c=3 --codegen=d=4 -Dwarnings --cfg C");
        assert!(options(flags.iter().map(String::as_str)).eq(["a=1", "b=2", "c=3", "d=4"]));
    }

    #[test]
    fn only_what_names_a_cpu_decides_std() {
        let flags = words("-C target-cpu=24kc -Ctarget-feature=+crt-static,+dsp -Copt-level=z");
        assert_eq!(cpu_flags(&flags), ["-Ctarget-cpu=24kc", "-Ctarget-feature=+dsp"]);
        assert!(cpu_flags(&words("-Ctarget-feature=-crt-static -Cstrip=symbols")).is_empty());
    }
}
