//! The state folder: what a run leaves on disk, and how it is found again.

mod atomic;
mod baselines;
mod debt;
mod history;
mod items;
mod lock;
pub mod memory;
mod out;
mod record;

pub use atomic::{end_of, write_atomically, write_private};
pub use baselines::{baselines, change_baselines};
pub use debt::debt;
pub use history::History;
pub use items::{AddError, add_work_item, text_of, work_items};
pub use lock::{Lock, LockError};
pub use out::OutFolders;
pub use record::{RunFolder, StoreError, file_name};

use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::event::{Event, RunState};

/// The state folder, relative to the root.
pub const STATE: &str = ".session";
/// The folder of the runs, relative to the root.
pub const RUNS: &str = ".session/runs";
/// Runs that are kept; older ones are removed when a new one begins.
pub const KEPT_RUNS: usize = 50;

/// Ids of the runs that are kept, the oldest first.
pub fn runs(root: &Path) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(root.join(RUNS)) else {
        return Vec::new();
    };
    let mut ids: Vec<String> = folder
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    ids.sort();
    ids
}

/// The folder of a run: an id, an unambiguous beginning of one, or `last`.
pub fn find_run(root: &Path, wanted: &str) -> Result<PathBuf, String> {
    let ids = runs(root);
    let found: Vec<&String> = if wanted == "last" {
        ids.last().into_iter().collect()
    } else {
        ids.iter().filter(|id| id.starts_with(wanted)).collect()
    };
    match found.as_slice() {
        [] if ids.is_empty() => Err("there are no runs yet".to_owned()),
        [] => Err(format!("there is no run `{wanted}`; `sdd runs` lists them")),
        [id] => Ok(root.join(RUNS).join(id)),
        several => Err(format!(
            "`{wanted}` is the beginning of {} runs",
            several.len()
        )),
    }
}

/// The events of a run. A last line that was cut off by a crash is left out.
pub fn read_events(folder: &Path) -> std::io::Result<Vec<Event>> {
    let bytes = std::fs::read(folder.join("events.jsonl"))?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect())
}

/// Whether the record of a run was not cut off in the middle of a line.
pub fn ends_with_a_line(folder: &Path) -> bool {
    std::fs::read(folder.join("events.jsonl")).is_ok_and(|bytes| bytes.ends_with(b"\n"))
}

/// Whether the record of a run has its end.
pub fn is_finished(folder: &Path) -> bool {
    const TAIL: u64 = 4096;
    let read = || -> std::io::Result<String> {
        let mut file = std::fs::File::open(folder.join("events.jsonl"))?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    read().is_ok_and(|tail| tail.contains("\"type\":\"run-finished\""))
}

/// The state that a run's events lead to.
pub fn read_run(folder: &Path) -> std::io::Result<RunState> {
    Ok(RunState::fold(&read_events(folder)?))
}

/// Removes the oldest runs beyond those that are kept. What can't be removed stays, and so do runs
/// that still owe a teardown.
pub fn prune(root: &Path) {
    let ids = runs(root);
    let excess = ids.len().saturating_sub(KEPT_RUNS);
    for id in &ids[..excess] {
        let folder = root.join(RUNS).join(id);
        let owes = read_run(&folder).is_ok_and(|state| state.owed().next().is_some());
        if !owes {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}
