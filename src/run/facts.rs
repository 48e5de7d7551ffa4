//! What a plan has to know of the world, asked for when it is needed.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use super::process::capture;
use super::scan;
use crate::plan::Facts;
use crate::spec::Glob;
use crate::store::History;

/// The world around a project root.
#[derive(Debug)]
pub struct World {
    pub(super) root: PathBuf,
    profile: Option<String>,
    pub(super) wanted_base: Option<String>,
    history: History,
    base: OnceCell<Result<String, String>>,
    changed: OnceCell<Result<Vec<String>, String>>,
    branch: OnceCell<Result<String, String>>,
}

impl World {
    /// The world of a project; `base` is the header field of that name.
    pub fn new(root: &Path, base: Option<&str>, profile: Option<&str>, history: History) -> Self {
        Self {
            root: root.to_owned(),
            profile: profile.map(str::to_owned),
            wanted_base: base.map(str::to_owned),
            history,
            base: OnceCell::new(),
            changed: OnceCell::new(),
            branch: OnceCell::new(),
        }
    }

    pub(super) fn git(&self, args: &[&str]) -> Result<String, String> {
        // No program that the repository's configuration names is started.
        let safe = [
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.hooksPath=/dev/null",
        ];
        let output = capture(&self.root, "git", &[&safe, args].concat())?;
        Ok(String::from_utf8_lossy(&output).into_owned())
    }

    /// The commit that "changed" counts from.
    pub fn base(&self) -> Result<&str, String> {
        let base = self.base.get_or_init(|| self.find_base());
        base.as_deref().map_err(Clone::clone)
    }

    fn find_base(&self) -> Result<String, String> {
        let trimmed = |text: String| text.trim().to_owned();
        if let Some(wanted) = &self.wanted_base {
            let found = if let Some(branch) = wanted.strip_prefix("merge-base:") {
                self.git(&["merge-base", "HEAD", branch])
            } else {
                let commit = format!("{wanted}^{{commit}}");
                self.git(&["rev-parse", "--verify", "--quiet", &commit])
            };
            return found
                .map(trimmed)
                .map_err(|error| format!("the base `{wanted}` is not known: {error}"));
        }
        let named = self.git(&["symbolic-ref", "--short", "refs/remotes/origin/HEAD"]);
        let candidates = ["origin/main", "origin/master", "main", "master"];
        let branches = named
            .map(trimmed)
            .into_iter()
            .chain(candidates.map(str::to_owned));
        for branch in branches {
            if let Ok(base) = self.git(&["merge-base", "HEAD", &branch]) {
                return Ok(trimmed(base));
            }
        }
        self.git(&["rev-parse", "HEAD"])
            .map(trimmed)
            .map_err(|_| "there is no commit to count from".to_owned())
    }

    fn find_changed(&self) -> Result<Vec<String>, String> {
        let base = self.base()?;
        let changed = self.git(&[
            "diff",
            "--name-only",
            "-z",
            "--no-ext-diff",
            "--no-textconv",
            "--no-renames",
            "--relative",
            base,
            "--",
        ])?;
        let paths = changed.split('\0').filter(|path| !path.is_empty());
        Ok(paths.map(str::to_owned).chain(self.untracked()?).collect())
    }

    /// Files that git does not know yet and does not ignore.
    pub(super) fn untracked(&self) -> Result<Vec<String>, String> {
        let untracked = self.git(&[
            "ls-files",
            "-z",
            "--others",
            "--exclude-standard",
            "--",
            ".",
        ])?;
        let paths = untracked.split('\0').filter(|path| !path.is_empty());
        Ok(paths.map(str::to_owned).collect())
    }
}

impl Facts for World {
    fn changed(&self) -> Result<&[String], String> {
        let changed = self.changed.get_or_init(|| self.find_changed());
        changed.as_deref().map_err(Clone::clone)
    }

    fn branch(&self) -> Result<&str, String> {
        let branch = self.branch.get_or_init(|| {
            let name = self.git(&["symbolic-ref", "--short", "--quiet", "HEAD"]);
            name.map(|name| name.trim().to_owned())
        });
        branch.as_deref().map_err(Clone::clone)
    }

    fn env(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn exists(&self, glob: &Glob) -> bool {
        scan::exists(&self.root, glob)
    }

    fn os(&self) -> &str {
        std::env::consts::OS
    }

    fn profile(&self) -> Option<&str> {
        self.profile.as_deref()
    }

    fn cpus(&self) -> usize {
        std::thread::available_parallelism().map_or(1, usize::from)
    }

    fn expected_ms(&self, id: &str) -> Option<u64> {
        self.history.expected_ms(id)
    }
}
