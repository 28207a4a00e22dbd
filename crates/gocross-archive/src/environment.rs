//! The variables under which Go builds.

use gocross_diagnostic::{Code, Diagnostic, Result, hint};
use gocross_toolchain::{Env, cc};

use crate::Request;

/// Variables of the user's that change what Go builds. Go reads them itself; they are
/// listed so that a change of one builds again.
const READ_BY_GO: &[&str] = &[
    "CGO_CFLAGS",
    "CGO_CPPFLAGS",
    "CGO_CXXFLAGS",
    "CGO_LDFLAGS",
    "GO386",
    "GOAMD64",
    "GOARM",
    "GOARM64",
    "GOEXPERIMENT",
    "GOFIPS140",
    "GOFLAGS",
    "GOMIPS",
    "GOMIPS64",
    "GOPATH",
    "GOPPC64",
    "GORISCV64",
    "GOROOT",
    "GOTOOLCHAIN",
    "GOWORK",
];

/// The variables for `go list` and `go build`: target, cgo and C compiler.
///
/// # Errors
///
/// [`Code::CgoDisabled`].
pub(crate) fn variables(env: &Env, request: &Request<'_>) -> Result<Vec<(String, String)>> {
    for name in READ_BY_GO {
        env.var_os(name);
    }
    // Go switches cgo off by itself in a cross build, so it is set here in any case; a
    // user who switched it off wants something that cannot be.
    if env.var("CGO_ENABLED").as_deref() == Some("0") {
        return Err(Box::new(
            Diagnostic::error(Code::CgoDisabled, "cgo is switched off by `CGO_ENABLED=0`")
                .detail("a Go archive is called through cgo and cannot be built without it")
                .hint(hint!("unset CGO_ENABLED")),
        ));
    }
    let go = &request.target.go;
    let c = request.cc.go_command_line().ok_or_else(|| unquotable(request))?;
    let mut variables = vec![
        ("GOOS".to_owned(), go.os.to_owned()),
        ("GOARCH".to_owned(), go.arch.to_owned()),
        ("CGO_ENABLED".to_owned(), "1".to_owned()),
        // `go build` reads `CC`; building Go itself reads `CC_FOR_TARGET`. Scripts that a
        // Go package brings read either.
        ("CC".to_owned(), c.clone()),
        ("CC_FOR_TARGET".to_owned(), c),
        // Go's messages are told to the user as they are.
        ("LC_ALL".to_owned(), "C".to_owned()),
    ];
    if let Some((name, value)) = go.tuning {
        variables.push((name.to_owned(), value.to_owned()));
    }
    // Go's own choice would be the host's `g++` and `gfortran`.
    let none = |language| cc::no_compiler(request.target, language);
    let cxx = request.cc.cxx_command_line().unwrap_or_else(|| none("C++"));
    variables.push(("CXX".to_owned(), cxx));
    let fortran = request.cc.fortran_command_line().unwrap_or_else(|| none("Fortran"));
    variables.push(("FC".to_owned(), fortran));
    if let Some(ar) = &request.cc.ar {
        variables.push(("AR".to_owned(), ar.display().to_string()));
    }
    for (name, value) in request.env {
        let joined = joined(env.var(name).as_deref(), name, value);
        variables.push((name.clone(), joined));
    }
    Ok(variables)
}

/// Go's `CC` cannot hold a path with both kinds of quotes.
fn unquotable(request: &Request<'_>) -> Box<Diagnostic> {
    let command = request.cc.command_line();
    let message = format!("the C compiler `{command}` cannot be named to Go");
    Box::new(
        Diagnostic::error(Code::CcBroken, message)
            .detail("its path holds a `'` and a `\"`, and Go's `CC` knows no escapes")
            .hint(hint!("export GOCROSS_CACHE=/path/without/quotes")),
    )
}

/// The value under which Go sees a variable: ours, or else that of the environment.
pub(crate) fn value(env: &Env, variables: &[(String, String)], name: &str) -> Option<String> {
    let ours = variables.iter().rev().find(|(key, _)| key == name);
    ours.map(|(_, value)| value.clone()).or_else(|| env.var(name))
}

/// A variable of the build script's: lists of flags go before those of the environment, and other
/// variables take their place.
fn joined(of_user: Option<&str>, name: &str, value: &str) -> String {
    let is_list = name == "GOFLAGS" || (name.starts_with("CGO_") && name.ends_with("FLAGS"));
    match of_user {
        Some(of_user) if is_list => format!("{value} {of_user}"),
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn flags_of_the_script_and_of_the_user_both_count() {
        assert_eq!(joined(Some("-O3"), "CGO_CFLAGS", "-DX"), "-DX -O3");
        assert_eq!(joined(Some("-v"), "GOFLAGS", "-mod=mod"), "-mod=mod -v");
        assert_eq!(joined(None, "CGO_CFLAGS", "-DX"), "-DX");
        assert_eq!(joined(Some("old"), "GOEXPERIMENT", "new"), "new");
    }
}
