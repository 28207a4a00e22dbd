//! Exports that take and give their values by address, for types that Rust cannot pass by value.
//!
//! Rust has no counterpart of `_Complex`, of bit-fields and of vectors that every psABI passes
//! alike. A C function of two lines reads the arguments from memory and writes the result there;
//! the C compiler that compiled cgo's side compiles this one too, so the two always agree.

use std::path::{Path, PathBuf};

use gocross_diagnostic::{Code, Diagnostic, Result};
use gocross_toolchain::{Env, first_lines, run};

use crate::{Export, Request};

/// What an export's counterpart is called: this before the export's name.
pub const PREFIX: &str = "gocross_by_pointer_";

/// The words of C's types that each psABI passes as Rust passes its own.
const SCALAR_WORDS: &[&str] = &[
    "void", "char", "short", "int", "long", "signed", "unsigned", "float", "double", "_Bool",
    "size_t",
];
/// cgo's types that are structs of words, or words (`cmd/cgo/out.go`).
const GO_TYPES: &[&str] = &[
    "GoInt8",
    "GoUint8",
    "GoInt16",
    "GoUint16",
    "GoInt32",
    "GoUint32",
    "GoInt64",
    "GoUint64",
    "GoInt",
    "GoUint",
    "GoUintptr",
    "GoFloat32",
    "GoFloat64",
    "GoString",
    "GoSlice",
    "GoMap",
    "GoChan",
    "GoInterface",
];

/// A function of cgo's header.
#[derive(Debug, PartialEq, Eq)]
struct Prototype<'a> {
    name: &'a str,
    result: &'a str,
    parameters: Vec<&'a str>,
}

/// The C text for the exports that may need a counterpart, and their names. Whether one is needed
/// is known only when the header was compiled; one too many costs nothing in the program.
pub(crate) fn source(
    header: &str,
    include: &str,
    exports: &[Export],
) -> Option<(String, Vec<String>)> {
    let mut text = format!("#include \"{include}\"\n");
    let mut names = Vec::new();
    for line in header.lines() {
        let Some(prototype) = prototype(line) else { continue };
        let is_export = exports.iter().any(|export| export.name == prototype.name);
        if is_export && !is_plain(&prototype, header) {
            text.push_str(&function(&prototype));
            names.push(prototype.name.to_owned());
        }
    }
    (!names.is_empty()).then_some((text, names))
}

/// Reads `extern TYPE NAME(TYPE name, TYPE name);`, the one form that cgo writes.
fn prototype(line: &str) -> Option<Prototype<'_>> {
    let line = line.strip_prefix("extern ")?.strip_suffix(");")?;
    let (head, parameters) = line.split_once('(')?;
    let (result, name) = typed(head)?;
    let parameters = match parameters {
        "void" | "" => Vec::new(),
        some => some.split(", ").map(|one| Some(typed(one)?.0)).collect::<Option<_>>()?,
    };
    Some(Prototype { name, result, parameters })
}

/// A type and the name behind it.
fn typed(text: &str) -> Option<(&str, &str)> {
    let (kind, name) = text.trim().rsplit_once(' ')?;
    Some((kind.trim(), name))
}

fn is_plain(prototype: &Prototype<'_>, header: &str) -> bool {
    let several = format!("struct {}_return", prototype.name);
    let result = if prototype.result == several {
        fields(header, &several).all(is_plain_type)
    } else {
        is_plain_type(prototype.result)
    };
    result && prototype.parameters.iter().all(|kind| is_plain_type(kind))
}

/// The types of the results of a function with several (`struct Name_return`).
fn fields<'a>(header: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let begin = format!("{name} {{");
    let lines = header.lines().skip_while(move |line| *line != begin).skip(1);
    lines
        .take_while(|line| *line != "};")
        .filter_map(|line| Some(typed(line.split_once(';')?.0)?.0))
}

fn is_plain_type(kind: &str) -> bool {
    kind.ends_with('*')
        || GO_TYPES.contains(&kind)
        || kind.split(' ').all(|word| SCALAR_WORDS.contains(&word))
}

/// Copies byte by byte, as it were: Rust knows nothing of a vector's alignment.
fn function(prototype: &Prototype<'_>) -> String {
    let Prototype { name, result, parameters } = prototype;
    let gives = *result != "void";
    let taken = (0..parameters.len()).map(|at| format!("void *a{at}"));
    let taken: Vec<_> = gives.then(|| "void *r".to_owned()).into_iter().chain(taken).collect();
    let taken = if taken.is_empty() { "void".to_owned() } else { taken.join(", ") };
    let mut body = String::new();
    for (at, kind) in parameters.iter().enumerate() {
        body += &format!("\t{kind} v{at};\n\t__builtin_memcpy(&v{at}, a{at}, sizeof v{at});\n");
    }
    let passed: Vec<_> = (0..parameters.len()).map(|at| format!("v{at}")).collect();
    let call = format!("{name}({})", passed.join(", "));
    body += &match gives {
        true => format!("\t{result} v = {call};\n\t__builtin_memcpy(r, &v, sizeof v);\n"),
        false => format!("\t{call};\n"),
    };
    format!("void {PREFIX}{name}({taken}) {{\n{body}}}\n")
}

