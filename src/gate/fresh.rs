//! Which findings are new against the base.
//!
//! The check runs once more, on the files as they were there. A finding that was there already is
//! known again by its rule, its file, the text of its line and its message: where the line stands
//! now does not matter. Looking at changed lines alone would miss what a change causes elsewhere.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Check, Evidence, check};
use crate::event::{Finding, Measurement};
use crate::host::{Changes, Conclusion, Host};
use crate::sched::Outcome;

/// Leaves those findings that are new.
pub async fn only_new(
    host: &impl Host,
    check: &Check<'_>,
    evidence: Evidence,
) -> Result<Evidence, Conclusion> {
    let Some(findings) = evidence.findings.filter(|findings| !findings.is_empty()) else {
        return Ok(Evidence {
            findings: Some(Vec::new()),
            ..evidence
        });
    };
    let unknown = |reason: String| {
        let reason = format!("what is new can't be told: {reason}");
        Conclusion::new(Outcome::Error, "base-unknown", reason)
    };
    let changes = host.changes().await.map_err(unknown)?;
    let tree = match &changes.base {
        None => None,
        Some(_) => Some(host.base_tree().await.map_err(unknown)?),
    };
    let known = match &tree {
        None => Vec::new(),
        Some(tree) => self::check(host, check, Some(tree))
            .await
            .map_err(|inner| unknown(inner.reason.unwrap_or_default()))?
            .findings
            .unwrap_or_default(),
    };
    let mut marks = Marks::new(host, tree.as_deref());
    let then: Vec<String> = known
        .iter()
        .map(|finding| marks.of(finding, finding.path.as_deref()))
        .collect();
    if tree.is_some() {
        host.discard_base_tree();
    }
    let mut marks = Marks::new(host, None);
    let now: Vec<String> = findings
        .iter()
        .map(|finding| marks.of(finding, name_then(&changes, finding.path.as_deref())))
        .collect();
    let all = findings.len();
    let findings = without_known(findings, &now, &then, &changes);
    let old = (all - findings.len()) as u64;
    host.measure(Measurement::count("findings.known", old));
    Ok(Evidence {
        findings: Some(findings),
        ..evidence
    })
}

/// The name that a file had at the base.
fn name_then<'c>(changes: &'c Changes, path: Option<&'c str>) -> Option<&'c str> {
    let changed = changes
        .files
        .iter()
        .find(|file| Some(file.path.as_str()) == path);
    changed.and_then(|file| file.before.as_deref()).or(path)
}

/// Takes as many findings of each mark away as there were; those on changed lines stay longest.
fn without_known(
    findings: Vec<Finding>,
    now: &[String],
    then: &[String],
    changes: &Changes,
) -> Vec<Finding> {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for mark in then {
        *known.entry(mark).or_default() += 1;
    }
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by_key(|index| is_on_changed_line(&findings[*index], changes));
    let mut is_new = vec![true; findings.len()];
    for index in order {
        if let Some(left) = known.get_mut(now[index].as_str()).filter(|left| **left > 0) {
            *left -= 1;
            is_new[index] = false;
        }
    }
    let kept = findings.into_iter().zip(is_new);
    kept.filter_map(|(finding, new)| new.then_some(finding))
        .collect()
}

fn is_on_changed_line(finding: &Finding, changes: &Changes) -> bool {
    let file = changes
        .files
        .iter()
        .find(|file| Some(&file.path) == finding.path.as_ref());
    let line = finding.line.and_then(|line| u32::try_from(line).ok());
    match (file, line) {
        (Some(file), Some(line)) => file.added.iter().any(|range| range.contains(&line)),
        _ => false,
    }
}

/// What a finding is known again by, with the lines of files that were read for it.
struct Marks<'h, H> {
    host: &'h H,
    tree: Option<&'h Path>,
    files: BTreeMap<String, Vec<String>>,
}

impl<'h, H: Host> Marks<'h, H> {
    fn new(host: &'h H, tree: Option<&'h Path>) -> Self {
        Self {
            host,
            tree,
            files: BTreeMap::new(),
        }
    }

    fn of(&mut self, finding: &Finding, path: Option<&str>) -> String {
        let line = match (finding.path.clone(), finding.line) {
            (Some(path), Some(line)) => self.line(path, line),
            _ => String::new(),
        };
        // Numbers in messages, of lines and columns most of all, move with the text.
        let message: String = finding
            .message
            .chars()
            .filter(|c| !c.is_ascii_digit())
            .collect();
        format!(
            "{}\0{}\0{line}\0{message}",
            finding.rule,
            path.unwrap_or_default()
        )
    }

    fn line(&mut self, path: String, line: u64) -> String {
        let (host, tree) = (self.host, self.tree);
        let lines = self.files.entry(path).or_insert_with_key(|path| {
            let file = match tree {
                Some(tree) => tree.join(path).to_string_lossy().into_owned(),
                None => path.clone(),
            };
            let content = host.read(&file).unwrap_or_default();
            let text = String::from_utf8_lossy(&content).into_owned();
            text.lines().map(|line| line.trim().to_owned()).collect()
        });
        let index = usize::try_from(line).unwrap_or(usize::MAX).wrapping_sub(1);
        lines.get(index).cloned().unwrap_or_default()
    }
}
