//! What the run knows of the project's repository: asked for once, then answered from memory.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::changes;
use super::git::Git;
use crate::host::Changes;

/// The repository of a project. Every error says why something can't be told.
#[derive(Debug)]
pub struct Repository {
    git: Git,
    root: std::path::PathBuf,
    wanted_base: Option<String>,
    base: OnceLock<Result<Option<String>, String>>,
    paths: OnceLock<Result<Vec<String>, String>>,
    changes: OnceLock<Result<Arc<Changes>, String>>,
    branch: OnceLock<Result<String, String>>,
}

impl Repository {
    /// The repository that `root` is in; `base` is the header field of that name.
    pub fn new(root: &Path, base: Option<&str>) -> Self {
        Self {
            git: Git::new(root),
            root: root.to_owned(),
            wanted_base: base.map(str::to_owned),
            base: OnceLock::new(),
            paths: OnceLock::new(),
            changes: OnceLock::new(),
            branch: OnceLock::new(),
        }
    }

    /// The commit that "changed" counts from; `None` if nothing is committed yet.
    pub(super) fn base(&self) -> Result<Option<&str>, String> {
        let base = self
            .base
            .get_or_init(|| self.git.base(self.wanted_base.as_deref()));
        base.as_ref().map(Option::as_deref).map_err(Clone::clone)
    }

    /// Every path that differs from the base, those that were left by a renaming too.
    pub(super) fn paths(&self) -> Result<&[String], String> {
        let paths = self
            .paths
            .get_or_init(|| changes::paths(&self.git, self.base()?));
        paths.as_deref().map_err(Clone::clone)
    }

    /// What differs from the base, line by line.
    pub(super) fn changes(&self) -> Result<Arc<Changes>, String> {
        let changes = self.changes.get_or_init(|| {
            let changes = changes::changes(&self.git, &self.root, self.base()?)?;
            Ok(Arc::new(changes))
        });
        changes.clone()
    }

    /// A file as it was in the base; `None` if it was not there.
    pub fn at_base(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        match self.base()? {
            Some(commit) => self.git.file(commit, path),
            None => Ok(None),
        }
    }

    /// A file as it was in a commit; `None` if it was not there.
    pub fn at_revision(&self, revision: &str, path: &str) -> Result<Option<Vec<u8>>, String> {
        let commit = self.git.known_commit(revision)?;
        self.git.file(&commit, path)
    }

    /// The branch that is checked out.
    pub(super) fn branch(&self) -> Result<&str, String> {
        let branch = self.branch.get_or_init(|| {
            self.git
                .line(&["symbolic-ref", "--short", "--quiet", "HEAD"])
        });
        branch.as_deref().map_err(Clone::clone)
    }
}
