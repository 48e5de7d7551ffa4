//! What is known when a run begins beside its plan: gates that were weakened, and debt.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::RunState;
use crate::sched::Outcome;

/// What is known when a run begins, beside its plan.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Preface {
    /// Whether the run blocks nothing: it exits with 0 whatever its nodes say.
    #[serde(default, skip_serializing_if = "is_false")]
    pub checkpoint: bool,
    /// Gates that are weaker than at the base.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates_changed: Vec<GateChange>,
    /// Why the gates could not be compared with those of the base.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gates_unknown: Option<String>,
    /// What earlier checkpoints let through and no run has seen pass since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub debt: Vec<Debt>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// A gate that lets more through than it did at the base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateChange {
    /// A stable word, for instance `node-removed` or `lowered`.
    pub what: String,
    /// The node, as it is or was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// What was changed, in a sentence.
    pub message: String,
    /// The file, relative to the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
}

impl GateChange {
    /// The place as tools print it, as far as it is known.
    pub fn place(&self) -> Option<String> {
        let path = self.path.as_deref()?;
        Some(match self.line {
            Some(line) => format!("{path}:{line}"),
            None => path.to_owned(),
        })
    }
}

/// A required node that did not pass and that a checkpoint let through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Debt {
    /// The node.
    pub node: Arc<str>,
    /// Why it did not pass.
    pub reason: String,
    /// The run that let it through.
    pub since: String,
}

/// How debt stands at the end of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payment {
    /// The node passed.
    Paid,
    /// It did not, or did not run.
    Owed,
    /// The pipeline has no such node any more.
    Gone,
}

impl RunState {
    /// All debt that this run knows of, and how it stands: what it found when it began, then, if it
    /// is a checkpoint, what it lets through itself.
    pub fn debt(&self) -> Vec<(Debt, Payment)> {
        let found = &self.preface.debt;
        let old = found
            .iter()
            .map(|debt| (debt.clone(), self.payment(&debt.node)));
        let is_known = |id: &str| found.iter().any(|debt| &*debt.node == id);
        let let_through = self
            .nodes
            .iter()
            .filter(|node| self.preface.checkpoint && node.plan.required && node.is_obstacle())
            .filter(|node| !is_known(node.id()))
            .map(|node| {
                let debt = Debt {
                    node: Arc::clone(&node.plan.id),
                    reason: node.why().to_owned(),
                    since: self.run.clone(),
                };
                (debt, Payment::Owed)
            });
        old.chain(let_through).collect()
    }

    /// The debt that the next run finds.
    pub fn debt_left(&self) -> Vec<Debt> {
        let owed = self.debt().into_iter();
        owed.filter(|(_, payment)| *payment == Payment::Owed)
            .map(|(debt, _)| debt)
            .collect()
    }

    fn payment(&self, id: &str) -> Payment {
        match self.node(id) {
            None => Payment::Gone,
            Some(node) if node.outcome == Some(Outcome::Passed) => Payment::Paid,
            Some(_) => Payment::Owed,
        }
    }
}
