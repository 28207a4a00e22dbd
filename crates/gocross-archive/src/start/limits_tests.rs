//! `limits.c`, compiled and run on prepared files.

use std::path::{Path, PathBuf};

use gocross_toolchain::{Env, run};
use tempfile::TempDir;

/// The program of `limits_tests.c`, and a directory in place of the root.
struct Limits {
    folder: TempDir,
    program: PathBuf,
}

impl Limits {
    fn compiled(defines: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("limits.c", include_str!("limits.c")),
            ("limits_tests.c", include_str!("limits_tests.c")),
        ] {
            fs_err::write(folder.path().join(name), text).unwrap();
        }
        let env = Env::of_process().unwrap().in_dir(folder.path());
        let words = ["limits_tests.c", "-o", "limits", "-O1", "-Wall", "-Wextra", "-Werror"];
        let words = words.iter().chain(defines);
        let output = run(&env, &env.find_program("cc").unwrap(), words, &[]).unwrap();
        assert!(output.success, "{}", output.stderr);
        Self { program: folder.path().join("limits"), folder }
    }

    /// The variables of Go's with these files and in this environment, sorted.
    fn of(&self, files: &[(&str, &str)], environment: &[(&str, &str)]) -> Vec<String> {
        let root = self.folder.path().join("root");
        if root.exists() {
            fs_err::remove_dir_all(&root).unwrap();
        }
        for (path, text) in files {
            let path = root.join(path);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, text).unwrap();
        }
        let env = Env::new(environment.iter().copied(), "/");
        let output = run(&env, &self.program, [&root], &[]).unwrap();
        assert!(output.success, "{files:?}: {}", output.stderr);
        let mut variables: Vec<_> = output.stdout.lines().map(str::to_owned).collect();
        variables.sort();
        variables
    }
}

const CGROUP: &str = "proc/self/cgroup";
const MOUNTS: &str = "proc/self/mountinfo";

const MOUNTED: &str = "\
22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw\n\
26 22 0:22 / /proc rw,nosuid master:3 propagate_from:2 - proc proc rw\n\
29 22 0:25 / /sys/fs/cgroup rw,nosuid,nodev shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";

#[test]
fn the_smallest_limit_on_the_way_to_the_root_counts() {
    let limits = Limits::compiled(&["-DGOCROSS_CPU_LIMIT"]);
    let files = [
        (CGROUP, "0::/pod/app\n"),
        (MOUNTS, MOUNTED),
        ("sys/fs/cgroup/memory.max", "1073741824\n"),
        ("sys/fs/cgroup/pod/memory.max", "536870912\n"),
        ("sys/fs/cgroup/pod/app/memory.max", "max\n"),
        ("sys/fs/cgroup/pod/cpu.max", "350000 100000\n"),
        ("sys/fs/cgroup/pod/app/cpu.max", "max 100000\n"),
        // Those of others.
        ("sys/fs/cgroup/pod/app/deeper/memory.max", "16777216\n"),
        ("sys/fs/memory.max", "16777216\n"),
    ];
    assert_eq!(limits.of(&files, &[]), ["GOMAXPROCS=4", "GOMEMLIMIT=471860KiB"]);
}

#[test]
fn the_environment_and_go_win() {
    let limits = Limits::compiled(&["-DGOCROSS_CPU_LIMIT"]);
    let files = [
        (CGROUP, "0::/\n"),
        (MOUNTS, MOUNTED),
        ("sys/fs/cgroup/memory.max", "536870912\n"),
        ("sys/fs/cgroup/cpu.max", "300000 100000\n"),
    ];
    assert_eq!(limits.of(&files, &[]), ["GOMAXPROCS=3", "GOMEMLIMIT=471860KiB"]);
    let environment = [("GOMEMLIMIT", "off"), ("GOMAXPROCS", "")];
    assert_eq!(limits.of(&files, &environment), ["GOMAXPROCS=", "GOMEMLIMIT=off"]);
    let environment = [("GODEBUG", "gctrace=0,containermaxprocs=1"), ("GOMEMLIMIT", "1GiB")];
    let given = ["GODEBUG=gctrace=0,containermaxprocs=1", "GOMEMLIMIT=1GiB"];
    assert_eq!(limits.of(&files, &environment), given);
    let where_go_does_it = Limits::compiled(&[]);
    assert_eq!(where_go_does_it.of(&files, &[]), ["GOMEMLIMIT=471860KiB"]);
}

