//! Whether who keeps to an old contract can go on with a new one.
//!
//! What is sent may only be understood more widely, what is received may only become narrower.
//! Schemas are not compared word by word: [`super::contain`] decides, and proves what it says.

mod access;
mod answer;
mod branch;
mod cause;
mod encoding;
mod format;
mod kinds;
mod lifecycle;
mod media;
mod note;
mod operation;
mod parts;
mod reach;
mod request;
mod rules;
mod schemas;
mod server;
mod status;
mod style;
mod terms;
mod text;
mod walk;
mod webhook;

pub use rules::{
    Level, NOTES, NoteRule, PREFIXES, PROPERTIES, Rule, SCHEMAS, SchemaRule, manual,
    rules as all_rules,
};

pub use terms::{Notice, Terms};

use serde_json::Value;

use super::model::Contract;
use super::schema::{Direction, Graph, SchemaId};
use crate::span::Span;

/// A difference and whom it reaches.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The stable name of the rule.
    pub rule: String,
    /// How much it weighs.
    pub level: Level,
    /// The method of the first operation.
    pub method: String,
    /// The path of the first operation.
    pub path: String,
    /// Where in the request or the response.
    pub location: String,
    /// What is the case, as a sentence without its end.
    pub message: String,
    /// The place in the old contract.
    pub old: Option<Span>,
    /// The place in the new contract.
    pub new: Option<Span>,
    /// What shows it.
    pub witness: Option<Witness>,
    /// All operations that it reaches.
    pub operations: Vec<String>,
}

/// A value that one of the contracts allows and the other does not.
#[derive(Debug, Clone, PartialEq)]
pub struct Witness {
    /// `old` or `new`: the one that allows it.
    pub valid_in: &'static str,
    /// The value at the location.
    pub instance: Value,
}

impl Witness {
    /// What is sent and not understood: clients keep to the old contract, servers to the new one.
    fn of_sender(direction: Direction, instance: Value) -> Self {
        let valid_in = match direction {
            Direction::Request => "old",
            Direction::Response => "new",
        };
        Self { valid_in, instance }
    }
}

/// Two schemas of which one has to be contained in the other.
#[derive(Debug, Clone)]
struct Question {
    direction: Direction,
    old: SchemaId,
    new: SchemaId,
    /// The beginning of the names of its rules.
    prefix: &'static str,
    method: String,
    path: String,
    location: String,
}

/// The places in both contracts.
type Places = (Option<Span>, Option<Span>);

/// All differences, those that break first. What was promised until a day may have been kept or
/// not: [`compare_by`] knows.
pub fn compare(old: &Contract, new: &Contract, graph: &mut Graph) -> Vec<Finding> {
    compare_by(Terms::default(), old, new, graph)
}

/// All differences by these terms, those that break first.
pub fn compare_by(terms: Terms, old: &Contract, new: &Contract, graph: &mut Graph) -> Vec<Finding> {
    let mut walk = operation::Walk {
        graph: &mut *graph,
        terms,
        findings: Vec::new(),
        questions: Vec::new(),
    };
    walk.contracts(old, new);
    let (mut findings, questions) = (walk.findings, walk.questions);
    findings.extend(schemas::compare(graph, terms, &questions));
    let mut findings = grouped(findings);
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| (finding.level, finding.path.clone(), finding.method.clone());
        key(a).cmp(&key(b))
    });
    findings
}

/// One finding a cause, with all operations that it reaches.
fn grouped(findings: Vec<Finding>) -> Vec<Finding> {
    let mut known = std::collections::HashMap::new();
    let mut all: Vec<Finding> = Vec::new();
    for finding in findings {
        let key = (
            finding.rule.clone(),
            finding.old,
            finding.new,
            finding.message.clone(),
        );
        let place = *known.entry(key).or_insert(all.len());
        match all.get_mut(place) {
            Some(first) => {
                for operation in finding.operations {
                    if !first.operations.contains(&operation) {
                        first.operations.push(operation);
                    }
                }
            }
            None => all.push(finding),
        }
    }
    all
}
