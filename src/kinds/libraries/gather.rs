//! Reading what the project says of its libraries.

use std::collections::BTreeSet;
use std::io::ErrorKind;

use crate::event::{Finding, Grade};
use crate::host::{Conclusion, Host};
use crate::kinds::libraries::Libraries;
use crate::parsers::manifests::{
    self, Ecosystem, FORMATS, Manifest, ManifestFormat, Source, Used, Wanted, used,
};
use crate::sched::Outcome;
use crate::span::Span;
use crate::spec::{Glob, normalise};

/// Where the list of the project's technologies is kept.
const STACK: &str = ".session/tracking/stack.txt";

/// The libraries, and what is to be said of how they were found.
#[derive(Debug)]
pub(super) struct Gathered {
    pub(super) libraries: Vec<Used>,
    pub(super) findings: Vec<Finding>,
}

/// The libraries that are to be looked up; at least one.
pub(super) async fn gather(node: &Libraries, host: &impl Host) -> Result<Gathered, Conclusion> {
    let mut reader = Reader {
        host,
        sources: Vec::new(),
        seen: BTreeSet::new(),
    };
    for path in manifests(node, host).await? {
        let format = ManifestFormat::of(&path).ok_or_else(|| {
            untold(
                "manifest-unknown",
                format!("`{path}` is no manifest that can be read"),
            )
            .remedy(format!("read are {}", names()))
        })?;
        reader.read(&path, format.ecosystem, format.lock, format.read)?;
        reader.locks(&path, format.ecosystem)?;
    }
    if let Some(path) = stack(node, host) {
        reader.read(path, Ecosystem::Stack, false, manifests::stack)?;
    }
    if reader.sources.is_empty() {
        let reason = "nothing was checked: there is no manifest";
        return Err(untold("no-manifest", reason.to_owned())
            .remedy(format!("name them in `manifests`; read are {}", names())));
    }
    choose(node, &reader.sources)
}

async fn manifests(node: &Libraries, host: &impl Host) -> Result<Vec<String>, Conclusion> {
    let usual = || {
        let rows = FORMATS
            .iter()
            .filter(|row| !row.lock && row.ecosystem != Ecosystem::Stack);
        rows.filter_map(|row| Glob::new(row.file, Span::default()).ok())
            .collect()
    };
    let globs: Vec<Glob> = match node.manifests.as_slice() {
        [] if node.stack.is_some() => return Ok(Vec::new()),
        [] => usual(),
        named => named.to_vec(),
    };
    let unreadable = |problem| untold("unreadable-file", problem);
    let mut paths = host.list(&globs, &[]).await.map_err(unreadable)?;
    for glob in &node.manifests {
        // One that is named counts even if git ignores it.
        let named = glob.literal().filter(|path| host.exists(path));
        if let Some(path) = named.filter(|path| !paths.iter().any(|known| known == path)) {
            paths.push(path.to_owned());
        }
        if !paths.iter().any(|path| glob.matches(path)) {
            let reason = format!("no manifest matches `{}`", glob.text);
            return Err(untold("no-manifest", reason).remedy("correct the pattern in `manifests`"));
        }
    }
    Ok(paths)
}

fn stack<'n>(node: &'n Libraries, host: &impl Host) -> Option<&'n str> {
    match &node.stack {
        Some(path) => Some(&path.path),
        None => (node.manifests.is_empty() && host.exists(STACK)).then_some(STACK),
    }
}

/// The libraries that the node's patterns leave.
fn choose(node: &Libraries, sources: &[Source]) -> Result<Gathered, Conclusion> {
    let all = used(sources, node.transitive);
    let paths: Vec<_> = sources
        .iter()
        .map(|source| format!("`{}`", source.path))
        .collect();
    if all.is_empty() {
        let reason = format!("nothing was checked: {} name no library", paths.join(", "));
        return Err(untold("no-libraries", reason));
    }
    let is_any = |globs: &[Glob], name: &str| globs.iter().any(|glob| glob.matches(name));
    let unmatched = node
        .only
        .iter()
        .filter(|glob| !all.iter().any(|used| glob.matches(&used.name)));
    let findings = unmatched.map(|glob| {
        let message = format!("`only \"{}\"` matches no library", glob.text);
        Finding::new("pattern-unmatched", Grade::Medium, message)
    });
    let findings = findings.collect();
    let mut libraries = all;
    libraries.retain(|used| {
        (node.only.is_empty() || is_any(&node.only, &used.name))
            && !is_any(&node.except, &used.name)
    });
    if libraries.is_empty() {
        let reason = "nothing was checked: `only` and `except` leave no library";
        return Err(untold("no-libraries", reason.to_owned()));
    }
    Ok(Gathered {
        libraries,
        findings,
    })
}

fn names() -> String {
    let names: Vec<_> = FORMATS
        .iter()
        .map(|row| format!("`{}`", row.file))
        .collect();
    names.join(", ")
}

fn untold(code: &'static str, reason: String) -> Conclusion {
    Conclusion::new(Outcome::Error, code, reason)
}

/// How the text of a file is read.
type Read = fn(&str) -> Result<Manifest, manifests::Problem>;

/// Reads files, each once for what it is read for.
struct Reader<'h, H> {
    host: &'h H,
    sources: Vec<Source>,
    /// Their paths, and whether for versions alone: one requires what another is limited by.
    seen: BTreeSet<(String, bool)>,
}

impl<H: Host> Reader<'_, H> {
    /// Reads a file and those that it includes.
    fn read(
        &mut self,
        path: &str,
        ecosystem: Ecosystem,
        lock: bool,
        read: Read,
    ) -> Result<(), Conclusion> {
        let mut open = vec![(path.to_owned(), lock, read)];
        while let Some((path, lock, read)) = open.pop() {
            if !self.seen.insert((path.clone(), lock)) {
                continue;
            }
            let mut manifest = self.manifest(&path, read)?;
            for include in std::mem::take(&mut manifest.includes) {
                let target = beside(&path, &include.path).ok_or_else(|| {
                    untold(
                        "manifest-unreadable",
                        format!(
                            "{path}:{}: `{}` is outside of the project",
                            include.line, include.path
                        ),
                    )
                })?;
                open.push((target, lock || include.constraints, manifests::requirements));
            }
            if lock {
                pin_declared(&mut manifest);
            }
            self.sources.push(Source {
                path,
                ecosystem,
                lock,
                manifest,
            });
        }
        Ok(())
    }

    fn manifest(&self, path: &str, read: Read) -> Result<Manifest, Conclusion> {
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
                let gap = if folder.is_empty() { "" } else { "/" };
                let path = format!("{folder}{gap}{}", row.file);
                if self.host.exists(&path) {
                    self.read(&path, ecosystem, true, row.read)?;
                }
            }
        }
        Ok(())
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
            });
        }
    }
}

/// A path that counts from the folder of another file; `None` if it leaves the project.
fn beside(path: &str, other: &str) -> Option<String> {
    if other.starts_with('/') {
        return None;
    }
    match path.rsplit_once('/') {
        Some((folder, _)) => normalise(&format!("{folder}/{other}")),
        None => normalise(other),
    }
}

/// The folders that a file is in, the nearest first; that of the project is empty.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    let above = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.len());
    let lengths = std::iter::successors(above(path), move |length| above(&path[..*length]));
    lengths.map(|length| &path[..length]).chain([""])
}
