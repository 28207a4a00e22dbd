//! Facts made by hand, for the rules' own tests.

use gocross_elf::{Dynamic, Elf, File, Identity, Section, Segment, Type};
use gocross_targets::Spec;
use object::write::{Object, StandardSection, Symbol, SymbolSection};
use object::{Architecture, BinaryFormat, Endianness, SymbolFlags, SymbolKind, SymbolScope};

use crate::cpu::Declaration;
use crate::{Expected, Finding, Levels, Policy, Question, Rule, Subject, Surroundings};

pub(crate) const X86_64: &str = "x86_64-unknown-linux-gnu";
pub(crate) const X86_64_MUSL: &str = "x86_64-unknown-linux-musl";
pub(crate) const AARCH64: &str = "aarch64-unknown-linux-gnu";
pub(crate) const MIPSEL: &str = "mipsel-unknown-linux-gnu";
pub(crate) const ARMHF: &str = "armv7-unknown-linux-gnueabihf";

/// A question about one file or several, as a test asks it.
#[derive(Debug)]
pub(crate) struct Asked {
    files: Vec<(String, File<'static>)>,
    target: Option<&'static str>,
    policy: Option<&'static Policy>,
    expected: Expected,
    cpu: Declaration,
    surroundings: Option<Surroundings>,
    changed: Option<String>,
}

/// A question about an ELF file, for x86-64 with glibc.
pub(crate) fn about(elf: Elf<'static>) -> Asked {
    about_files(vec![("file", File::Elf(Box::new(elf)))])
}

/// A question about files that belong together.
pub(crate) fn about_files(files: Vec<(&str, File<'static>)>) -> Asked {
    Asked {
        files: files.into_iter().map(|(name, file)| (name.to_owned(), file)).collect(),
        target: Some(X86_64),
        policy: None,
        expected: Expected::default(),
        cpu: Declaration::default(),
        surroundings: None,
        changed: None,
    }
}

impl Asked {
    pub(crate) fn target(mut self, target: impl Into<Option<&'static str>>) -> Self {
        self.target = target.into();
        self
    }

    pub(crate) fn policy(self, name: &str) -> Self {
        self.under(Policy::find(name).unwrap())
    }

    pub(crate) fn under(mut self, policy: &'static Policy) -> Self {
        self.policy = Some(policy);
        self
    }

    pub(crate) fn expected(mut self, expected: Expected) -> Self {
        self.expected = expected;
        self
    }

    pub(crate) fn declared(mut self, cpu: Declaration) -> Self {
        self.cpu = cpu;
        self
    }

    pub(crate) fn surroundings(mut self, surroundings: Surroundings) -> Self {
        self.surroundings = Some(surroundings);
        self
    }

    pub(crate) fn changed(mut self, how: &str) -> Self {
        self.changed = Some(how.to_owned());
        self
    }

    /// What one rule says.
    pub(crate) fn ask(self, rule: &Rule) -> Vec<Finding> {
        let spec = self.target.map(|triple| Spec::parse(triple).unwrap());
        let subject = |(name, file): &(String, File<'static>)| Subject {
            name: name.clone(),
            file: Box::leak(Box::new(file.clone())),
            changed: self.changed.clone(),
            spec,
            surroundings: self.surroundings.clone(),
        };
        let subjects: Vec<Subject<'_>> = self.files.iter().map(subject).collect();
        let levels = Levels::default();
        crate::ask(
            rule,
            &Question {
                subjects: &subjects,
                policy: self.policy,
                levels: &levels,
                expected: &self.expected,
                cpu: &self.cpu,
            },
        )
    }
}

/// A program for x86-64 with glibc that nobody has anything against.
pub(crate) fn program() -> Elf<'static> {
    let mut elf = Elf::default();
    elf.identity = Identity { is_64: true, machine: 62, e_type: 3, ..Identity::default() };
    elf.kind = Type::PositionIndependentExecutable;
    elf.interpreter = Some(b"/lib64/ld-linux-x86-64.so.2");
    elf.segments = vec![
        Segment { kind: Segment::LOAD, flags: 5, ..Segment::default() },
        Segment { kind: Segment::LOAD, flags: 6, ..Segment::default() },
        Segment { kind: Segment::GNU_STACK, flags: 6, ..Segment::default() },
        Segment { kind: Segment::GNU_RELRO, flags: 4, ..Segment::default() },
    ];
    let mut dynamic = Dynamic::default();
    dynamic.needed = vec![b"libc.so.6"];
    (dynamic.bind_now, dynamic.pie) = (true, true);
    elf.dynamic = Some(dynamic);
    elf.build_id = Some(&[1; 20]);
    elf
}

/// A static program at a fixed address.
pub(crate) fn static_program() -> Elf<'static> {
    let mut elf = program();
    elf.identity.e_type = 2;
    elf.kind = Type::Executable;
    elf.interpreter = None;
    elf.dynamic = None;
    elf
}

/// A library.
pub(crate) fn library() -> Elf<'static> {
    let mut elf = program();
    elf.kind = Type::SharedObject;
    elf.interpreter = None;
    elf
}

/// The same with a section that holds nothing.
pub(crate) fn with_section(
    mut elf: Elf<'static>,
    name: &'static str,
    kind: u32,
    flags: u64,
) -> Elf<'static> {
    elf.sections.push(Section {
        name: name.as_bytes(),
        kind,
        flags,
        size: 8,
        ..Section::default()
    });
    elf
}

/// A relocatable object for x86-64 with symbols: `name` strong, `name?` undefined, `name~` weak.
pub(crate) fn object(symbols: &[&str]) -> Elf<'static> {
    let mut object = Object::new(BinaryFormat::Elf, Architecture::X86_64, Endianness::Little);
    let section = object.section_id(StandardSection::Text);
    object.append_section_data(section, &[0xc3; 16], 16);
    for symbol in symbols {
        let name = symbol.trim_end_matches(['?', '~']);
        object.add_symbol(Symbol {
            name: name.as_bytes().to_vec(),
            value: 0,
            size: 1,
            kind: SymbolKind::Text,
            scope: SymbolScope::Dynamic,
            weak: symbol.ends_with('~'),
            section: if symbol.ends_with('?') {
                SymbolSection::Undefined
            } else {
                SymbolSection::Section(section)
            },
            flags: SymbolFlags::None,
        });
    }
    Elf::read(object.write().unwrap().leak()).unwrap()
}

/// An archive of objects.
pub(crate) fn archive(objects: Vec<(&'static str, Elf<'static>)>) -> File<'static> {
    let objects = objects.into_iter().map(|(name, elf)| (name.as_bytes(), elf)).collect();
    File::Archive(gocross_elf::ArchiveFacts { objects, ..Default::default() })
}

/// A file that the C compiler of this machine makes.
pub(crate) fn compiled(source: &str, arguments: &[&str]) -> Elf<'static> {
    let folder = tempfile::tempdir().unwrap();
    fs_err::write(folder.path().join("a.c"), source).unwrap();
    let output = std::process::Command::new("cc")
        .current_dir(folder.path())
        .args(["a.c", "-o", "a"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Elf::read(fs_err::read(folder.path().join("a")).unwrap().leak()).unwrap()
}

/// The messages of findings, for comparison.
pub(crate) fn messages(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.message.as_str()).collect()
}
