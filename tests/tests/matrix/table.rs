//! `table/<tool>/<triple>`: each row of the table against what the tools themselves say.

use gocross_targets::{TARGETS, Target};
use gocross_tests::command::Run;
use gocross_tests::elf;
use gocross_tests::rows;
use gocross_tests::sandbox::Sandbox;
use gocross_tests::tools::{self, Tools};
use gocross_tests::trial::{Result, Trouble, ensure, trial};
use gocross_tests::workshop::Workshop;
use libtest_mimic::Trial;

type Test = fn(&Workshop, &Target) -> Result;

pub(crate) fn trials(workshop: &'static Workshop) -> Result<Vec<Trial>> {
    // rustc and Go know every row without more; the others need the row's tools.
    let every: Vec<_> = TARGETS.iter().collect();
    let under_test = rows::under_test()?;
    let broken = |row: &&Target| row.qemu.godebug.is_some();
    let with_godebug = under_test.iter().copied().filter(broken).collect();
    let tests: [(&str, Test, Vec<&'static Target>); 4] = [
        ("rustc", rustc, every.clone()),
        ("go", go, every),
        ("cc", cc, under_test),
        ("qemu", qemu, with_godebug),
    ];
    let of_tool = |(tool, test, rows): (&'static str, Test, Vec<&'static Target>)| {
        rows.into_iter().map(move |row| {
            trial(format!("table/{tool}/{}", row.triple), move || test(workshop, row))
        })
    };
    Ok(tests.into_iter().flat_map(of_tool).collect())
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

/// That the emulator breaks Go without the row's `GODEBUG` and not with it: shown with a static
/// program of Go's alone. When QEMU is mended, the row need not say it any more.
fn qemu(workshop: &Workshop, row: &Target) -> Result {
    const RUNS: u32 = 20;
    tools::need(workshop, row.qemu.program)?;
    let sandbox = Sandbox::new(workshop, &format!("table/qemu/{}", row.triple), "")?;
    fs_err::write(sandbox.dir().join("go.mod"), "module example.com/busy\n\ngo 1.22\n")?;
    fs_err::write(sandbox.dir().join("main.go"), BUSY)?;
    let mut build = Run::new(workshop, ["go", "build", "-o", "busy", "."]);
    build.dir = sandbox.dir().to_owned();
    let variables = [("GOARCH", row.go.arch), ("CGO_ENABLED", "0"), ("GOOS", row.go.os)];
    build.variables.extend(variables.map(|(name, value)| (name.into(), value.into())));
    Tools::default().equip(workshop, &mut build)?;
    build.read()?;
    // The number of the first run that goes wrong. Some crash, and some hang.
    let first_wrong = |godebug: &str| -> Result<Option<u32>> {
        let setting = format!("GODEBUG={godebug}");
        let line = ["timeout", "30", row.qemu.program, "-E", &setting, "./busy"];
        let mut run = Run::new(workshop, line);
        run.dir = sandbox.dir().to_owned();
        Tools::default().equip(workshop, &mut run)?;
        for number in 1..=RUNS {
            let output = run.output()?;
            if output.status != 0 || output.stdout != "499500\n" {
                return Ok(Some(number));
            }
        }
        Ok(None)
    };
    let godebug = row.qemu.godebug.unwrap_or_default();
    let with = first_wrong(godebug)?;
    ensure(with.is_none(), || format!("with GODEBUG={godebug}, run {with:?} of {RUNS} is wrong"))?;
    ensure(first_wrong("")?.is_some(), || {
        format!("all {RUNS} runs are right without GODEBUG={godebug}: the row need not say it")
    })
}

/// Threads that are stopped by the scheduler's signal, and the collector's stops.
const BUSY: &str = r#"package main

import (
	"fmt"
	"runtime"
)

func main() {
	sums := make(chan int)
	for i := 0; i < 1000; i++ {
		go func(i int) { sums <- i }(i)
	}
	sum := 0
	for i := 0; i < 1000; i++ {
		sum += <-sums
		if i%100 == 0 {
			runtime.GC()
		}
	}
	fmt.Println(sum)
}
"#;
