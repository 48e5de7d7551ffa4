//! Which libraries a project uses, and in which versions, from all its files.

use std::collections::BTreeMap;

use super::{Ecosystem, FORMATS, Manifest, Pin, Wanted};

/// A file that was read.
#[derive(Debug)]
pub struct Source {
    /// Its path.
    pub path: String,
    /// Whose libraries it names.
    pub ecosystem: Ecosystem,
    /// Whether it only says versions of what others name.
    pub lock: bool,
    /// What it says.
    pub manifest: Manifest,
}

/// A library that the project uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// Its name.
    pub name: String,
    /// The versions that are pinned; none if nothing pins it.
    pub versions: Vec<String>,
    /// Where it is named first.
    pub path: String,
    /// The line there.
    pub line: Option<u64>,
}

/// The libraries of all files by their names; with `transitive`, those too that only lock files name.
pub fn used(sources: &[Source], transitive: bool) -> Vec<Used> {
    let mut found: BTreeMap<(Ecosystem, String), Used> = BTreeMap::new();
    let mut add = |source: &Source, name: &str, versions: Vec<String>, line: Option<u64>| {
        let key = (source.ecosystem, source.ecosystem.key(name));
        let known = found.entry(key).or_insert_with(|| Used {
            name: name.to_owned(),
            versions: Vec::new(),
            path: source.path.clone(),
            line,
        });
        for version in versions {
            if !known.versions.contains(&version) {
                known.versions.push(version);
            }
        }
    };
    for source in sources.iter().filter(|source| !source.lock) {
        let locks = locks(sources, source);
        for declared in &source.manifest.declared {
            let versions = match &declared.wanted {
                Wanted::Exact(version) => vec![version.clone()],
                Wanted::Range(_) | Wanted::Any => pinned(&locks, &declared.name),
            };
            add(source, &declared.name, versions, declared.line);
        }
    }
    if transitive {
        for source in sources {
            for pin in &source.manifest.pins {
                add(source, &pin.name, vec![pin.version.clone()], None);
            }
        }
    }
    found.into_values().collect()
}

/// The lock files that count for a manifest: of its own folder and those above it, the nearest
/// first, and in the order of the table.
fn locks<'s>(sources: &'s [Source], manifest: &Source) -> Vec<&'s Source> {
    let folder = folder(&manifest.path);
    let mut locks: Vec<&Source> = sources
        .iter()
        .filter(|source| source.lock && source.ecosystem == manifest.ecosystem)
        .filter(|source| {
            let above = self::folder(&source.path);
            above.is_empty() || folder == above || folder.starts_with(&format!("{above}/"))
        })
        .collect();
    let rank = |source: &Source| {
        let name = source.path.rsplit('/').next().unwrap_or_default();
        FORMATS
            .iter()
            .position(|format| format.file == name)
            .unwrap_or_default()
    };
    locks.sort_by_key(|lock| {
        (
            std::cmp::Reverse(self::folder(&lock.path).len()),
            rank(lock),
        )
    });
    locks
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The versions of a library in the first lock file that knows it; those that the project asks for
/// itself, where the file tells them apart.
fn pinned(locks: &[&Source], name: &str) -> Vec<String> {
    for lock in locks {
        let key = |name: &str| lock.ecosystem.key(name);
        let of_name = |pin: &&Pin| key(&pin.name) == key(name);
        let pins: Vec<&Pin> = lock.manifest.pins.iter().filter(of_name).collect();
        let direct = pins.iter().any(|pin| pin.direct);
        let chosen = pins.iter().filter(|pin| pin.direct || !direct);
        let versions: Vec<String> = chosen.map(|pin| pin.version.clone()).collect();
        if !versions.is_empty() {
            return versions;
        }
    }
    Vec::new()
}
