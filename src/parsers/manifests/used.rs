//! Which libraries a project uses, and in which versions, from all its files.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{Declared, Ecosystem, FORMATS, Manifest, Pin, Shared, Wanted};

/// What a file is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// It names libraries.
    Names,
    /// It says versions of what the manifests in its folder and below name.
    Locks,
    /// It says versions of what those manifests name that name it.
    Constrains,
    /// It only says what is the project's own code, and what a workspace shares.
    Surrounds,
}

/// A file that was read.
#[derive(Debug)]
pub struct Source {
    /// Its path.
    pub path: String,
    /// Whose libraries it names.
    pub ecosystem: Ecosystem,
    /// What it is read for.
    pub role: Role,
    /// What it says.
    pub manifest: Manifest,
    /// Paths of the files that constrain it.
    pub constraints: Vec<String>,
}

/// A library that the project uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// Its name.
    pub name: String,
    /// Whose name that is.
    pub ecosystem: Ecosystem,
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
            ecosystem: source.ecosystem,
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
    let own: BTreeSet<(Ecosystem, String)> = sources.iter().flat_map(own).collect();
    let is_own =
        |source: &Source, name: &str| own.contains(&(source.ecosystem, source.ecosystem.key(name)));
    for source in sources.iter().filter(|source| source.role == Role::Names) {
        let locks = locks(sources, source);
        for declared in &source.manifest.declared {
            let Some((name, wanted)) = resolved(sources, source, declared) else {
                continue;
            };
            if is_own(source, name) {
                continue;
            }
            let versions = match wanted {
                Wanted::Exact(version) => vec![version.clone()],
                _ => pinned(&locks, source, name),
            };
            add(source, name, versions, declared.line);
        }
    }
    if transitive {
        for source in sources
            .iter()
            .filter(|source| source.role != Role::Surrounds)
        {
            let pins = source.manifest.pins.iter();
            for pin in pins.filter(|pin| !is_own(source, &pin.name)) {
                add(source, &pin.name, vec![pin.version.clone()], None);
            }
        }
    }
    found.into_values().collect()
}

/// The names of the project's own code in a file.
fn own(source: &Source) -> impl Iterator<Item = (Ecosystem, String)> {
    let names = source.manifest.own.iter();
    names.map(|name| (source.ecosystem, source.ecosystem.key(name)))
}

/// The name and the version of what a manifest declares; of what it inherits, that of the nearest
/// workspace around it. `None` for the project's own code.
fn resolved<'s>(
    sources: &'s [Source],
    manifest: &'s Source,
    declared: &'s Declared,
) -> Option<(&'s str, &'s Wanted)> {
    if declared.wanted != Wanted::Inherited {
        return Some((&declared.name, &declared.wanted));
    }
    let around = sources.iter().filter(|source| {
        source.ecosystem == manifest.ecosystem
            && source.manifest.members.is_some()
            && below(&manifest.path, &source.path).is_some()
    });
    let nearest = around.max_by_key(|source| folder(&source.path).len());
    match nearest.and_then(|source| source.manifest.shared.get(&declared.name)) {
        Some(Shared::Library(name, wanted)) => Some((name, wanted)),
        Some(Shared::Own) => None,
        None => Some((&declared.name, &Wanted::Any)),
    }
}

/// The files that say versions for a manifest: those that it names, and the lock files of its own
/// folder and of those above it, the nearest first, and in the order of the table.
fn locks<'s>(sources: &'s [Source], manifest: &Source) -> Vec<&'s Source> {
    let named = manifest.constraints.iter().filter_map(|path| {
        let is_it = |source: &&Source| source.role == Role::Constrains && source.path == *path;
        sources.iter().find(is_it)
    });
    let mut locks: Vec<&Source> = sources
        .iter()
        .filter(|source| source.role == Role::Locks && source.ecosystem == manifest.ecosystem)
        .filter(|source| below(&manifest.path, &source.path).is_some())
        .collect();
    let rank = |source: &Source| {
        let name = source.path.rsplit('/').next().unwrap_or_default();
        FORMATS
            .iter()
            .position(|format| format.file == name)
            .unwrap_or_default()
    };
    locks.sort_by_key(|lock| (Reverse(folder(&lock.path).len()), rank(lock)));
    named.chain(locks).collect()
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The folder of a file, relative to that of another; `None` if it is not in that or below it.
fn below<'p>(path: &'p str, other: &str) -> Option<&'p str> {
    let (own, above) = (folder(path), folder(other));
    if above.is_empty() || own == above {
        return own.strip_prefix(above);
    }
    own.strip_prefix(above)?.strip_prefix('/')
}

/// The versions of a library in the first lock file that knows it: those that the project asks for
/// itself, where the file tells them apart, and of these those nearest to the manifest.
fn pinned(locks: &[&Source], manifest: &Source, name: &str) -> Vec<String> {
    for lock in locks {
        let key = |name: &str| lock.ecosystem.key(name);
        let of_name = |pin: &&Pin| key(&pin.name) == key(name);
        let pins: Vec<&Pin> = lock.manifest.pins.iter().filter(of_name).collect();
        let direct = pins.iter().any(|pin| pin.direct);
        let own = below(&manifest.path, &lock.path).unwrap_or_default();
        let is_around = |folder: &str| {
            let rest = own.strip_prefix(folder);
            folder.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let chosen = |pin: &&&Pin| (pin.direct && is_around(&pin.folder)) || !direct;
        let nearest = pins.iter().filter(chosen).map(|pin| pin.folder.len()).max();
        let versions: Vec<String> = pins
            .iter()
            .filter(chosen)
            .filter(|pin| !direct || Some(pin.folder.len()) == nearest)
            .map(|pin| pin.version.clone())
            .collect();
        if !versions.is_empty() {
            return versions;
        }
    }
    Vec::new()
}
