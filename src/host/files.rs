//! Files as a kind sees them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::event::Finding;

/// What identifies the content of a file well enough to see that it was written again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Inode.
    pub inode: u64,
    /// Size in bytes.
    pub size: u64,
    /// Time of the last change of content or inode, in nanoseconds since 1970.
    pub changed: i128,
}

/// Files at one moment: what each was, by its path relative to the root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot(pub BTreeMap<String, FileState>);

/// What a file was at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileState {
    /// What tells whether it was written since.
    pub stamp: Stamp,
    /// A hash of its content.
    pub content: u64,
}

impl Snapshot {
    /// Files whose content differs, that are new or that are gone, in the order of their paths.
    pub fn changed(&self, later: &Snapshot) -> Vec<String> {
        let gone = self.0.keys().filter(|path| !later.0.contains_key(*path));
        let other = later.0.iter().filter(|(path, now)| {
            self.0
                .get(*path)
                .is_none_or(|before| before.content != now.content)
        });
        let mut changed: Vec<String> = gone.chain(other.map(|(path, _)| path)).cloned().collect();
        changed.sort();
        changed
    }
}

/// What differs from the commit that "changed" counts from; uncommitted and untracked files count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// The commit, as its full hash; `None` if nothing is committed yet, so that all is new.
    pub base: Option<String>,
    /// The files, in the order of their paths.
    pub files: Vec<ChangedFile>,
}

/// A file that differs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangedFile {
    /// Its path now, relative to the root; for one that was removed, its path then.
    pub path: String,
    /// Its path then; `None` if it is new.
    pub before: Option<String>,
    /// Whether it is gone.
    pub removed: bool,
    /// Lines that are new or different, from 1; empty for binary files.
    pub added: Vec<std::ops::RangeInclusive<u32>>,
}

/// Looks at one file: its path relative to the root and its content.
pub type FileVisitor = Arc<dyn Fn(&str, &[u8]) -> Vec<Finding> + Send + Sync>;

/// What looking at files came to.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Scan {
    /// How many files matched.
    pub files: usize,
    /// What was found, in the order of paths.
    pub findings: Vec<Finding>,
    /// Files that could not be read, with the reason.
    pub unreadable: Vec<(String, String)>,
}
