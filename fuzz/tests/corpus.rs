//! Every file of the corpus once, without libFuzzer.

use std::path::Path;

// One test, since memory is counted for the whole process.
#[test]
fn every_file_of_the_corpus_is_read_within_limits() {
    let targets: [(&str, fn(&[u8])); 3] = [
        ("elf", gocross_fuzz::elf),
        ("archive", gocross_fuzz::archive),
        ("rewrite", gocross_fuzz::rewrite),
    ];
    for (name, target) in targets {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
        let mut files = 0;
        for entry in std::fs::read_dir(&folder).expect("a corpus") {
            let path = entry.expect("a file").path();
            println!("{}", path.display());
            target(&std::fs::read(&path).expect("bytes"));
            files += 1;
        }
        assert!(files >= 10, "{files} files in `{}`", folder.display());
    }
}
