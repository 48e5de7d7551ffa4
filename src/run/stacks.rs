//! Stacks of containers that nobody takes down any more, found by the mark that Compose puts on all
//! that it makes. Those of other worktrees, and those that a person brought up, have other names.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use super::process;
use crate::compose::{SORTS, family, ids};

/// How often it is tried: what was being made comes into being only after the first look.
const TRIES: usize = 5;
/// How long Docker may take for an answer. Removing a large volume takes a while.
const LIMIT: Duration = Duration::from_secs(30);
/// Pause between two looks.
const PAUSE: Duration = Duration::from_millis(300);

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
pub(super) fn sweep(root: &Path, data: bool, keep: &dyn Fn(&str) -> bool) -> Vec<Left> {
    let mine = family(&worktree(root));
    let mut projects: BTreeSet<String> = BTreeSet::new();
    for sort in SORTS.iter().filter(|sort| data || !sort.holds_data()) {
        let Some(list) = sort.projects() else {
            continue;
        };
        // One that does not answer is not asked again: each question may take long.
        let Ok(printed) = docker(root, &list) else {
            return Vec::new();
        };
        projects.extend(ids(&printed));
    }
    let of_mine = |project: &String| project.starts_with(&mine) && !keep(project);
    let remove = |project: String| Left {
        rest: remove(root, &project),
        project,
    };
    projects.into_iter().filter(of_mine).map(remove).collect()
}

/// Removes all of a stack and gives what is left of it.
fn remove(root: &Path, project: &str) -> Vec<String> {
    let mut left = Vec::new();
    for attempt in 0..TRIES {
        if attempt > 0 {
            std::thread::sleep(PAUSE);
        }
        left = look(root, project);
        if left.is_empty() {
            break;
        }
    }
    left
}

/// Looks once for what there is, and asks for its removal.
fn look(root: &Path, project: &str) -> Vec<String> {
    let mut left = Vec::new();
    for sort in SORTS {
        match docker(root, &sort.list(project)) {
            Ok(printed) => {
                let found = ids(&printed);
                if !found.is_empty() {
                    // Whether it worked is seen at the next look.
                    let _ = docker(root, &sort.remove(&found));
                }
                left.extend(found.iter().map(|id| format!("{} {id}", sort.name)));
            }
            Err(_) => left.push(format!("{}s that Docker does not tell of", sort.name)),
        }
    }
    left
}

fn docker(root: &Path, words: &[String]) -> Result<String, String> {
    let (program, args) = words.split_first().ok_or("no program")?;
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let printed = process::capture_within(root, program, &args, LIMIT)?;
    Ok(String::from_utf8_lossy(&printed).into_owned())
}
