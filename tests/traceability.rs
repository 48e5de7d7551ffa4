//! No pitfall gets lost: each has a test that is named after it.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;

/// All pitfalls, B01 to this one.
const LAST: u32 = 118;

/// Pitfalls that nothing here can run into yet, and why.
const PENDING: &[(RangeInclusive<u32>, &str)] =
    &[(117..=117, "taking back what a session did is no goal")];

/// The numbers of all tests called `bNN_…` below a folder.
fn named_after_pitfalls(folder: &Path, found: &mut BTreeSet<u32>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            named_after_pitfalls(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.extend(numbers(&fs::read_to_string(path).unwrap()));
        }
    }
}

/// Only what is marked as a test counts: a name alone runs nothing.
fn numbers(text: &str) -> Vec<u32> {
    let tests = text.split("#[test]").skip(1);
    tests
        .filter_map(|rest| {
            let name = rest.split_once("fn b")?;
            // Attributes may stand between, other functions may not.
            let (number, _) = name.1.split_once('_')?;
            (!name.0.contains('{')).then(|| number.parse().ok())?
        })
        .collect()
}

#[test]
fn every_pitfall_has_a_test_or_a_reason_why_not_yet() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeSet::new();
    for folder in ["src", "tests"] {
        named_after_pitfalls(&root.join(folder), &mut found);
    }
    let lost: Vec<u32> = (1..=LAST)
        .filter(|number| !found.contains(number))
        .filter(|number| !PENDING.iter().any(|(pending, _)| pending.contains(number)))
        .collect();
    assert_eq!(lost, Vec::<u32>::new(), "these pitfalls have no test");
    let done: Vec<_> = PENDING
        .iter()
        .filter(|(pending, _)| pending.clone().all(|number| found.contains(&number)))
        .collect();
    assert!(done.is_empty(), "these are not pending any more: {done:?}");
}

#[test]
fn only_tests_named_after_a_pitfall_count() {
    let text = "#[test]\nfn b07_a() {}\n#[test]\n#[ignore]\nfn b08_a() {}\nfn b09_helper() {}\n#[test]\nfn c() { b10_d() }\n";
    assert_eq!(numbers(text), [7, 8]);
}
