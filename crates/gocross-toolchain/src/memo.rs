//! Remembers the outcome of a search for as long as the world that it read stays the same.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use gocross_diagnostic::Result;

use crate::env::Trace;
use crate::{Cache, Env};

const KIND: &str = concat!("probe-v5-", env!("CARGO_PKG_VERSION"));

/// A cache of searches: probing a compiler or asking `go env` takes longer than a
/// build in which nothing changed.
///
/// An entry holds the result and the record of what was read for it (variables, stamps
/// of files). It is used only while reading them again gives the same.
#[derive(Debug)]
pub struct Memo<'a> {
    cache: Option<&'a Cache>,
}

#[derive(serde::Deserialize)]
struct Entry<T> {
    trace: Trace,
    value: T,
}

#[derive(Serialize)]
struct EntryRef<'a, T> {
    trace: &'a Trace,
    value: &'a T,
}

impl<'a> Memo<'a> {
    /// A memory in a cache folder.
    #[must_use]
    pub fn new(cache: &'a Cache) -> Self {
        Self { cache: Some(cache) }
    }

    /// No memory: every search is done.
    #[must_use]
    pub fn none() -> Self {
        Self { cache: None }
    }

    /// The result of `search`, from memory where that still holds.
    ///
    /// `key` names the search and everything it was given besides the environment.
    /// A failure is never remembered, and a memory that cannot be read or written only
    /// costs time.
    ///
    /// # Errors
    ///
    /// Those of `search`.
    pub fn get<T: Serialize + DeserializeOwned>(
        &self,
        env: &Env,
        key: &str,
        search: impl FnOnce(&Env) -> Result<T>,
    ) -> Result<T> {
        let Some(cache) = self.cache else {
            return search(env);
        };
        let path = cache.root().join(KIND).join(format!("{}.json", digest(key)));
        if let Ok(bytes) = fs_err::read(&path)
            && let Ok(entry) = serde_json::from_slice::<Entry<T>>(&bytes)
            && env.agrees_with(&entry.trace)
        {
            return Ok(entry.value);
        }
        let (result, trace) = env.record(search);
        let value = result?;
        // Failing to remember is no reason to fail: the value is right.
        if cache.folder(KIND).is_ok() {
            cache.write_json(&path, &EntryRef { trace: &trace, value: &value }).ok();
        }
        Ok(value)
    }
}

/// The first 16 hexadecimal digits of a text's SHA-256: a name for a cache entry.
#[must_use]
pub fn digest(text: &str) -> String {
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use gocross_diagnostic::{Code, Diagnostic};

    use super::*;

    #[test]
    fn a_search_is_done_again_only_when_what_it_read_has_changed() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::at(dir.path());
        let memo = Memo::new(&cache);
        let runs = Cell::new(0);
        let ask = |env: &Env| {
            memo.get(env, "greeting", |env| {
                runs.set(runs.get() + 1);
                Ok(env.var("NAME").unwrap_or_default())
            })
            .unwrap()
        };
        let env = Env::new([("NAME", "a"), ("OTHER", "1")], "/");
        assert_eq!((ask(&env), ask(&env), runs.get()), ("a".into(), "a".into(), 1));
        assert_eq!((ask(&env.clone().with("OTHER", "2")), runs.get()), ("a".into(), 1));
        assert_eq!((ask(&env.with("NAME", "b")), runs.get()), ("b".into(), 2));
    }

    #[test]
    fn a_remembered_search_still_counts_as_read() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::at(dir.path());
        let read = |env: &Env| Memo::new(&cache).get(env, "k", |env| Ok(env.var("NAME")));
        read(&Env::new([("NAME", "a")], "/")).unwrap();
        let env = Env::new([("NAME", "a")], "/");
        read(&env).unwrap();
        assert_eq!(env.trace().vars["NAME"].as_deref(), Some("a"));
    }

    #[test]
    fn failures_and_damaged_entries_are_not_believed() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::at(dir.path());
        let memo = Memo::new(&cache);
        let env = Env::new(Vec::<(String, String)>::new(), "/");
        let failed = memo
            .get::<u8>(&env, "k", |_| Err(Box::new(Diagnostic::error(Code::GoMissing, "no `go`"))));
        assert!(failed.is_err());
        assert_eq!(memo.get(&env, "k", |_| Ok(7)).unwrap(), 7);
        for file in fs_err::read_dir(dir.path().join(KIND)).unwrap() {
            fs_err::write(file.unwrap().path(), b"{\"trace\":").unwrap();
        }
        assert_eq!(memo.get(&env, "k", |_| Ok(8)).unwrap(), 8);
    }
}
