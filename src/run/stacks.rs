//! Stacks of containers that nobody takes down any more, found by the mark that Compose puts on all
//! that it makes. Those of other worktrees, and those that a person brought up, have other names.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use super::process;
use crate::compose::{SORTS, Sort, family, ids};

/// How often it is tried: what was being made comes into being only after the first look.
const TRIES: usize = 5;
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

/// Removes every stack of a worktree but those that are to be kept. Where no Docker answers there
/// is nothing to remove: what it owes is told by the records of the runs.
pub(super) fn sweep(root: &Path, keep: &dyn Fn(&str) -> bool) -> Vec<Left> {
    let mine = family(&root.to_string_lossy());
    let lists = SORTS.iter().filter_map(Sort::projects);
    let printed = lists.filter_map(|list| docker(root, &list).ok());
    let projects: BTreeSet<String> = printed
        .flat_map(|printed| ids(&printed))
        .filter(|project| project.starts_with(&mine) && !keep(project))
        .collect();
    let remove = |project: String| Left {
        rest: remove(root, &project),
        project,
    };
    projects.into_iter().map(remove).collect()
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
        let found = docker(root, &sort.list(project)).map(|printed| ids(&printed));
        let found = found.unwrap_or_default();
        if !found.is_empty() {
            // Whether it worked is seen at the next look.
            let _ = docker(root, &sort.remove(&found));
        }
        left.extend(found.iter().map(|id| format!("{} {id}", sort.name)));
    }
    left
}

fn docker(root: &Path, words: &[String]) -> Result<String, String> {
    let (program, args) = words.split_first().ok_or("no program")?;
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let printed = process::capture(root, program, &args)?;
    Ok(String::from_utf8_lossy(&printed).into_owned())
}