#[test]
fn the_manifest_goes_over_the_cgroup_and_below_the_environment() {
    let limits = Limits::compiled(&[
        "-DGOCROSS_CPU_LIMIT",
        "-DGOCROSS_GOMEMLIMIT=\"256MiB\"",
        "-DGOCROSS_GOGC=\"50\"",
        "-DGOCROSS_GOMAXPROCS=\"2\"",
        "-DGOCROSS_GODEBUG=\"a=1,b=2\"",
    ]);
    let files = [
        (CGROUP, "0::/\n"),
        (MOUNTS, MOUNTED),
        ("sys/fs/cgroup/memory.max", "536870912\n"),
        ("sys/fs/cgroup/cpu.max", "300000 100000\n"),
    ];
    let of_manifest = ["GODEBUG=a=1,b=2", "GOGC=50", "GOMAXPROCS=2", "GOMEMLIMIT=256MiB"];
    assert_eq!(limits.of(&files, &[]), of_manifest);
    let environment = [("GODEBUG", "b=3"), ("GOGC", "off"), ("GOGCX", "1")];
    let joined =
        ["GODEBUG=a=1,b=2,b=3", "GOGC=off", "GOGCX=1", "GOMAXPROCS=2", "GOMEMLIMIT=256MiB"];
    assert_eq!(limits.of(&files, &environment), joined);
}

