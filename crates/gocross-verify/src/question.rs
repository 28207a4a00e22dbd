//! What is asked: files, targets, a policy, and what the user expects.

use std::collections::BTreeMap;

use gocross_elf::{Elf, File, Identity};
use gocross_targets::{GlibcVersion, Spec, Target};

use crate::cpu::Declaration;
use crate::finding::{Finding, Level, Place, lossy};
use crate::policy::Policy;
use crate::rule::Rule;
use crate::rules;

/// Files that belong together, and what they are judged by.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The files.
    pub subjects: &'a [Subject<'a>],
    /// What the systems have on which they are to run; none where nothing is known of them.
    pub policy: Option<&'a Policy>,
    /// How bad a finding of each rule is, where the user has his own mind.
    pub levels: &'a Levels,
    /// What the user expects besides.
    pub expected: &'a Expected,
    /// The CPU paths that the program is to have.
    pub cpu: &'a Declaration,
}

/// A file that is judged.
#[derive(Debug)]
pub struct Subject<'a> {
    /// Its name in findings.
    pub name: String,
    /// Its facts.
    pub file: &'a File<'a>,
    /// What happened to it while it was read, in a phrase such as "was cut short".
    pub changed: Option<String>,
    /// What it is for; none where no row of the table is for its machine.
    pub spec: Option<Spec>,
    /// The system that it would be started on, where one was looked at.
    pub surroundings: Option<Surroundings>,
}

/// What the user expects of what was built; what is not set is not looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// Whether programs are static.
    pub is_static: Option<bool>,
    /// Whether programs and libraries are without symbols.
    pub stripped: Option<bool>,
    /// The C names of the Go functions that are there for others.
    pub exports: Vec<String>,
    /// Whether Go is in it.
    pub go: Option<bool>,
}

/// The levels that the user has set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Levels(BTreeMap<&'static str, Level>);

impl Levels {
    /// Sets the level of a rule; none where there is no such rule.
    pub fn set(&mut self, code: &str, level: Level) -> Option<()> {
        let rule = rules::find(code)?;
        self.0.insert(rule.code, level);
        Some(())
    }

    /// The level that the user has set for a rule.
    #[must_use]
    pub fn of(&self, rule: &Rule) -> Option<Level> {
        self.0.get(rule.code).copied()
    }
}

/// What a program would find on the system where it is started.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The system's folder: `/`, a sysroot or an unpacked image.
    pub root: String,
    /// The program's interpreter.
    pub interpreter: Option<Lookup>,
    /// The libraries, with those that they need in turn.
    pub libraries: Vec<Library>,
}

/// A library, and where it was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Library {
    /// Its name in `DT_NEEDED`.
    pub name: String,
    /// Who needs it: the program, or another library.
    pub needed_by: String,
    /// The places that were looked at, in the loader's order, up to where it was found.
    pub tried: Vec<Lookup>,
}

/// A place that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// The path, as the program would see it.
    pub path: String,
    /// Why it was looked at: `DT_RUNPATH`, `LD_LIBRARY_PATH`.
    pub reason: String,
    /// What is there; none where there is nothing.
    pub found: Option<Found>,
}

/// What is at a place: its ELF header, or none where it is no ELF file.
pub type Found = Option<Identity>;

/// An ELF file, alone or as a member of an archive, with all that it is judged by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Object<'a> {
    pub(crate) question: &'a Question<'a>,
    pub(crate) subject: &'a Subject<'a>,
    pub(crate) member: Option<&'a [u8]>,
    pub(crate) elf: &'a Elf<'a>,
}

/// The ELF files of a subject.
pub(crate) fn objects<'a>(
    question: &'a Question<'a>,
    subject: &'a Subject<'a>,
) -> impl Iterator<Item = Object<'a>> {
    let object = |(member, elf)| Object { question, subject, member, elf };
    subject.file.objects().map(object)
}

impl<'a> Object<'a> {
    /// The row of its target.
    pub(crate) fn row(&self) -> Option<&'static Target> {
        self.subject.row()
    }

    pub(crate) fn policy(&self) -> Option<&'a Policy> {
        self.question.policy
    }

    /// A finding about it.
    pub(crate) fn finding(&self, rule: &Rule, message: impl Into<String>) -> Finding {
        let member = self.member.map(lossy);
        Finding::new(rule, &self.subject.name, message).at(Place { member, ..Place::default() })
    }
}

impl Subject<'_> {
    /// The row of its target.
    #[must_use]
    pub fn row(&self) -> Option<&'static Target> {
        self.spec.map(|spec| spec.target)
    }

    /// The glibc version behind the triple.
    pub(crate) fn glibc(&self) -> Option<GlibcVersion> {
        self.spec.and_then(|spec| spec.glibc)
    }

    /// Whether it goes into a link: an archive or a relocatable object.
    pub(crate) fn is_for_linker(&self) -> bool {
        match self.file {
            File::Archive(_) => true,
            File::Elf(elf) => elf.kind == gocross_elf::Type::Relocatable,
            File::Foreign(_) => false,
        }
    }
}
