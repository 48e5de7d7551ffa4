//! Pairs of documents with what another tool finds in them.

use std::collections::BTreeSet;
use std::path::Path;

use sdd::contract::compare::{Finding, Level, Notice};
use serde_json::Value;

use super::{Pair, Score, findings};

type Operation = (String, String);

/// Errors that were found at the same operation, and alarms elsewhere that have a witness.
pub(super) fn scores(folder: &Path) -> Result<Vec<Score>, String> {
    let manifest = folder.join("manifest.jsonl");
    let text = std::fs::read_to_string(&manifest).map_err(crate::meter::told)?;
    let mut found = Score::new("oasdiff: its errors at the same operation");
    let mut cases = Score::new("oasdiff: cases with all errors found");
    let mut proven = Score::new("oasdiff: alarms of ours alone have a witness");
    let files = Pair::Folder(folder.to_owned());
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).map_err(crate::meter::told)?;
        let side = |name: &str| case[name].as_str().unwrap_or_default().to_owned();
        let all = findings(&files, notice(&case), (&side("base"), &side("revision")));
        let id = &case["id"];
        let Ok(all) = all else {
            let theirs = errors(&case);
            for _ in &theirs {
                found.count(false, || format!("{id} {all:?}"));
            }
            continue;
        };
        let ours = places(&all, |finding| finding.level == Level::Error);
        let theirs = errors(&case);
        for (rule, operation) in &theirs {
            let named = |finding: &Finding| finding.level == Level::Error && finding.rule == *rule;
            let anywhere = operation.0.is_empty() && all.iter().any(named);
            found.count(anywhere || ours.contains(operation), || {
                let told: Vec<String> = all.iter().map(line_of).collect();
                format!(
                    "{id} {rule} {operation:?} config {} {} -> {}; ours: {told:?}",
                    case["config"], case["base"], case["revision"]
                )
            });
        }
        if !theirs.is_empty() {
            let missed = theirs.iter().filter(|(_, at)| !ours.contains(at)).count();
            cases.count(missed == 0, || {
                format!("{id}: {missed} of {}", theirs.len())
            });
        }
        let known = alarms(&case);
        for finding in &all {
            if finding.level == Level::Info
                || finding.operations.iter().all(|at| known.contains(at))
            {
                continue;
            }
            proven.count(finding.witness.is_some(), || {
                format!("{id} {}", line_of(finding))
            });
        }
    }
    Ok(vec![found, cases, proven])
}

/// What the other tool was told to ask for.
fn notice(case: &Value) -> Notice {
    let days = |name: &str| {
        let days = case["config"][name].as_u64().unwrap_or_default();
        u32::try_from(days).unwrap_or(u32::MAX)
    };
    Notice {
        stable: days("deprecation_days_stable"),
        beta: days("deprecation_days_beta"),
    }
}

fn line_of(finding: &Finding) -> String {
    format!(
        "{:?} {} {:?} {} {}",
        finding.level,
        finding.rule,
        finding.operations,
        finding.location,
        finding.witness.is_some()
    )
}

fn places(all: &[Finding], which: impl Fn(&Finding) -> bool) -> BTreeSet<Operation> {
    let which = all.iter().filter(|finding| which(finding));
    which
        .flat_map(|finding| &finding.operations)
        .filter_map(|at| at.split_once(' '))
        .map(|(method, path)| (method.to_owned(), path.to_owned()))
        .collect()
}

fn errors(case: &Value) -> Vec<(String, Operation)> {
    let all = case["expected"].as_array().into_iter().flatten();
    all.filter(|one| one[1] == "ERR")
        .map(|one| {
            let text = |at: usize| one[at].as_str().unwrap_or_default().to_owned();
            (text(0), (text(2), text(3)))
        })
        .collect()
}

/// The operations that the other tool says anything of beyond information.
fn alarms(case: &Value) -> BTreeSet<String> {
    let all = case["full"].as_array().into_iter().flatten();
    all.filter(|one| one[1] != "INFO")
        .map(|one| {
            format!(
                "{} {}",
                one[2].as_str().unwrap_or_default(),
                one[3].as_str().unwrap_or_default()
            )
        })
        .collect()
}
