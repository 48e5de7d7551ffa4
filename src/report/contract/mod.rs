//! What became of contracts, for people and for programs: changes, and what is wrong with a text.

mod check;
mod group;
mod human;
mod json;
mod markdown;
mod sarif;

pub use check::{Checked, checks_document, write_checks_markdown};
pub use human::write as write_contract_human;
pub use json::document as contract_document;
pub use markdown::write as write_contract_markdown;
pub use sarif::{changes as contract_sarif, checks as checks_sarif};

use crate::contract::compare::{Finding, Level};
use crate::contract::exact;
use crate::contract::live::Repeat;
use crate::span::Sources;

/// The changes from one contract to another.
#[derive(Debug, Clone, Copy)]
pub struct Changes<'a> {
    /// What was found.
    pub findings: &'a [Finding],
    /// For each of them how it can be seen at a service, where that is known.
    pub repeats: &'a [Option<Repeat>],
    /// The texts of both.
    pub sources: &'a Sources,
    /// How the old contract and the new one are called.
    pub names: (&'a str, &'a str),
}

/// How many findings break somebody.
pub fn breaking(findings: &[Finding]) -> usize {
    count(findings, Level::Error)
}

/// What the levels are called.
const LEVELS: &[(Level, &str)] = &[
    (Level::Error, "breaking"),
    (Level::Warning, "may break"),
    (Level::Undecided, "undecided"),
    (Level::Info, "harmless"),
];

/// How many findings there are of each level.
fn counts(findings: &[Finding]) -> String {
    let counts = LEVELS.iter();
    let counts = counts.map(|(level, word)| format!("{} {word}", count(findings, *level)));
    counts.collect::<Vec<_>>().join(" · ")
}

fn count(findings: &[Finding], level: Level) -> usize {
    findings
        .iter()
        .filter(|finding| finding.level == level)
        .count()
}

/// What shows a change, in a few words.
fn proof(finding: &Finding) -> Option<String> {
    let witness = finding.witness.as_ref()?;
    let other = if witness.valid_in == "old" {
        "new"
    } else {
        "old"
    };
    let shown = exact::json(&witness.instance);
    Some(format!(
        "{shown} is valid in {}, not in {other}",
        witness.valid_in
    ))
}
