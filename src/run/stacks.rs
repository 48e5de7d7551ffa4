//! Stacks of containers that nobody takes down any more, found by the mark that Compose puts on all
//! that it makes. Those of other worktrees, and those that a person brought up, have other names.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::process;
use crate::compose::{Docker, family, ids, remove, removed};

/// How long Docker may take for an answer. Removing a large volume takes a while.
const LIMIT: Duration = Duration::from_secs(30);

/// A stack that was left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Left {
    /// Its name in Docker.
    pub(super) project: String,
    /// What could not be removed of it.
    pub(super) rest: Vec<String>,
}

/// What tells a worktree from all others, on this machine and on those that share its Docker: where
/// it is, what folder that is, and on which machine.
pub fn worktree(root: &Path) -> String {
    use std::os::unix::fs::MetadataExt;
    let folder = std::fs::metadata(root).map(|folder| (folder.dev(), folder.ino()));
    let machine = rustix::system::uname();
    let machine = machine.nodename().to_string_lossy().into_owned();
    format!("{} {:?} {machine}", root.display(), folder.ok())
}

/// Removes every stack of a worktree but those that are to be kept. Where no Docker answers there
/// is nothing to remove: what it owes is told by the records of the runs. Volumes that were left
/// alone on purpose are no stack, unless `data` is meant as well.
pub(super) async fn sweep(root: &Path, data: bool, keep: &dyn Fn(&str) -> bool) -> Vec<Left> {
    let docker = OutsideOfRuns(root.to_owned());
    let mine = family(&worktree(root));
    let mut projects: BTreeSet<String> = BTreeSet::new();
    for list in removed(data).filter_map(crate::compose::Sort::projects) {
        // One that does not answer is not asked again: each question may take long.
        let Some(printed) = docker.ask(&list).await else {
            return Vec::new();
        };
        projects.extend(ids(&printed));
    }
    projects.retain(|project| project.starts_with(&mine) && !keep(project));
    let mut left = Vec::new();
    for project in projects {
        let rest = remove(&docker, &project, true).await;
        left.push(Left { project, rest });
    }
    left
}

/// Docker as it is asked where no run is in progress, in a folder.
struct OutsideOfRuns(PathBuf);

impl Docker for OutsideOfRuns {
    async fn ask(&self, words: &[String]) -> Option<String> {
        let printed = process::answer_within(&self.0, words, LIMIT).await?;
        Some(String::from_utf8_lossy(&printed).into_owned())
    }

    async fn pause(&self, duration: Duration) -> bool {
        tokio::time::sleep(duration).await;
        true
    }
}
