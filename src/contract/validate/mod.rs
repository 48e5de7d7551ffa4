//! Whether a document is what its specification says: Swagger 2.0, `OpenAPI` 3.0, 3.1 and 3.2.
//!
//! [`walk`] holds every object against the tables of its version; what no table can say, such as
//! that names are used twice, is a family of rules in a file of its own.

mod examples;
mod media;
mod names;
mod old_parameters;
mod operations;
mod parameters;
mod paths;
mod pointer;
mod rules;
mod schema_table;
mod schemas;
mod security;
mod servers;
mod survey;
mod table;
#[cfg(test)]
mod tests;
mod three;
mod two;
mod walk;

pub use rules::{Grade, RULES, Rule};
pub use survey::{Survey, survey};

use super::load::{At, Library, Problem};
use super::model::Contract;
use super::promises;
use super::schema::Graph;
use crate::span::Span;
use walk::Walk;

/// Something that is not as the specification says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The rule.
    pub rule: &'static Rule,
    /// How much it weighs.
    pub grade: Grade,
    /// What is wrong, as a sentence without its end.
    pub message: String,
    /// The file.
    pub path: String,
    /// The place in it.
    pub span: Span,
    /// The same as a JSON pointer.
    pub pointer: String,
}

/// A document that was looked at.
#[derive(Debug)]
pub struct Inspected {
    /// What it promises, if that can be told.
    pub contract: Option<Contract>,
    /// What is wrong with it.
    pub diagnoses: Vec<Diagnosis>,
}

impl Inspected {
    /// Whether the specification forbids something of it.
    pub fn is_valid(&self) -> bool {
        let mut all = self.diagnoses.iter();
        self.contract.is_some() && !all.any(|diagnosis| diagnosis.grade == Grade::Error)
    }
}

/// What a document promises, and what is wrong with it; its schemas go into the graph.
pub fn inspect(library: &Library, graph: &mut Graph) -> Inspected {
    let mut diagnoses = validate(library);
    let contract = promises(library, graph);
    if let Err(problems) = &contract
        && diagnoses.iter().all(|one| one.grade != Grade::Error)
    {
        diagnoses.extend(problems.iter().filter_map(unreadable));
    }
    Inspected {
        contract: contract.ok(),
        diagnoses,
    }
}

/// A problem of reading as what is wrong with the text; nothing if it is not about the text.
pub fn unreadable(problem: &Problem) -> Option<Diagnosis> {
    Some(Diagnosis {
        rule: rules::rule("unreadable"),
        grade: Grade::Error,
        message: problem.message.clone(),
        path: problem.path.clone(),
        span: problem.span?,
        pointer: String::new(),
    })
}

/// All that is wrong with a document, in the order of the text. Nothing is said of one that names
/// no version which there is: what it says can't be known.
pub fn validate(library: &Library) -> Vec<Diagnosis> {
    let Some(edition) = edition(library.root()) else {
        return Vec::new();
    };
    let mut walk = Walk::new(library, edition);
    walk.document();
    for family in FAMILIES {
        family(&mut walk);
    }
    let mut found = walk.found;
    found.sort_by(|a, b| (&a.path, a.span, a.grade).cmp(&(&b.path, b.span, b.grade)));
    found.dedup();
    found
}

/// Every family of rules that no table can say.
const FAMILIES: &[fn(&mut Walk<'_>)] = &[
    operations::check,
    paths::check,
    parameters::check,
    old_parameters::check,
    media::check,
    schemas::check,
    servers::check,
    security::check,
    names::check,
    examples::check,
];

fn edition(root: At<'_>) -> Option<table::Edition> {
    let written = root.text("openapi").or_else(|| root.text("swagger"))?;
    let known = [("2.0", 20), ("3.0.", 30), ("3.1.", 31), ("3.2.", 32)];
    let mut known = known.into_iter();
    let found = known.find(|(start, _)| written == *start || written.starts_with(start));
    found.map(|(_, edition)| edition)
}
