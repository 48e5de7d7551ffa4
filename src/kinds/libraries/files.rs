//! Reading the files that say something of libraries: manifests, what they include, the lock files
//! that count for them, and the workspaces that they are in.

use std::collections::{BTreeSet, VecDeque};
use std::io::ErrorKind;

use crate::host::{Conclusion, Host};
use crate::kinds::libraries::gather::untold;
use crate::parsers::manifests::{
    self, Ecosystem, FORMATS, Include, Manifest, ManifestFormat, Role, Source, Wanted,
};
use crate::span::Span;
use crate::spec::{Glob, normalise};

/// How the text of a file is read.
type Read = fn(&str) -> Result<Manifest, manifests::Problem>;

/// Reads files, each once for what it is read for.
pub(super) struct Reader<'h, H> {
    host: &'h H,
    pub(super) sources: Vec<Source>,
}

impl<'h, H: Host> Reader<'h, H> {
    pub(super) fn new(host: &'h H) -> Self {
        Self {
            host,
            sources: Vec::new(),
        }
    }

    /// Reads a manifest and everything that says something of what it names.
    pub(super) async fn manifest(
        &mut self,
        path: &str,
        ecosystem: Ecosystem,
        read: Read,
    ) -> Result<(), Conclusion> {
        self.included(path, ecosystem, read)?;
        self.locks(path, ecosystem)?;
        self.workspace(path, ecosystem).await
    }

    /// Reads a manifest and those that it includes. What constrains one of them constrains all: they
    /// are installed at once.
    fn included(&mut self, path: &str, ecosystem: Ecosystem, read: Read) -> Result<(), Conclusion> {
        let mut open = VecDeque::from([(path.to_owned(), Role::Names, read)]);
        let mut seen: BTreeSet<(String, Role)> = BTreeSet::new();
        while let Some((path, role, read)) = open.pop_front() {
            if !seen.insert((path.clone(), role)) {
                continue;
            }
            let index = self.source(&path, ecosystem, role, read)?;
            for include in &self.sources[index].manifest.includes {
                let target = beside(&path, include)?;
                let role = if include.constraints {
                    Role::Constrains
                } else {
                    role
                };
                open.push_back((target, role, manifests::requirements));
            }
        }
        let is_of = |wanted: Role| move |(_, role): &&(String, Role)| *role == wanted;
        let constraints = seen.iter().filter(is_of(Role::Constrains));
        let constraints: Vec<String> = constraints.map(|(path, _)| path.clone()).collect();
        for (path, _) in seen.iter().filter(is_of(Role::Names)) {
            let mut sources = self.sources.iter_mut();
            let is_it = |source: &&mut Source| source.role == Role::Names && source.path == *path;
            if let Some(source) = sources.find(is_it) {
                source.constraints.extend(constraints.iter().cloned());
            }
        }
        Ok(())
    }

    /// The index of a file, which is read if it was not for that.
    pub(super) fn source(
        &mut self,
        path: &str,
        ecosystem: Ecosystem,
        role: Role,
        read: Read,
    ) -> Result<usize, Conclusion> {
        let is_it = |source: &Source| source.role == role && source.path == path;
        if let Some(index) = self.sources.iter().position(is_it) {
            return Ok(index);
        }
        let mut manifest = self.read(path, read)?;
        if role == Role::Constrains {
            pin_declared(&mut manifest);
        }
        self.sources.push(Source {
            path: path.to_owned(),
            ecosystem,
            role,
            manifest,
            constraints: Vec::new(),
        });
        Ok(self.sources.len() - 1)
    }

