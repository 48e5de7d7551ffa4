//! What a comparison of two contracts found, for people and for programs.

mod human;
mod json;

pub use human::write as write_contract_human;
pub use json::document as contract_document;

use crate::contract::compare::{Finding, Level};

/// How many findings break somebody.
pub fn breaking(findings: &[Finding]) -> usize {
    count(findings, Level::Error)
}

fn count(findings: &[Finding], level: Level) -> usize {
    findings
        .iter()
        .filter(|finding| finding.level == level)
        .count()
}
