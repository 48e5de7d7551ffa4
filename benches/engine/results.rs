//! Everything that was measured in one run of the benchmark.

use crate::behaviour::Behaviour;
use crate::goal::Judged;
use crate::series::{Series, Spread};
use serde::Serialize;
use std::collections::BTreeMap;

/// Written out as it is by `--json`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Results {
    pub(crate) machine: Machine,
    pub(crate) rounds: usize,
    pub(crate) jobs: usize,
    /// What each tool says of itself.
    pub(crate) versions: BTreeMap<&'static str, String>,
    /// Tools that were asked for and are not installed.
    pub(crate) missing: Vec<&'static str>,
    pub(crate) series: BTreeMap<String, Series>,
    pub(crate) behaviours: Vec<Behaviour>,
    /// Milliseconds that the kdl crate alone takes, by the number of nodes.
    pub(crate) kdl_ms: BTreeMap<usize, Spread>,
    /// Cases that could not be measured, and why.
    pub(crate) faults: BTreeMap<String, String>,
    pub(crate) goals: Vec<Judged>,
}

/// Where the numbers come from.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Machine {
    pub(crate) processors: usize,
    pub(crate) kernel: String,
    /// The load average of the last minute when the benchmark began: above zero, others were at work.
    pub(crate) load: String,
}

impl Machine {
    pub(crate) fn look() -> Self {
        let first = |path: &str| {
            let text = std::fs::read_to_string(path).unwrap_or_default();
            text.split_whitespace()
                .next()
                .unwrap_or("unknown")
                .to_owned()
        };
        Self {
            processors: std::thread::available_parallelism().map_or(1, usize::from),
            kernel: first("/proc/sys/kernel/osrelease"),
            load: first("/proc/loadavg"),
        }
    }
}

impl Results {
    /// Whether the case was tried.
    pub(crate) fn covers(&self, case: &str) -> bool {
        self.series.contains_key(case) || self.faults.contains_key(case)
    }

    /// Why a tool, or the whole case, has no numbers.
    pub(crate) fn fault(&self, case: &str, tool: &str) -> Option<String> {
        let own = self
            .series
            .get(case)
            .and_then(|series| series.failures.get(tool));
        own.or_else(|| self.faults.get(case)).cloned()
    }
}