    fn read(&self, path: &str, read: Read) -> Result<Manifest, Conclusion> {
        let unreadable = |place: String, reason: &str| {
            let reason = format!("{place}: it can't be understood: {reason}");
            untold("manifest-unreadable", reason)
        };
        let bytes = self.host.read(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => untold("no-manifest", format!("`{path}` is not there")),
            _ => untold(
                "unreadable-file",
                format!("`{path}` can't be read: {error}"),
            ),
        })?;
        let text = String::from_utf8(bytes);
        let text = text.map_err(|_| unreadable(path.to_owned(), "it is no text in UTF-8"))?;
        read(&text).map_err(|problem| {
            let line = problem.line.map(|line| format!(":{line}"));
            unreadable(
                format!("{path}{}", line.unwrap_or_default()),
                &problem.message,
            )
        })
    }

    /// Reads the lock files beside a manifest and in the folders above it.
    fn locks(&mut self, manifest: &str, ecosystem: Ecosystem) -> Result<(), Conclusion> {
        let is_lock = |row: &&ManifestFormat| row.lock && row.ecosystem == ecosystem;
        for folder in folders(manifest) {
            for row in FORMATS.iter().filter(is_lock) {
                let path = within(folder, row.file);
                if self.host.exists(&path) {
                    self.source(&path, ecosystem, Role::Locks, row.read)?;
                }
            }
        }
        Ok(())
    }

    /// Reads the nearest workspace around a manifest, and the names of its members where libraries
    /// and members are told apart by nothing else.
    async fn workspace(&mut self, manifest: &str, ecosystem: Ecosystem) -> Result<(), Conclusion> {
        let shared = [Ecosystem::Cargo, Ecosystem::Npm];
        let is_manifest = |row: &&ManifestFormat| !row.lock && row.ecosystem == ecosystem;
        let row = FORMATS.iter().find(is_manifest);
        let Some(row) = row.filter(|_| shared.contains(&ecosystem)) else {
            return Ok(());
        };
        for folder in folders(manifest) {
            let path = within(folder, row.file);
            if !self.host.exists(&path) {
                continue;
            }
            let index = self.source(&path, ecosystem, Role::Surrounds, row.read)?;
            let Some(members) = self.sources[index].manifest.members.clone() else {
                continue;
            };
            if ecosystem == Ecosystem::Npm {
                for path in self.members(folder, &members, row.file).await? {
                    self.source(&path, ecosystem, Role::Surrounds, row.read)?;
                }
            }
            return Ok(());
        }
        Ok(())
    }

    /// The manifests of the members of a workspace; a pattern with `!` leaves some out.
    async fn members(
        &self,
        folder: &str,
        patterns: &[String],
        file: &str,
    ) -> Result<Vec<String>, Conclusion> {
        let (mut include, mut except) = (Vec::new(), Vec::new());
        for pattern in patterns {
            let (globs, pattern) = match pattern.strip_prefix('!') {
                Some(pattern) => (&mut except, pattern),
                None => (&mut include, pattern.as_str()),
            };
            let path = normalise(&within(folder, pattern)).unwrap_or_default();
            globs.extend(Glob::new(&within(&path, file), Span::default()));
        }
        let files = self.host.list(&include, &except).await;
        files.map_err(|problem| untold("unreadable-file", problem))
    }
}

/// What constraints declare are versions of what others name.
fn pin_declared(manifest: &mut Manifest) {
    for declared in std::mem::take(&mut manifest.declared) {
        if let Wanted::Exact(version) = declared.wanted {
            manifest.pins.push(manifests::Pin {
                name: declared.name,
                version,
                direct: true,
                folder: String::new(),
            });
        }
    }
}

/// The path of a file that another one includes.
fn beside(path: &str, include: &Include) -> Result<String, Conclusion> {
    let inside = !include.path.starts_with('/');
    let target = normalise(&within(folder_of(path), &include.path)).filter(|_| inside);
    target.ok_or_else(|| {
        let (line, other) = (include.line, &include.path);
        let reason = format!("{path}:{line}: `{other}` is outside of the project");
        untold("manifest-unreadable", reason)
    })
}

/// The path of a file in a folder.
pub(super) fn within(folder: &str, file: &str) -> String {
    let gap = if folder.is_empty() { "" } else { "/" };
    format!("{folder}{gap}{file}")
}

/// The folder of a file; that of the project is empty.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The folders that a file is in, the nearest first; that of the project is empty.
pub(super) fn folders(path: &str) -> impl Iterator<Item = &str> {
    let above = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.len());
    let lengths = std::iter::successors(above(path), move |length| above(&path[..*length]));
    lengths.map(|length| &path[..length]).chain([""])
}
