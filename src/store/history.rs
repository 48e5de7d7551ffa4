//! How long nodes took before, for the order and for what a user can expect.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{RUNS, write_atomically};
use crate::event::RunState;
use crate::sched::Outcome;

/// Usual times of the nodes of one pipeline, in milliseconds.
#[derive(Debug, Default, Clone)]
pub struct History {
    path: PathBuf,
    times: BTreeMap<String, u64>,
}

impl History {
    /// What is known of a pipeline; nothing if the file is not there or not understood.
    pub fn read(root: &Path, pipeline: &str) -> Self {
        let name = super::file_name(pipeline);
        let path = root.join(RUNS).join(format!("durations-{name}.json"));
        let times = std::fs::read(&path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        Self { path, times }
    }

    /// How long a node usually takes, in milliseconds.
    pub fn expected_ms(&self, id: &str) -> Option<u64> {
        self.times.get(id).copied()
    }

    /// Learns from a run: half of the new time, half of the old.
    pub fn learn(&mut self, state: &RunState) {
        for node in &state.nodes {
            if node.outcome != Some(Outcome::Passed) {
                continue;
            }
            let took = node.detail.duration_ms;
            let usual = self
                .times
                .get(node.id())
                .map_or(took, |before| (before + took).div_ceil(2));
            self.times.insert(node.id().to_owned(), usual);
        }
    }

    /// Writes what was learnt.
    pub fn save(&self) -> std::io::Result<()> {
        write_atomically(&self.path, &serde_json::to_vec(&self.times)?)
    }
}
