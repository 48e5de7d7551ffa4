//! Every rule on changes of contracts has two documents between which it is told, and on the way
//! back it is not.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod answers;
mod carried;
#[path = "../support/contract.rs"]
mod contract;
mod notes;
mod outside;
mod schemas;

use std::collections::BTreeSet;

use contract::{alarms, diff};
use sdd::contract::compare::{NOTES, PREFIXES, PROPERTIES, SCHEMAS, all_rules};

/// Two parts of a contract, before and after, and what breaks or may break.
pub(crate) type Judged = (&'static str, &'static str, &'static [&'static str]);

/// Compares what a frame makes of the parts.
#[track_caller]
pub(crate) fn judged(frame: fn(&str) -> String, rows: &[Judged]) {
    for (old, new, expected) in rows {
        let findings = diff(&frame(old), &frame(new));
        assert_eq!(&alarms(&findings), expected, "{old}\n{new}\n{findings:#?}");
    }
}

#[test]
fn every_rule_has_a_fixture() {
    let known: Vec<&str> = all_rules().map(|rule| rule.id).collect();
    let shown: Vec<&str> = outside::FIXTURES.iter().map(|row| row.0).collect();
    assert_eq!(known, shown);
    let known: Vec<&str> = SCHEMAS.iter().map(|rule| rule.keyword).collect();
    let shown: Vec<&str> = schemas::FIXTURES.iter().map(|row| row.0).collect();
    assert_eq!(known, shown);
    let known: Vec<&str> = NOTES.iter().map(|rule| rule.ending).collect();
    let shown: Vec<&str> = notes::FIXTURES.iter().map(|row| row.0).collect();
    assert_eq!(known, shown);
}

#[test]
fn no_name_stands_for_two_rules_and_every_rule_says_what_it_means() {
    let mut names = BTreeSet::new();
    for rule in all_rules() {
        assert!(names.insert(rule.id.to_owned()), "{}", rule.id);
        assert!(
            rule.doc.ends_with('.') && !rule.example.is_empty(),
            "{}",
            rule.id
        );
    }
    for rule in NOTES {
        // A property that is there or gone is never the whole of what is sent.
        let inside = matches!(rule.ending, "added" | "removed");
        let places = PREFIXES.iter();
        for prefix in places.filter(|prefix| !inside || prefix.ends_with("-property")) {
            let name = format!("{prefix}-{}", rule.ending);
            // A parameter is as deprecated as its schema is.
            let shared = *prefix == "request-parameter" && names.contains(&name);
            assert!(shared || names.insert(name.clone()), "{name}");
        }
        assert!(rule.doc.ends_with('.') && !rule.example.is_empty());
    }
    names.extend(PROPERTIES.iter().map(|name| (*name).to_owned()));
    // Those on `required` have these names instead.
    for rule in SCHEMAS.iter().filter(|rule| rule.keyword != "required") {
        for prefix in PREFIXES {
            let sent = prefix.starts_with("request");
            let ending = if sent { rule.sent } else { rule.received };
            let name = format!("{prefix}-{ending}");
            assert!(names.insert(name.clone()), "{name}");
        }
        assert!(rule.doc.iter().all(|doc| doc.ends_with('.')));
    }
}
