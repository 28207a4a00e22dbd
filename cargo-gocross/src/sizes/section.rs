//! Sections whose name says whose they are, whatever symbols are in them.

use gocross_elf::Section;

use super::{Category, Owner};

/// The owner of a whole section; none of code and data, which symbols divide.
pub(crate) fn owner(section: &Section<'_>) -> Option<Owner> {
    let name = String::from_utf8_lossy(section.name);
    if section.is_relocations() || name.starts_with(".relr") {
        return Some(Owner::new(Category::Other, "relocations"));
    }
    let starts: [(&[&str], Category, &str); 9] = [
        (
            &[".debug", ".zdebug", ".gdb_index", ".gnu_debug", ".stab", ".mdebug", ".pdr"],
            Category::Debug,
            "",
        ),
        (&[".gopclntab", ".data.rel.ro.gopclntab"], Category::Go, "(function table)"),
        (&[".go.buildinfo", ".note.go", ".go.fipsinfo"], Category::Go, "(build info)"),
        (
            &[".typelink", ".itablink", ".data.rel.ro.typelink", ".data.rel.ro.itablink"],
            Category::Go,
            "(types)",
        ),
        (&[".gosymtab", ".go.", ".data.rel.ro.gosymtab"], Category::Go, "(tables)"),
        (&[".rustc", ".note.rustc"], Category::Rust, "(metadata)"),
        (
            &[
                ".dyn",
                ".hash",
                ".gnu.hash",
                ".gnu.version",
                ".interp",
                ".got",
                ".plt",
                ".iplt",
                ".MIPS.stubs",
                ".rld_map",
                ".MIPS.xhash",
                ".igot",
                ".reginfo",
            ],
            Category::Other,
            "dynamic linking",
        ),
        (
            &[".eh_frame", ".gcc_except_table", ".ARM.exidx", ".ARM.extab"],
            Category::Other,
            "unwinding",
        ),
        (
            &[
                ".note",
                ".comment",
                ".ARM.attributes",
                ".riscv.attributes",
                ".MIPS.abiflags",
                ".gnu.attributes",
                ".group",
                ".llvm_addrsig",
                ".MIPS.options",
            ],
            Category::Other,
            "notes and attributes",
        ),
    ];
    let symbols = [".symtab", ".strtab", ".shstrtab", ".symtab_shndx"];
    if symbols.contains(&name.as_ref()) {
        return Some(Owner::new(Category::Other, "symbol table"));
    }
    let found =
        starts.iter().find(|(starts, _, _)| starts.iter().any(|start| name.starts_with(start)));
    found.map(|(_, category, part)| {
        let part = if part.is_empty() { &name } else { *part };
        Owner::new(*category, part)
    })
}

/// What the bytes of a section are called that no symbol has.
pub(super) fn without_a_name(section: &Section<'_>) -> String {
    let name = String::from_utf8_lossy(section.name);
    let what = if section.flags & Section::EXECINSTR != 0 { "code" } else { "data" };
    if section.flags & Section::ALLOC == 0 {
        return format!("section {name}");
    }
    // Constants of equal texts are merged, each kind in a section of its own.
    let base = name.strip_prefix('.').unwrap_or(&name);
    let end = [".rodata", ".data.rel.ro", ".text", ".data", ".tdata"]
        .iter()
        .find(|start| name.starts_with(**start));
    format!("{what} without a name in {}", end.copied().unwrap_or(&format!(".{base}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_whole_and_code_is_divided() {
        let section = |name: &'static str| Section { name: name.as_bytes(), ..Section::default() };
        assert_eq!(owner(&section(".text")), None);
        assert_eq!(owner(&section(".rodata")), None);
        let debug = owner(&section(".debug_info")).unwrap();
        assert_eq!((debug.category, debug.part.as_str()), (Category::Debug, ".debug_info"));
        assert_eq!(owner(&section(".gopclntab")).unwrap().category, Category::Go);
        let text = Section { flags: Section::ALLOC | Section::EXECINSTR, ..section(".text.f") };
        assert_eq!(without_a_name(&text), "code without a name in .text");
    }
}
