//! The words of the machine: how a node stands, how it ended and why, and how far the run is.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::NodeId;

/// How a node ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// There is positive evidence that all is well.
    Passed,
    /// The evidence says no.
    Failed,
    /// It could not be told: a tool crashed, a report is missing or unreadable.
    Error,
    /// It did not end in its time.
    TimedOut,
    /// It was not run, or had nothing to do.
    Skipped,
    /// The run was interrupted before it ended.
    Cancelled,
}

impl Outcome {
    /// Every outcome, in the order in which they are counted and shown.
    pub const ALL: [Self; 6] = [
        Self::Passed,
        Self::Failed,
        Self::Error,
        Self::TimedOut,
        Self::Skipped,
        Self::Cancelled,
    ];

    /// The name used in every file format and on every screen.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Error => "error",
            Self::TimedOut => "timed-out",
            Self::Skipped => "skipped",
            Self::Cancelled => "cancelled",
        }
    }

    /// The outcome of that name, exactly as [`Outcome::as_str`] spells it.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.as_str() == name)
    }

    /// Whether the node ran and did not pass: the outcomes that a retry may mend and that
    /// stop a run which stops on failure.
    pub const fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::Error | Self::TimedOut)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How far the run has been called off. It only ever rises.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Everything may start.
    #[default]
    Running,
    /// Only teardowns start; what runs may end in peace.
    Draining,
    /// Only teardowns start; everything else is asked to stop.
    Interrupted,
    /// Nothing starts; everything is killed, teardowns too.
    Killed,
}

impl Mode {
    /// The name used in every file format and on every screen.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Draining => "draining",
            Self::Interrupted => "interrupted",
            Self::Killed => "killed",
        }
    }

    /// The higher of the two.
    #[must_use]
    pub fn escalate(self, to: Self) -> Self {
        self.max(to)
    }

    /// Whether an attempt of a teardown, or of any other node, may begin.
    pub(super) const fn permits(self, teardown: bool) -> bool {
        match self {
            Self::Running => true,
            Self::Draining | Self::Interrupted => teardown,
            Self::Killed => false,
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Where a node stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NodeState {
    /// It has not started and may still do so.
    Waiting,
    /// An attempt is under way, or waits for its delay.
    Running {
        /// Which attempt, counted from 1.
        attempt: u32,
    },
    /// It is settled for good.
    Done {
        /// How it ended.
        outcome: Outcome,
    },
}

impl NodeState {
    /// How the node ended, once it has.
    pub const fn outcome(self) -> Option<Outcome> {
        match self {
            Self::Done { outcome } => Some(outcome),
            Self::Waiting | Self::Running { .. } => None,
        }
    }
}

/// Why a node settled as it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// Its last attempt ended so.
    Reported,
    /// The plan had decided that it does not run.
    Planned,
    /// This node, which it needs, did not pass.
    Need(NodeId),
    /// It takes down an environment that never began to come up.
    EnvironmentNotStarted,
    /// The run was draining before it could start.
    Stopped,
    /// The run was interrupted or killed before it could start.
    Interrupted,
}

#[cfg(test)]
mod tests {
    use super::{Mode, Outcome};

    #[test]
    fn an_outcome_has_one_name_everywhere() {
        for outcome in Outcome::ALL {
            let json = serde_json::to_string(&outcome).expect("an outcome serialises");
            assert_eq!(json, format!("\"{outcome}\""));
            assert_eq!(Outcome::parse(outcome.as_str()), Some(outcome));
        }
        assert_eq!(Outcome::parse("Passed"), None);
    }

    #[test]
    fn a_mode_never_falls() {
        assert_eq!(Mode::Running.escalate(Mode::Draining), Mode::Draining);
        assert_eq!(Mode::Killed.escalate(Mode::Interrupted), Mode::Killed);
    }
}
