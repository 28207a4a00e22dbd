//! What a program is made of, as `cargo tree` tells it.
//!
//! `cargo metadata` joins the features that tests and build scripts ask for with those of the
//! program; `cargo tree` tells the program's alone.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What cargo is asked for: the packages that are linked, each with its depth, name and features.
pub(super) const QUESTION: &[&str] = &[
    "tree",
    "--edges=no-dev,no-build,no-proc-macro",
    "--prefix=depth",
    "--format=|{p}|{f}",
    "--charset=ascii",
    "--color=never",
];

/// A name and a version.
pub(super) type Key = (String, String);

/// A package that is linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) key: Key,
    /// The features that are enabled.
    pub(super) features: BTreeSet<String>,
    /// The packages over which it comes into the program, on the shortest way: the first is one
    /// that is built, the last is itself.
    pub(super) path: Vec<String>,
}

/// The packages that `cargo tree` names, those that are built first, then by their distance.
pub(super) fn nodes(answer: &str) -> Vec<Node> {
    let mut features: BTreeMap<Key, BTreeSet<String>> = BTreeMap::new();
    let mut edges: BTreeMap<Key, Vec<Key>> = BTreeMap::new();
    let mut roots: Vec<Key> = Vec::new();
    let mut above: Vec<Key> = Vec::new();
    for (depth, key, own) in answer.lines().filter_map(read) {
        features.entry(key.clone()).or_default().extend(own);
        above.truncate(depth);
        match above.last() {
            Some(parent) => edges.entry(parent.clone()).or_default().push(key.clone()),
            None => roots.push(key.clone()),
        }
        above.push(key);
    }
    let mut seen: BTreeSet<Key> = roots.iter().cloned().collect();
    let mut queue: VecDeque<(Key, Vec<String>)> =
        roots.into_iter().map(|root| (root, Vec::new())).collect();
    let mut nodes = Vec::new();
    while let Some((key, mut path)) = queue.pop_front() {
        path.push(key.0.clone());
        for next in edges.remove(&key).unwrap_or_default() {
            if seen.insert(next.clone()) {
                queue.push_back((next, path.clone()));
            }
        }
        let features = features.remove(&key).unwrap_or_default();
        nodes.push(Node { key, features, path });
    }
    nodes
}

/// One line: `2|libc v0.2.1 (/a/path)|default,std (*)`.
fn read(line: &str) -> Option<(usize, Key, Vec<String>)> {
    let (depth, rest) = line.split_once('|')?;
    let (package, features) = rest.rsplit_once('|')?;
    let mut words = package.split_whitespace();
    let key = (words.next()?.to_owned(), words.next()?.strip_prefix('v')?.to_owned());
    // A star says that what is below it stands further up.
    let features = features.trim_end_matches("(*)").trim();
    let features = features.split(',').filter(|feature| !feature.is_empty());
    Some((depth.parse().ok()?, key, features.map(str::to_owned).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "0|app v0.1.0 (/with space|and bar)|default
1|b v1.0.0|std
2|c v1.0.0|
3|libc v0.2.1|default,std
1|libc v0.2.1|default,std

0|tool v0.1.0 (/x)|
1|c v1.0.0|extra (*)
";

    #[test]
    fn the_shortest_way_is_told() {
        let nodes = nodes(ANSWER);
        let path = |name: &str| {
            nodes.iter().find(|node| node.key.0 == name).map(|node| node.path.join(" "))
        };
        assert_eq!(path("libc").as_deref(), Some("app libc"));
        assert_eq!(path("c").as_deref(), Some("tool c"));
        assert_eq!(path("app").as_deref(), Some("app"));
        assert_eq!(nodes.len(), 5);
    }

    #[test]
    fn features_of_all_places_are_joined() {
        let nodes = nodes(ANSWER);
        let c = nodes.iter().find(|node| node.key.0 == "c").unwrap();
        assert_eq!(c.features, BTreeSet::from(["extra".to_owned()]));
    }
}