/// Compiles the counterparts beside a header. Gives the object and the exports that have one.
///
/// # Errors
///
/// [`Code::CcBroken`], [`Code::Io`].
pub(crate) fn object(
    env: &Env,
    request: &Request<'_>,
    header: &Path,
    exports: &[Export],
    preprocessor: &[String],
) -> Result<Option<(PathBuf, Vec<String>)>> {
    let io = |error: std::io::Error| Box::new(Diagnostic::error(Code::Io, error.to_string()));
    let text = fs_err::read_to_string(header).map_err(io)?;
    let include = header.file_name().unwrap_or_default().to_string_lossy();
    let Some((source, names)) = source(&text, &include, exports) else { return Ok(None) };
    let folder = header.parent().unwrap_or(Path::new("."));
    fs_err::write(folder.join("gocross_by_pointer.c"), source).map_err(io)?;
    // Names without folders, so that the object's bytes do not depend on the place.
    let args = ["-c", "gocross_by_pointer.c", "-o", "gocross_by_pointer.o"];
    let more = ["-O2", "-fPIC", "-g0", "-w", "-fvisibility=hidden"];
    // The preamble of a Go file may include headers that lie beside it.
    let beside = format!("-I{}", request.package.display());
    let (program, own) = (&request.cc.command[0], &request.cc.command[1..]);
    let words = own.iter().map(String::as_str).chain(args).chain(more).chain([beside.as_str()]);
    let words = words.chain(preprocessor.iter().map(String::as_str));
    let failed = |why: &str| {
        let message =
            format!("`{}` cannot compile what cgo's header declares", request.cc.command_line());
        Box::new(Diagnostic::error(Code::CcBroken, message).detail(first_lines(why, 20)))
    };
    let env = env.clone().in_dir(folder);
    match run(&env, Path::new(program), words, &[("LC_ALL", "C".as_ref())]) {
        Ok(output) if output.success => Ok(Some((folder.join("gocross_by_pointer.o"), names))),
        Ok(output) => Err(failed(&output.stderr)),
        Err(error) => Err(failed(&error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exports(names: &[&str]) -> Vec<Export> {
        let export =
            |name: &&str| Export { name: (*name).to_owned(), file: "a.go".into(), line: 1 };
        names.iter().map(export).collect()
    }

    #[test]
    fn what_may_not_be_passed_by_value_has_a_counterpart() {
        let header = "extern size_t _GoStringLen(_GoString_ s);\n\
            extern GoInt Add(GoInt a, GoString b, char* c);\nextern void Stop(void);\n\
            extern long long int L(unsigned int x);\n\
            extern GoComplex128 Mul(GoComplex128 a, double _Complex b);\n\
            extern void Take(struct bits b);\nextern pt Give(void);\n";
        let names = ["Add", "Stop", "L", "Mul", "Take", "Give"];
        let (text, names) = source(header, "liba.h", &exports(&names)).unwrap();
        assert_eq!(names, ["Mul", "Take", "Give"]);
        let expected = "#include \"liba.h\"\n\
            void gocross_by_pointer_Mul(void *r, void *a0, void *a1) {\n\
            \tGoComplex128 v0;\n\t__builtin_memcpy(&v0, a0, sizeof v0);\n\
            \tdouble _Complex v1;\n\t__builtin_memcpy(&v1, a1, sizeof v1);\n\
            \tGoComplex128 v = Mul(v0, v1);\n\t__builtin_memcpy(r, &v, sizeof v);\n}\n\
            void gocross_by_pointer_Take(void *a0) {\n\
            \tstruct bits v0;\n\t__builtin_memcpy(&v0, a0, sizeof v0);\n\tTake(v0);\n}\n\
            void gocross_by_pointer_Give(void *r) {\n\
            \tpt v = Give();\n\t__builtin_memcpy(r, &v, sizeof v);\n}\n";
        assert_eq!(text, expected);
        assert_eq!(source(header, "liba.h", &exports(&["Add"])), None);
    }

    #[test]
    fn several_results_are_looked_into() {
        let several = |kind: &str| {
            format!(
                "struct F_return {{\n\t{kind} r0; /* why */\n\tGoInt r1;\n}};\n\
                 extern struct F_return F(GoInt a);\n"
            )
        };
        assert_eq!(source(&several("GoString"), "a.h", &exports(&["F"])), None);
        assert_eq!(source(&several("char*"), "a.h", &exports(&["F"])), None);
        let (text, _) = source(&several("GoComplex64"), "a.h", &exports(&["F"])).unwrap();
        assert!(text.contains("\tstruct F_return v = F(v0);\n"), "{text}");
    }
}
