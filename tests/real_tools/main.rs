//! Real tools on small projects, driven by the real program: what is clean passes with its counts,
//! what is wrong is named with its place, and a tool that can't work is an error.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod advisories;
mod go;
mod init;
mod javascript;
mod polyglot;
mod python;
mod rust;
#[path = "../support/mod.rs"]
mod support;
mod typescript;

use support::Report;

/// Asserts how every node ended, and shows why it did if that was not expected.
fn assert_outcomes(report: &Report, expected: &[(&str, &str)]) {
    let is: Vec<_> = expected
        .iter()
        .map(|(id, _)| (*id, report.outcome(id)))
        .collect();
    let why: Vec<_> = expected
        .iter()
        .map(|(id, _)| (*id, report.reason(id), report.findings(id)))
        .collect();
    assert_eq!(is, expected, "{why:#?}");
}

/// Asserts that every node of a report ended like that.
fn assert_all(report: &Report, outcome: &str) {
    let mut ids: Vec<_> = report.ids().into_iter().collect();
    ids.sort_unstable();
    let expected: Vec<_> = ids.into_iter().map(|id| (id, outcome)).collect();
    assert_outcomes(report, &expected);
}
