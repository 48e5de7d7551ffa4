//! What happened in a run: events, as they are stored and told, and their only fold.

mod finding;
mod preface;
mod state;
#[cfg(test)]
mod tests;

pub use finding::{Advisory, Finding, Grade, Measurement};
pub use preface::{Debt, GateChange, Payment, Preface};
pub use state::{Counts, LEAKED, NodeRecord, RunState};

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::sched::{Mode, Outcome};

/// The version of the event format that this code writes.
pub const VERSION: u32 = 1;

/// One line of `events.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Format version.
    pub v: u32,
    /// Position in the run, from 0.
    pub seq: u64,
    /// Milliseconds since the run began, on a clock that never goes back.
    pub at_ms: u64,
    /// What happened.
    #[serde(flatten)]
    pub body: Body,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Body {
    /// The plan is made and the run begins.
    RunStarted {
        /// The run's id: UTC time and a random part.
        run: String,
        /// Name of the pipeline.
        pipeline: String,
        /// UTC, RFC 3339.
        started_at: String,
        /// How many nodes may run at once.
        jobs: usize,
        /// Process id of the guardian, or of the worker where there is none.
        pid: u32,
        /// Options of the command line that a node would need to be run in the same way again.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        options: Vec<String>,
        /// What is known beside the plan.
        #[serde(flatten)]
        preface: Preface,
        /// Every node of the plan, in plan order.
        nodes: Vec<PlannedNode>,
    },
    /// An attempt begins.
    NodeStarted {
        /// Id of the node.
        node: Arc<str>,
        /// From 1.
        attempt: u32,
    },
    /// What a failed attempt printed last.
    NodeOutput {
        /// Id of the node.
        node: Arc<str>,
        /// Which attempt printed it.
        attempt: u32,
        /// The end of its log, without control characters.
        text: String,
        /// Bytes of the log that are not shown.
        omitted: u64,
    },
    /// A tool, or `sdd` itself, reports something about a place or a node.
    Finding {
        /// Id of the node.
        node: Arc<str>,
        /// What is reported.
        finding: Finding,
    },
    /// A number was measured.
    Measurement {
        /// Id of the node.
        node: Arc<str>,
        /// What was measured.
        measurement: Measurement,
    },
    /// An attempt failed and another one follows.
    NodeRetried {
        /// Id of the node.
        node: Arc<str>,
        /// The attempt that failed.
        attempt: u32,
        /// How it ended.
        outcome: Outcome,
        /// Why, in a sentence.
        reason: String,
    },
    /// A node is done.
    NodeSettled {
        /// Id of the node.
        node: Arc<str>,
        /// How it ended.
        outcome: Outcome,
        /// Why, and with what.
        #[serde(flatten)]
        detail: Detail,
    },
    /// An environment is ready to be used.
    EnvironmentUp {
        /// Id of the node.
        node: Arc<str>,
        /// What it publishes for `{{node.ID.NAME}}`.
        published: BTreeMap<String, String>,
    },
    /// An environment was taken down; it is not owed any more.
    EnvironmentDown {
        /// Id of the environment, not of its teardown.
        node: Arc<str>,
    },
    /// The run is called off, in part or whole.
    RunEscalated {
        /// How far.
        mode: Mode,
        /// Why, in a sentence.
        reason: String,
        /// The exit code that this leads to, where it decides it (130, 143).
        exit_code: Option<u8>,
    },
    /// Everything is over.
    RunFinished {
        /// How it ended.
        verdict: Verdict,
        /// What `sdd run` exits with.
        exit_code: u8,
        /// From the start, in milliseconds.
        duration_ms: u64,
    },
}

/// How a node ended, beyond its outcome.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// Why, in a sentence; absent where the outcome says all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// A stable word for the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Exit code of its last command, if one ran and was not ended by a signal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// The command line of its last attempt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// The log of its last attempt, relative to the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
    /// From the start of its first attempt, in milliseconds.
    #[serde(default)]
    pub duration_ms: u64,
    /// `flaky`, `cached`, `leaked`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<String>,
    /// What can be done about it, one step each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remedy: Vec<String>,
}

/// A node as the plan has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedNode {
    /// Its id.
    pub id: Arc<str>,
    /// Its kind.
    pub kind: String,
    /// Whether the verdict depends on it.
    pub required: bool,
    /// Nodes that must have passed, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Arc<str>>,
    /// Nodes that must be over, by id; conflict edges are among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<Arc<str>>,
    /// The environment that it takes down, if it is a teardown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finalises: Option<Arc<str>>,
    /// How long it took before, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_ms: Option<u64>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// All that is required truly passed.
    Passed,
    /// Something required did not pass.
    Failed,
    /// The run was called off from outside.
    Cancelled,
}

impl Verdict {
    /// The word that every format uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Passed => "passed",
            Verdict::Failed => "failed",
            Verdict::Cancelled => "cancelled",
        }
    }
}

/// The code of a teardown that is left out because the user wants to look at its environment.
pub const KEPT: &str = "kept";

/// Codes of skips that the file itself, or whoever started the run, asks for. A required node
/// that is skipped for another reason fails the run.
pub const STATED_SKIPS: &[&str] = &[
    "condition",
    "not-selected",
    "skip-requested",
    KEPT,
    "skip-exit-code",
    "tool-missing",
    "no-tests",
    "need-skipped",
    "environment-not-started",
];
