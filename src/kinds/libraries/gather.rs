//! Which libraries the project uses, and which of them are looked up.

use std::collections::BTreeSet;

use crate::event::{Finding, Grade};
use crate::host::{Conclusion, Host};
use crate::kinds::libraries::Libraries;
use crate::kinds::libraries::files::{Reader, folder_of, folders, within};
use crate::parsers::manifests::{
    self, Ecosystem, FORMATS, ManifestFormat, Role, Source, UNREAD, Used, used,
};
use crate::sched::Outcome;
use crate::span::Span;
use crate::spec::Glob;

/// Where the list of the project's technologies is kept.
const STACK: &str = ".session/tracking/stack.txt";

/// The libraries, and what is to be said of how they were found.
#[derive(Debug)]
pub(super) struct Gathered {
    /// Each with what the server calls it.
    pub(super) libraries: Vec<Library>,
    pub(super) findings: Vec<Finding>,
}

/// A library that is to be looked up.
#[derive(Debug)]
pub(super) struct Library {
    pub(super) used: Used,
    /// The name that the server is asked for.
    pub(super) asked: String,
}

/// The libraries that are to be looked up; at least one.
pub(super) async fn gather(node: &Libraries, host: &impl Host) -> Result<Gathered, Conclusion> {
    let mut reader = Reader::new(host);
    for path in manifests(node, host).await? {
        let format = ManifestFormat::of(&path).ok_or_else(|| {
            untold(
                "manifest-unknown",
                format!("`{path}` is no manifest that can be read"),
            )
            .remedy(format!("read are {}", names()))
        })?;
        if format.lock {
            reader.source(&path, format.ecosystem, Role::Locks, format.read)?;
            continue;
        }
        reader
            .manifest(&path, format.ecosystem, format.read)
            .await?;
    }
    if let Some(path) = stack(node, host) {
        reader
            .manifest(path, Ecosystem::Stack, manifests::stack)
            .await?;
    }
    let sources = reader.sources;
    let unread = unread(node, host, &sources);
    if sources.is_empty() {
        let reason = match unread.first() {
            Some(unread) => format!("nothing was checked: {}", unread.message),
            None => "nothing was checked: there is no manifest".to_owned(),
        };
        return Err(untold("no-manifest", reason)
            .remedy(format!("name them in `manifests`; read are {}", names())));
    }
    let mut gathered = choose(node, &sources)?;
    gathered.findings.extend(unread);
    Ok(gathered)
}

/// What is told of files that name libraries or their versions and that can't be read.
fn unread(node: &Libraries, host: &impl Host, sources: &[Source]) -> Vec<Finding> {
    let mut found = BTreeSet::new();
    for source in sources.iter().filter(|source| source.role == Role::Names) {
        for folder in folders(&source.path) {
            let is_in = |path: &str| folder_of(path) == folder;
            let is_lock = |lock: &&Source| {
                lock.role == Role::Locks && lock.ecosystem == source.ecosystem && is_in(&lock.path)
            };
            if sources.iter().any(|lock| is_lock(&lock)) {
                break;
            }
            let rows = UNREAD
                .iter()
                .filter(|(_, ecosystem, is_lock)| *is_lock && *ecosystem == source.ecosystem);
            let paths = rows.map(|(name, ..)| within(folder, name));
            found.extend(paths.filter(|path| host.exists(path)));
        }
    }
    let locks = found.into_iter().map(|path| {
        let message = format!("`{path}` can't be read, so the versions in it were not verified");
        Finding::new("lock-unread", Grade::Low, message).at(&path, None, None)
    });
    let is_default = node.manifests.is_empty() && node.stack.is_none();
    let manifests = UNREAD
        .iter()
        .filter(|(name, _, is_lock)| is_default && !is_lock && host.exists(name));
    let manifests = manifests.map(|(name, ..)| {
        let message = format!("`{name}` can't be read, so its libraries were not looked up");
        Finding::new("manifest-unread", Grade::Medium, message).at(*name, None, None)
    });
    manifests.chain(locks).collect()
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
    if all.is_empty() {
        let read = sources
            .iter()
            .filter(|source| source.role != Role::Surrounds);
        let paths: Vec<_> = read.map(|source| format!("`{}`", source.path)).collect();
        let reason = format!("nothing was checked: {} name no library", paths.join(", "));
        return Err(untold("no-libraries", reason));
    }
    let findings = unmatched(node, &all);
    let is_any = |globs: &[Glob], used: &Used| globs.iter().any(|glob| matches(glob, used));
    let libraries = all.into_iter().filter(|used| {
        (node.only.is_empty() || is_any(&node.only, used)) && !is_any(&node.except, used)
    });
    let libraries: Vec<Library> = libraries
        .map(|used| Library {
            asked: called(node, &used).unwrap_or(&used.name).to_owned(),
            used,
        })
        .collect();
    if libraries.is_empty() {
        let reason = "nothing was checked: `only` and `except` leave no library";
        return Err(untold("no-libraries", reason.to_owned()));
    }
    Ok(Gathered {
        libraries,
        findings,
    })
}

/// What of the node's own words is about no library.
fn unmatched(node: &Libraries, all: &[Used]) -> Vec<Finding> {
    let globs = [("only", &node.only), ("except", &node.except)];
    let globs = globs.iter().flat_map(|(field, globs)| {
        let unmatched = globs
            .iter()
            .filter(|glob| !all.iter().any(|used| matches(glob, used)));
        unmatched.map(move |glob| (*field, glob.text.as_str()))
    });
    let names = node.called.0.iter().map(|(name, _)| name.as_str());
    let names = names.filter(|name| !all.iter().any(|used| is_same(used, name)));
    globs
        .chain(names.map(|name| ("called", name)))
        .map(|(field, text)| {
            let message = format!("`{field} \"{text}\"` matches no library");
            Finding::new("pattern-unmatched", Grade::Medium, message)
        })
        .collect()
}

/// Whether a pattern matches a name, in whichever spelling its ecosystem takes for the same.
fn matches(glob: &Glob, used: &Used) -> bool {
    let key = |text: &str| used.ecosystem.key(text);
    let spelled = || Glob::new(&key(&glob.text), glob.span);
    glob.matches(&used.name) || spelled().is_ok_and(|glob| glob.matches(&key(&used.name)))
}

fn is_same(used: &Used, name: &str) -> bool {
    used.ecosystem.key(&used.name) == used.ecosystem.key(name)
}

/// What the server calls a library, if the node says it.
fn called<'n>(node: &'n Libraries, used: &Used) -> Option<&'n str> {
    let mut names = node.called.0.iter();
    let found = names.find(|(name, _)| is_same(used, name));
    found.map(|(_, called)| called.as_str())
}

fn names() -> String {
    let names: Vec<_> = FORMATS
        .iter()
        .map(|row| format!("`{}`", row.file))
        .collect();
    names.join(", ")
}

pub(super) fn untold(code: &'static str, reason: String) -> Conclusion {
    Conclusion::new(Outcome::Error, code, reason)
}
