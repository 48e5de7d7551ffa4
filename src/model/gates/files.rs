//! What `git diff --name-status` tells: tests and pipelines that are not there any more.

use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::event::GateChange;
use crate::syntax::Language;

/// A file that is not as it was at the base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Its path at the base; absent if it was not there.
    pub old: Option<String>,
    /// Its path now; absent if it is not there any more.
    pub new: Option<String>,
}

/// Patterns of files that hold tests.
const TESTS: &[&str] = &[
    "**/test_*.py",
    "**/*_test.{py,go,rs,rb,dart,exs}",
    "**/*.{test,spec}.{js,jsx,ts,tsx,mjs,cjs,mts,cts}",
    "**/*{Test,Tests,Spec}.{java,kt,scala,groovy,cs,swift}",
    "**/{test,tests,__tests__,spec}/**/*.{py,js,jsx,ts,tsx,mjs,cjs,mts,cts,rs,go,rb,java,kt,c,cc,cpp,sh}",
];

/// Where pipelines are.
const PIPELINES: &str = "pipelines/";

/// Reads the output of `git diff --name-status -z`.
pub fn file_changes(output: &str) -> Vec<FileChange> {
    let mut words = output.split('\0');
    let mut changes = Vec::new();
    while let (Some(status), Some(path)) = (words.next(), words.next()) {
        let path = path.to_owned();
        let (old, new) = match status.bytes().next() {
            Some(b'A') => (None, Some(path)),
            Some(b'D') => (Some(path), None),
            Some(b'R' | b'C') => (Some(path), words.next().map(str::to_owned)),
            _ => (Some(path.clone()), Some(path)),
        };
        changes.push(FileChange { old, new });
    }
    changes
}

/// What the file of a pipeline was called at the base, as far as the changes tell: it may have been
/// renamed, or written in the other language.
pub fn former_path<'c>(path: &'c str, changes: &'c [FileChange]) -> &'c str {
    let renamed = changes
        .iter()
        .find(|change| change.new.as_deref() == Some(path));
    if let Some(FileChange { old, .. }) = renamed
        && let Some(old) = old
    {
        return old;
    }
    let stem = |path: &'c str| path.rsplit_once('.').map(|(stem, _)| stem);
    let deleted = changes.iter().filter(|change| change.new.is_none());
    deleted
        .filter_map(|change| change.old.as_deref())
        .find(|old| Language::of_path(old).is_some() && stem(old) == stem(path))
        .unwrap_or(path)
}

/// Tests and pipelines that are not there any more, but for `current`, the former path of the
/// pipeline that is run. `arrived` are files that git does not know yet: a file may have moved there.
pub fn lost_files(changes: &[FileChange], current: &str, arrived: &[&str]) -> Vec<GateChange> {
    let tests = tests();
    let name = |path: &str| path.rsplit('/').next().map(str::to_owned);
    let lost = changes.iter().filter_map(|change| {
        let old = change.old.as_deref().filter(|old| *old != current)?;
        let what = kind_of(old, &tests)?;
        let remains = |new: &str| kind_of(new, &tests) == Some(what) && what != "pipeline";
        let now = change.new.as_deref();
        let moved = || {
            arrived
                .iter()
                .any(|path| name(path) == name(old) && remains(path))
        };
        if now == Some(old) || now.map_or_else(moved, remains) {
            return None;
        }
        let message = match now {
            Some(new) => format!("the {what} file `{old}` is `{new}` now"),
            None => format!("the {what} file `{old}` is not there any more"),
        };
        Some(GateChange {
            what: if now.is_some() {
                "file-renamed"
            } else {
                "file-removed"
            }
            .to_owned(),
            node: None,
            message,
            path: Some(now.unwrap_or(old).to_owned()),
            line: None,
        })
    });
    lost.collect()
}

fn kind_of(path: &str, tests: &GlobSet) -> Option<&'static str> {
    let in_pipelines = path.strip_prefix(PIPELINES);
    if in_pipelines.is_some_and(|name| !name.contains('/')) && Language::of_path(path).is_some() {
        return Some("pipeline");
    }
    tests.is_match(path).then_some("test")
}

fn tests() -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for pattern in TESTS {
        set.add(Glob::new(pattern).expect("the table holds patterns"));
    }
    set.build().expect("the table holds few patterns")
}
