//! `table/<tool>/<triple>`: each row of the table against what the tools themselves say.

use gocross_targets::{TARGETS, Target};
use gocross_tests::command::Run;
use gocross_tests::elf;
use gocross_tests::sandbox::Sandbox;
use gocross_tests::tools::{self, Tools};
use gocross_tests::trial::{Result, Trouble, ensure, trial};
use gocross_tests::workshop::Workshop;
use libtest_mimic::Trial;

type Test = fn(&Workshop, &Target) -> Result;

pub(crate) fn trials(workshop: &'static Workshop) -> Vec<Trial> {
    let tests: [(&str, Test); 3] = [("rustc", rustc), ("go", go), ("cc", cc)];
    let of_row = |row: &'static Target| {
        tests.map(|(tool, test)| {
            trial(format!("table/{tool}/{}", row.triple), move || test(workshop, row))
        })
    };
    TARGETS.iter().flat_map(of_row).collect()
}

fn read(workshop: &Workshop, line: &[&str]) -> Result<String> {
    tools::need(workshop, line[0])?;
    let mut run = Run::new(workshop, line);
    Tools::default().equip(workshop, &mut run)?;
    run.read()
}

fn rustc(workshop: &Workshop, row: &Target) -> Result {
    let said = read(workshop, &["rustc", "--print", "cfg", "--target", row.triple])?;
    for (key, value) in [
        ("target_arch", row.rust_arch),
        ("target_endian", row.elf.endian.as_str()),
        ("target_pointer_width", &row.elf.class.bits().to_string()),
        ("target_os", row.go.os),
        ("target_env", row.libc.as_str()),
    ] {
        let line = format!("{key}=\"{value}\"");
        ensure(said.lines().any(|said| said == line), || format!("no `{line}` in\n{said}"))?;
    }
    Ok(())
}

fn go(workshop: &Workshop, row: &Target) -> Result {
    let said = read(workshop, &["go", "tool", "dist", "list", "-json"])?;
    let list: serde_json::Value =
        serde_json::from_str(&said).map_err(|error| Trouble::wrong(error.to_string()))?;
    let entry = list
        .as_array()
        .into_iter()
        .flatten()
        .find(|entry| entry["GOOS"] == row.go.os && entry["GOARCH"] == row.go.arch);
    let entry = entry.ok_or_else(|| Trouble::wrong(format!("Go has no {}", row.go.platform())))?;
    ensure(entry["CgoSupported"] == true, || format!("no cgo for {}: {entry}", row.go.platform()))?;
    let Some((name, value)) = row.go.tuning else { return Ok(()) };
    // Go refuses a value that it does not know.
    let mut run = Run::new(workshop, ["go", "env", name]);
    run.variables
        .extend([("GOARCH", row.go.arch), (name, value)].map(|(k, v)| (k.into(), v.into())));
    Tools::default().equip(workshop, &mut run)?;
    ensure(run.read()?.trim() == value, || format!("`go` does not take {name}={value}"))
}

/// What the row's compiler makes: the one that gocross chooses on this machine.
fn cc(workshop: &Workshop, row: &Target) -> Result {
    let findings = tools::of_target(workshop, row)?;
    let compiler = findings.into_iter().find(|finding| finding.tool == "C compiler");
    let Some(found) = compiler.as_ref().and_then(|finding| finding.found.as_deref()) else {
        return Err(Trouble::Missing(format!("a C compiler for {}", row.triple)));
    };
    let command = found.split('`').nth(1).and_then(shlex::split);
    let command = command.ok_or_else(|| Trouble::wrong(format!("no command in `{found}`")))?;
    let sandbox = Sandbox::new(workshop, &format!("table/cc/{}", row.triple), "")?;
    let [source, object, program] =
        ["a.c", "a.o", "a"].map(|name| sandbox.dir().join(name).display().to_string());
    fs_err::write(&source, "int main(void) { return 0; }\n")?;
    for arguments in [&["-c", &source, "-o", &object][..], &[&source, "-o", &program]] {
        let command = command.iter().map(String::as_str);
        read(workshop, &command.chain(arguments.iter().copied()).collect::<Vec<_>>())?;
    }
    elf::check_header(object.as_ref(), row)?;
    elf::check_header(program.as_ref(), row)?;
    elf::check_interpreter(program.as_ref(), row)
}
