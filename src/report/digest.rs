//! What deserves a reader's attention, chosen once for all formats.

use super::sanitise::one_line;
use crate::event::{Debt, Finding, NodeRecord, Payment, RunState};
use crate::graph::render::mark::truncate;
use crate::sched::Outcome;

/// The nodes of a run by what is to be said of them, each list in plan order.
pub(super) struct Digest<'s> {
    /// Required, and did not pass although they ran.
    pub(super) failures: Vec<&'s NodeRecord>,
    /// The same, not required.
    pub(super) warnings: Vec<&'s NodeRecord>,
    /// Did not run, or not to the end.
    pub(super) unrun: Vec<Unrun<'s>>,
    /// Passed, not at the first attempt.
    pub(super) flaky: Vec<&'s NodeRecord>,
    /// Left processes behind.
    pub(super) leaked: Vec<&'s NodeRecord>,
    /// Reported something that does not count, and are not told of otherwise.
    pub(super) waived: Vec<&'s NodeRecord>,
    /// Environments that are still up.
    pub(super) owed: Vec<&'s NodeRecord>,
}

/// Nodes that did not run for the same reason.
pub(super) struct Unrun<'s> {
    /// `skipped`, `cancelled` or `unfinished`.
    pub(super) word: &'static str,
    /// Why.
    pub(super) reason: String,
    /// Which.
    pub(super) nodes: Vec<&'s NodeRecord>,
}

impl<'s> Digest<'s> {
    pub(super) fn of(state: &'s RunState) -> Self {
        let all = |wanted: &dyn Fn(&NodeRecord) -> bool| -> Vec<&'s NodeRecord> {
            state.nodes.iter().filter(|node| wanted(node)).collect()
        };
        Self {
            failures: all(&|node| is_failure(node) && node.plan.required),
            warnings: all(&|node| is_failure(node) && !node.plan.required),
            unrun: unrun(state),
            flaky: all(&|node| node.has_mark("flaky")),
            leaked: all(&|node| node.has_mark("leaked")),
            waived: all(&|node| !is_failure(node) && waived(node).next().is_some()),
            owed: state.owed().collect(),
        }
    }
}

fn is_failure(node: &NodeRecord) -> bool {
    node.outcome.is_some_and(Outcome::is_failure)
}

fn unrun(state: &RunState) -> Vec<Unrun<'_>> {
    let mut groups: Vec<Unrun<'_>> = Vec::new();
    for node in &state.nodes {
        let word = match node.outcome {
            Some(Outcome::Skipped | Outcome::Cancelled) => ending(node),
            None => "unfinished",
            _ => continue,
        };
        let reason = reason(node).unwrap_or_default();
        let same = |group: &&mut Unrun<'_>| group.word == word && group.reason == reason;
        match groups.iter_mut().find(same) {
            Some(group) => group.nodes.push(node),
            None => groups.push(Unrun {
                word,
                reason,
                nodes: vec![node],
            }),
        }
    }
    groups
}

/// The word for how it ended; a run that was broken off leaves nodes `unfinished`.
pub(super) fn ending(node: &NodeRecord) -> &'static str {
    node.outcome.map_or("unfinished", Outcome::as_str)
}

/// Why it ended so, on one line; a stable word where nobody said it in a sentence.
pub(super) fn reason(node: &NodeRecord) -> Option<String> {
    let detail = &node.detail;
    let said = detail.reason.as_deref().or(detail.code.as_deref())?;
    Some(one_line(said))
}

/// What it reported, the worst first; what does not count comes last.
pub(super) fn findings(node: &NodeRecord) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = node.findings.iter().collect();
    findings.sort_by_key(|finding| {
        let severity = std::cmp::Reverse(finding.severity);
        (finding.waiver.is_some(), severity)
    });
    findings
}

/// What it reported and does not count.
pub(super) fn waived(node: &NodeRecord) -> impl Iterator<Item = &Finding> {
    let findings = node.findings.iter();
    findings.filter(|finding| finding.waiver.is_some())
}

/// What a finding is about: a place in a file, or a package.
pub(super) fn subject(finding: &Finding) -> Option<String> {
    let package = || {
        let advisory = finding.advisory.as_ref()?;
        let version = advisory.version.iter().map(|version| format!(" {version}"));
        Some(advisory.package.clone() + &version.collect::<String>())
    };
    let subject = package().or_else(|| finding.place())?;
    Some(one_line(&subject))
}

/// What else is to be said of a finding, a few words each.
pub(super) fn remarks(finding: &Finding) -> Vec<String> {
    let fixed_in = finding.advisory.as_ref().map(|advisory| &advisory.fixed_in);
    let fixed_in = fixed_in.filter(|versions| !versions.is_empty());
    let fixed_in = fixed_in.map(|versions| format!("fixed in {}", versions.join(", ")));
    let fixable = finding.fixable.then(|| "fixable".to_owned());
    let waiver = finding.waiver.as_ref();
    let waiver = waiver.map(|reason| format!("waived: {reason}"));
    let remarks = fixed_in.into_iter().chain(fixable).chain(waiver);
    remarks.map(|remark| one_line(&remark)).collect()
}

