//! Whether a tool did what it was timed for.

use crate::graph::{Graph, name};
use crate::kit::RECORD;
use crate::subject::Subject;
use std::collections::HashMap;
use std::fs;

/// Checks the record of a run in which every node was [`crate::graph::Work::Record`]: each node ran
/// once, after what it needs, and no more than `jobs` of them at a time.
pub(crate) fn record(subject: &Subject, graph: &Graph, jobs: usize) -> Result<(), String> {
    let text = fs::read_to_string(subject.folder.join(RECORD)).map_err(|_| "ran no node")?;
    let mut begun = HashMap::new();
    let mut ended = HashMap::new();
    for (at, line) in text.lines().enumerate() {
        let (sign, node) = line.split_at(1);
        let side = if sign == "+" { &mut begun } else { &mut ended };
        if side.insert(node, at).is_some() {
            return Err(format!("ran {node} twice"));
        }
        if begun.len() - ended.len() > jobs {
            return Err(format!("ran more than {jobs} nodes at a time"));
        }
    }
    graph
        .nodes
        .iter()
        .enumerate()
        .try_for_each(|(index, node)| {
            let own = begun
                .get(name(index).as_str())
                .ok_or_else(|| format!("did not run {}", name(index)))?;
            let early = node
                .needs
                .iter()
                .find(|&&need| ended.get(name(need).as_str()) > Some(own));
            early.map_or(Ok(()), |&need| {
                Err(format!("ran {} before {}", name(index), name(need)))
            })
        })
}

/// How many nodes began, going by the record.
pub(crate) fn nodes_run(subject: &Subject) -> usize {
    let text = fs::read_to_string(subject.folder.join(RECORD)).unwrap_or_default();
    text.lines().filter(|line| line.starts_with('+')).count()
}

/// sdd must have every node's log and its last event on disk when it ends.
pub(crate) fn state_folder(subject: &Subject, nodes: usize) -> Result<(), String> {
    let runs = subject.folder.join(".session/runs");
    let run = fs::read_dir(&runs)
        .map_err(|_| "left no state folder")?
        .filter_map(Result::ok)
        .find(|entry| entry.path().join("events.jsonl").is_file())
        .ok_or("left no event log")?;
    let events =
        fs::read_to_string(run.path().join("events.jsonl")).map_err(|error| error.to_string())?;
    let settled = events
        .lines()
        .filter(|line| line.contains("\"node-settled\""))
        .count();
    let logs = fs::read_dir(run.path().join("logs")).map_or(0, Iterator::count);
    if settled == nodes && logs >= nodes {
        return Ok(());
    }
    Err(format!(
        "{settled} settled events and {logs} logs on disk for {nodes} nodes"
    ))
}
