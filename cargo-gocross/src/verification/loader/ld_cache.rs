//! `/etc/ld.so.cache`, the list of libraries that `ldconfig` has made (glibc,
//! `sysdeps/generic/dl-cache.h`).

use super::root::Root;

/// How the present format begins; an older one may stand before it.
const MAGIC: &[u8] = b"glibc-ld.so.cache1.1";
/// The bytes of its header, and of an entry.
const HEADER: usize = 48;
const ENTRY: usize = 24;

/// The names and paths of the cache, in its order.
#[derive(Debug, Default)]
pub(super) struct LdCache(Vec<(String, String)>);

impl LdCache {
    /// Reads the cache of a system; an empty one where there is none.
    pub(super) fn read(root: &Root, big_endian: bool) -> Self {
        let bytes = root.read("/etc/ld.so.cache").unwrap_or_default();
        Self::parse(&bytes, big_endian).unwrap_or_default()
    }

    fn parse(bytes: &[u8], big_endian: bool) -> Option<Self> {
        let at = bytes.windows(MAGIC.len()).position(|word| word == MAGIC)?;
        let bytes = &bytes[at..];
        let number = |at: usize| -> Option<usize> {
            let word = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
            let number =
                if big_endian { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) };
            usize::try_from(number).ok()
        };
        let text = |at: usize| -> Option<String> {
            let tail = bytes.get(at..)?;
            let end = tail.iter().take(4096).position(|byte| *byte == 0)?;
            Some(String::from_utf8_lossy(&tail[..end]).into_owned())
        };
        let entries = bytes.len().saturating_sub(HEADER) / ENTRY;
        let count = number(MAGIC.len())?.min(entries);
        let entry = |index: usize| {
            let at = HEADER + index * ENTRY;
            Some((text(number(at + 4)?)?, text(number(at + 8)?)?))
        };
        Some(Self((0..count).filter_map(entry).collect()))
    }

    /// The paths of a library, the best first.
    pub(super) fn paths<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(found, _)| found == name);
        named.map(|(_, path)| path.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cache_with_one_library_and_a_damaged_one() {
        let mut bytes = b"ld.so-1.7.0\0....".to_vec();
        let start = bytes.len();
        bytes.extend(MAGIC);
        bytes.extend(1_u32.to_le_bytes());
        bytes.resize(start + HEADER, 0);
        let text = u32::try_from(HEADER + ENTRY).unwrap();
        for number in [3, text, text + 7, 0, 0, 0] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(b"liba.1\0/lib/liba.1\0");
        let cache = LdCache::parse(&bytes, false).unwrap();
        assert_eq!(cache.paths("liba.1").collect::<Vec<_>>(), ["/lib/liba.1"]);
        for length in 0..bytes.len() {
            LdCache::parse(&bytes[..length], false);
            LdCache::parse(&bytes[..length], true);
        }
    }
}
