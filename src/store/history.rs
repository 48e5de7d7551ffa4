//! How long nodes took before, and what they measured: for the order, for what a user can expect,
//! and for what must not silently vanish.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{RUNS, write_atomically};
use crate::event::RunState;
use crate::sched::Outcome;

/// Measurements that are kept from run to run.
const KEPT: &[&str] = &["tests.ran"];

/// What is known of the nodes of one pipeline.
#[derive(Debug, Default, Clone)]
pub struct History {
    path: PathBuf,
    known: Known,
}

/// What the file holds.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
struct Known {
    /// Usual times, in milliseconds.
    times: BTreeMap<String, u64>,
    /// What a node measured when it passed the last time.
    measured: BTreeMap<String, BTreeMap<String, f64>>,
}

impl History {
    /// What is known of a pipeline; nothing if the file is not there or not understood.
    pub fn read(root: &Path, pipeline: &str) -> Self {
        let name = super::file_name(pipeline);
        let path = root.join(RUNS).join(format!("history-{name}.json"));
        let known = std::fs::read(&path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        Self { path, known }
    }

    /// How long a node usually takes, in milliseconds.
    pub fn expected_ms(&self, id: &str) -> Option<u64> {
        self.known.times.get(id).copied()
    }

    /// What a node measured when it passed the last time.
    pub fn measured(&self, id: &str, measurement: &str) -> Option<f64> {
        self.known.measured.get(id)?.get(measurement).copied()
    }

    /// Learns from a run: half of the new time, half of the old; of measurements, the new ones.
    pub fn learn(&mut self, state: &RunState) {
        for node in &state.nodes {
            if node.outcome != Some(Outcome::Passed) {
                continue;
            }
            let took = node.detail.duration_ms;
            let usual = self
                .expected_ms(node.id())
                .map_or(took, |before| (before + took).div_ceil(2));
            self.known.times.insert(node.id().to_owned(), usual);
            let kept = node.measurements.iter().filter_map(|measurement| {
                let name = &measurement.name;
                KEPT.contains(&name.as_str())
                    .then(|| (name.clone(), measurement.value))
            });
            let kept: BTreeMap<_, _> = kept.collect();
            if !kept.is_empty() {
                self.known.measured.insert(node.id().to_owned(), kept);
            }
        }
    }

    /// Writes what was learnt.
    pub fn save(&self) -> std::io::Result<()> {
        write_atomically(&self.path, &serde_json::to_vec(&self.known)?)
    }
}
