//! `table/<tool>/<triple>`: each row of the table against what the tools themselves say.

use gocross_targets::{TARGETS, Target};
use gocross_tests::command::{Run, words};
use gocross_tests::elf;
use gocross_tests::sandbox::Sandbox;
use gocross_tests::tools::{Tools, need};
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
    need(workshop, line[0])?;
    let mut run = Run {
        words: words(line),
        dir: workshop.root().to_owned(),
        variables: workshop.variables(),
    };
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
    let entry = list.as_array().into_iter().flatten().find(|entry| {
        entry["GOOS"] == row.go.os && entry["GOARCH"] == row.go.arch
    });
    let entry = entry.ok_or_else(|| Trouble::wrong(format!("Go has no {}", row.go.platform())))?;
    ensure(entry["CgoSupported"] == true, || format!("no cgo for {}: {entry}", row.go.platform()))?;
    let Some((name, value)) = row.go.tuning else { return Ok(()) };
    // Go refuses a value that it does not know.
    let mut run = Run {
        words: words(["go", "env", name]),
        dir: workshop.root().to_owned(),
        variables: workshop.variables(),
    };
    run.variables.extend([("GOARCH", row.go.arch), (name, value)].map(|(k, v)| (k.into(), v.into())));
    Tools::default().equip(workshop, &mut run)?;
    ensure(run.read()?.trim() == value, || format!("`go` does not take {name}={value}"))
}

/// What the row's own GNU compiler makes.
fn cc(workshop: &Workshop, row: &Target) -> Result {
    let compiler = format!("{}-gcc", row.gnu_prefix);
    need(workshop, &compiler)?;
    let sandbox = Sandbox::new(workshop, &format!("table/cc/{}", row.triple))?;
    let [source, object, program] =
        ["a.c", "a.o", "a"].map(|name| sandbox.dir().join(name).display().to_string());
    fs_err::write(&source, "int main(void) { return 0; }\n")?;
    read(workshop, &[&compiler, "-c", &source, "-o", &object])?;
    read(workshop, &[&compiler, &source, "-o", &program])?;
    elf::check_header(object.as_ref(), row)?;
    elf::check_header(program.as_ref(), row)?;
    elf::check_interpreter(program.as_ref(), row)
}
