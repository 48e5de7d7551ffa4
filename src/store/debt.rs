//! What the runs before let through, read from their events.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{RUNS, read_run, runs};
use crate::event::Debt;

/// The beginning of a run, without its plan.
#[derive(Deserialize)]
struct Beginning {
    pipeline: String,
    #[serde(default)]
    checkpoint: bool,
    #[serde(default)]
    debt: Vec<IgnoredAny>,
}

/// What is owed in a pipeline: what its last run found or let through and did not see pass.
pub fn debt(root: &Path, pipeline: &str) -> Vec<Debt> {
    let folders = runs(root).into_iter().rev();
    let folders = folders.map(|id| root.join(RUNS).join(id));
    let mut begun = folders.filter_map(|folder| Some((beginning(&folder)?, folder)));
    let last = begun.find(|(beginning, _)| beginning.pipeline == pipeline);
    let owes = last.filter(|(run, _)| run.checkpoint || !run.debt.is_empty());
    // Only then is the rest of what may be a long record worth reading.
    let state = owes.and_then(|(_, folder)| read_run(&folder).ok());
    state.map_or_else(Vec::new, |state| state.debt_left())
}

fn beginning(folder: &Path) -> Option<Beginning> {
    let file = File::open(folder.join("events.jsonl")).ok()?;
    let mut line = String::new();
    BufReader::new(file).read_line(&mut line).ok()?;
    serde_json::from_str(&line).ok()
}