/// A finding on one line: what it is about, how much it weighs, its id, and what it says.
pub(super) fn finding_line(finding: &Finding, columns: usize) -> String {
    let rule = Some(one_line(&finding.rule)).filter(|rule| !rule.is_empty());
    let remarks = remarks(finding);
    let remarks = (!remarks.is_empty()).then(|| format!("({})", remarks.join("; ")));
    let words = [
        subject(finding).map(|subject| format!("{subject}:")),
        Some(finding.severity.as_str().to_owned()),
        rule,
        Some(message(finding, columns)),
        remarks,
    ];
    let words: Vec<String> = words.into_iter().flatten().collect();
    words.join(" ")
}

/// Its message on one line of at most `columns`.
pub(super) fn message(finding: &Finding, columns: usize) -> String {
    truncate(&one_line(&finding.message), columns, "...")
}

/// The last `limit` lines that it printed, without control characters other than colours, and
/// whether there is more.
pub(super) fn tail(node: &NodeRecord, limit: usize) -> (Vec<String>, bool) {
    let Some((text, omitted)) = &node.output else {
        return (Vec::new(), false);
    };
    let text = super::sanitise(text.trim_end());
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.len().saturating_sub(limit);
    let shown = lines[first..].iter().map(|line| (*line).to_owned());
    (shown.collect(), first > 0 || *omitted > 0)
}

/// How many nodes ended how, without zeros: `5 passed, 1 failed`.
pub(super) fn counts(state: &RunState) -> Vec<(Outcome, String)> {
    let counts = state.counts();
    let present = counts.iter().filter(|(_, count)| *count > 0);
    present
        .map(|(outcome, count)| (outcome, format!("{count} {outcome}")))
        .collect()
}

/// Why the run is not one that ran to its end, a sentence each.
pub(super) fn disturbances(state: &RunState) -> Vec<String> {
    let called_off = state.escalation.as_ref();
    let called_off = called_off.map(|(_, reason)| one_line(reason));
    let broke_off = (!state.finished).then(|| "the run broke off before it ended".to_owned());
    called_off.into_iter().chain(broke_off).collect()
}

/// What was known when the run began, for readers: the weakened gates with their places.
pub(super) fn gates(state: &RunState) -> Vec<(String, String)> {
    let changes = state.preface.gates_changed.iter();
    let told = changes.map(|change| (change.place().unwrap_or_default(), &change.message));
    told.map(|(place, message)| (one_line(&place), one_line(message)))
        .collect()
}

/// Why nothing is known of the gates, in a sentence.
pub(super) fn gates_unknown(state: &RunState) -> Option<String> {
    let reason = state.preface.gates_unknown.as_deref()?;
    Some(format!(
        "whether gates were changed is not known: {}",
        one_line(reason)
    ))
}

/// What is said of a run that blocks nothing.
pub(super) const CHECKPOINT: &str = "a checkpoint: it blocks nothing";

/// The word for how debt stands, and a sentence about it.
pub(super) fn owing((debt, payment): &(Debt, Payment)) -> (&'static str, String) {
    let since = format!("`{}`, let through by {}", debt.node, debt.since);
    let word = match payment {
        Payment::Paid => "paid",
        Payment::Owed => "owed",
        Payment::Gone => "gone",
    };
    (word, one_line(&format!("{since}: {}", debt.reason)))
}

/// What helps to go on with a node.
pub(super) struct Way {
    /// `mend`, `ran`, `log` or `again`.
    pub(super) label: &'static str,
    /// On one line; a sentence for `mend`, otherwise something to copy.
    pub(super) text: String,
}

/// How it can be mended, how it ran, where to look, and how to run it again.
pub(super) fn ways(state: &RunState, node: &NodeRecord) -> Vec<Way> {
    let detail = &node.detail;
    let mut ways: Vec<Way> = Vec::new();
    let mut way = |label, text: &str| {
        let text = one_line(text);
        ways.push(Way { label, text });
    };
    detail.remedy.iter().for_each(|step| way("mend", step));
    if !detail.command.is_empty() {
        way(
            "ran",
            &shell_line(detail.command.iter().map(String::as_str)),
        );
    }
    detail.log.iter().for_each(|log| way("log", log));
    way("again", &rerun(state, node));
    ways
}

/// The command line that runs this node again, ready for a shell.
pub(super) fn rerun(state: &RunState, node: &NodeRecord) -> String {
    let words = ["sdd", "run", &state.pipeline, "--only", node.id()];
    let options = state.options.iter().map(String::as_str);
    shell_line(words.into_iter().chain(options))
}

/// Words as a POSIX shell takes them.
pub(super) fn shell_line<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let quoted: Vec<String> = words.into_iter().map(shell_word).collect();
    quoted.join(" ")
}

fn shell_word(word: &str) -> String {
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:@%+=,".contains(&byte);
    if !word.is_empty() && word.bytes().all(harmless) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}