#[test]
fn cgroups_of_version_1_are_read_where_they_have_the_controller() {
    let limits = Limits::compiled(&["-DGOCROSS_CPU_LIMIT"]);
    let mounts = "\
        32 31 0:29 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n\
        33 31 0:30 /docker /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct\n\
        34 31 0:31 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset\n\
        41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n";
    let files = [
        (CGROUP, "0::/\n5:cpuset:/\n4:cpu,cpuacct:/docker/a\n3:memory:/docker/a\n1:name=x:/\n"),
        (MOUNTS, mounts),
        ("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"),
        ("sys/fs/cgroup/memory/docker/memory.limit_in_bytes", "1073741824\n"),
        ("sys/fs/cgroup/memory/docker/a/memory.limit_in_bytes", "536870912\n"),
        ("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n"),
        ("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n"),
        ("sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "250001\n"),
        ("sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "50000\n"),
        ("sys/fs/cgroup/unified/memory.max", "16777216\n"),
        ("sys/fs/cgroup/unified/cpu.max", "100000 100000\n"),
    ];
    assert_eq!(limits.of(&files, &[]), ["GOMAXPROCS=6", "GOMEMLIMIT=471860KiB"]);
    let no_limit = [files[0], files[1], files[2], files[5], files[6]];
    assert_eq!(limits.of(&no_limit, &[]), [""; 0]);
}

#[test]
fn the_cgroup_is_found_below_its_mount_point() {
    let limits = Limits::compiled(&[]);
    let mount = |root: &str, point: &str| format!("29 22 0:25 {root} {point} rw - cgroup2 x rw\n");
    let long = format!("30 22 0:26 / /long rw - overlay o rw,lowerdir={}\n", "a/".repeat(9000));
    let found = ["GOMEMLIMIT=471860KiB"];
    for (cgroup, mounts, path, want) in [
        ("/a/b", mount("/a", "/cg"), "cg/b", &found[..]),
        ("/a", mount("/a", "/cg"), "cg", &found),
        ("/a", mount("/", "/"), "a", &found),
        ("/a", mount("/", "/cg\\040\\134roup"), "cg \\roup/a", &found),
        ("/a\\040b", mount("/", "/cg"), "cg/a\\040b", &found),
        // The first one from which it can be reached.
        ("/a", mount("/b", "/cgb") + &long + &mount("/", "/cg"), "cg/a", &found),
        ("/a", mount("/", "/first") + &mount("/", "/cg"), "cg/a", &[]),
        ("/ab", mount("/a", "/cg"), "cg/b", &[]),
        // Outside of the cgroup namespace, and inside of a directory that only looks so.
        ("/../a", mount("/", "/cg"), "cg/../a", &[]),
        ("/../../a", mount("/../..", "/cg"), "cg/a", &found),
        ("/..a", mount("/", "/cg"), "cg/..a", &found),
        ("/a", mount("/", "/cg\\04"), "cg", &[]),
        ("/a", mount("/", "/cg\\777"), "cg", &[]),
        ("/a", mount("/", "cg"), "cg/a", &[]),
    ] {
        let (cgroup, limit) = (format!("0::{cgroup}\n"), format!("{path}/memory.max"));
        let files = [(CGROUP, cgroup.as_str()), (MOUNTS, &mounts), (&limit, "536870912\n")];
        assert_eq!(limits.of(&files, &[]), want, "{cgroup}{mounts}");
    }
}

#[test]
fn limits_are_rounded_as_go_does_and_never_too_small() {
    let limits = Limits::compiled(&["-DGOCROSS_CPU_LIMIT"]);
    let of = |name: &str, text: &str| {
        let path = format!("sys/fs/cgroup/{name}");
        limits.of(&[(CGROUP, "0::/\n"), (MOUNTS, MOUNTED), (&path, text)], &[]).join(" ")
    };
    for (text, want) in [
        ("50000 100000\n", "GOMAXPROCS=2"),
        ("200000 100000\n", "GOMAXPROCS=2"),
        ("200001 100000\n", "GOMAXPROCS=3"),
        ("1000 1000000\n", "GOMAXPROCS=2"),
        ("6300000 100000\n", "GOMAXPROCS=63"),
        ("6300001 100000\n", ""),
        ("18446744073709551606 1\n", ""),
        ("max 100000\n", ""),
    ] {
        assert_eq!(of("cpu.max", text), want, "{text}");
    }
    for (text, want) in [
        ("9320677\n", "GOMEMLIMIT=8192KiB"),
        ("9319424\n", ""),
        ("0\n", ""),
        ("1099511627776\n", "GOMEMLIMIT=966367642KiB"),
        ("18446744073709551615\n", ""),
    ] {
        assert_eq!(of("memory.max", text), want, "{text}");
    }
}

#[test]
fn files_that_make_no_sense_are_no_limit() {
    let limits = Limits::compiled(&["-DGOCROSS_CPU_LIMIT"]);
    let deep = format!("0::{}\n", "/a".repeat(3000));
    let memory = ("sys/fs/cgroup/memory.max", "536870912\n");
    for cgroup in ["", "\n", "0::/", "0:/\n", "0::a\n", "::\n", "0::\n", "x", &deep, "\0\0\n"] {
        let files = [(CGROUP, cgroup), (MOUNTS, MOUNTED), memory];
        assert_eq!(limits.of(&files, &[]), [""; 0], "{cgroup:?}");
    }
    let words = "29 22 0:25 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
    for length in 0..words.len() - 3 {
        let files = [(CGROUP, "0::/\n"), (MOUNTS, &words[..length]), memory];
        assert_eq!(limits.of(&files, &[]), [""; 0], "{length}");
    }
    for text in ["", "\n", "5", "-1\n", "+536870912\n", "512MiB\n", " 536870912\n", "0x20000000\n"]
    {
        let memory = ("sys/fs/cgroup/memory.max", text);
        let cpu = ("sys/fs/cgroup/cpu.max", text);
        let files = [(CGROUP, "0::/\n"), (MOUNTS, MOUNTED), memory, cpu];
        assert_eq!(limits.of(&files, &[]), [""; 0], "{text:?}");
    }
    for text in ["100000 0\n", "300000\n", "300000 \n", "300000 1000001\n", "300000 100000 1\n"] {
        let files = [(CGROUP, "0::/\n"), (MOUNTS, MOUNTED), ("sys/fs/cgroup/cpu.max", text)];
        assert_eq!(limits.of(&files, &[]), [""; 0], "{text:?}");
    }
    assert_eq!(limits.of(&[("etc/empty", "")], &[]), [""; 0]);
}

#[test]
fn the_start_up_object_compiles_with_the_manifest_s_variables_alone() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in super::START.files {
        fs_err::write(folder.path().join(name), text).unwrap();
    }
    let env = Env::of_process().unwrap().in_dir(folder.path());
    let cc = env.find_program("cc").unwrap();
    let variables = ["-DGOCROSS_GOMEMLIMIT=\"off\"", "-DGOCROSS_GOMAXPROCS=\"2\""];
    for start in ["-DGOCROSS_START=1", "-DGOCROSS_START=2", "-DGOCROSS_START=3"] {
        let words = ["-c", "gocross_start.c", "-Wall", "-Wextra", "-Werror", start];
        let output = run(&env, Path::new(&cc), words.iter().chain(&variables), &[]).unwrap();
        assert!(output.success, "{}", output.stderr);
    }
}
