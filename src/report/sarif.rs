//! SARIF 2.1.0: every finding a result, every node in the properties of the run.
//!
//! A node that did not pass without a finding to say so is a notification of the invocation, and so
//! is a weakened gate. An invocation is successful if every node that ran could tell.

use std::collections::BTreeMap;
use std::io::{Result, Write};

use serde_json::{Map, Value, json};

use super::Style;
use super::diagnostic::relative_uri;
use super::digest;
use super::sanitise::{one_line, plain};
use crate::event::{Finding, Grade, NodeRecord, RunState};
use crate::id::fingerprint;
use crate::sched::Outcome;

/// Writes the log and a line break.
pub(super) fn write(state: &RunState, _style: &Style, out: &mut dyn Write) -> Result<()> {
    let mut log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run(state)],
    });
    clean(&mut log);
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)?;
    out.flush()
}

/// Leaves nothing in any text that a terminal obeys.
fn clean(log: &mut Value) {
    let mut open = vec![log];
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) => *text = plain(text),
            Value::Array(items) => open.extend(items),
            Value::Object(fields) => open.extend(fields.values_mut()),
            _ => {}
        }
    }
}

fn run(state: &RunState) -> Value {
    let mut fingerprints = Fingerprints::default();
    let found = state.nodes.iter().flat_map(|node| {
        let findings = node.findings.iter();
        findings.map(move |finding| (node, finding))
    });
    let results: Vec<Value> = found
        .map(|(node, finding)| result(node, finding, &mut fingerprints))
        .collect();
    let nodes: Vec<Value> = state.nodes.iter().map(|each| node(state, each)).collect();
    json!({
        "tool": { "driver": {
            "name": "sdd",
            "version": env!("CARGO_PKG_VERSION"),
            "rules": rules(state),
        } },
        "automationDetails": { "id": format!("sdd/{}/", one_line(&state.pipeline)) },
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation(state)],
        "results": results,
        "properties": {
            "gates_changed": state.preface.gates_changed,
            "run": state.run,
            "verdict": state.verdict().as_str(),
            "checkpoint": state.preface.checkpoint,
            "nodes": nodes,
            "debt": debt(state),
        },
    })
}

fn debt(state: &RunState) -> Vec<Value> {
    let debt = state.debt();
    let told = debt.iter().map(digest::owing);
    told.map(|(word, said)| json!({ "state": word, "text": said }))
        .collect()
}

/// What findings are of, each once.
fn rules(state: &RunState) -> Vec<Value> {
    let findings = state.nodes.iter().flat_map(|node| {
        let findings = node.findings.iter();
        findings.map(|finding| (rule_id(node, finding), finding))
    });
    let mut rules: BTreeMap<String, Value> = BTreeMap::new();
    for (id, finding) in findings {
        let url = finding
            .advisory
            .as_ref()
            .and_then(|known| known.url.as_ref());
        rules.entry(id.clone()).or_insert_with(|| {
            let mut rule = json!({ "id": id });
            if let Some(url) = url {
                rule["helpUri"] = one_line(url).replace(' ', "%20").into();
            }
            rule
        });
    }
    rules.into_values().collect()
}

fn rule_id(node: &NodeRecord, finding: &Finding) -> String {
    let rule = one_line(&finding.rule);
    if rule.is_empty() {
        node.plan.kind.clone()
    } else {
        rule
    }
}

fn result(node: &NodeRecord, finding: &Finding, fingerprints: &mut Fingerprints) -> Value {
    let level = match finding.severity {
        Grade::Critical | Grade::High => "error",
        Grade::Medium => "warning",
        Grade::Low | Grade::Info => "note",
    };
    let mut result = json!({
        "ruleId": rule_id(node, finding),
        "level": level,
        "message": { "text": text(&finding.message) },
        "partialFingerprints": { "sddFinding/v1": fingerprints.of(node, finding) },
        "properties": {
            "node": node.id(),
            "severity": finding.severity.as_str(),
            "required": node.plan.required,
            "fixable": finding.fixable,
        },
    });
    if let Some(path) = &finding.path {
        result["locations"] = json!([location(path, finding.line, finding.column)]);
    }
    if let Some(waiver) = &finding.waiver {
        let suppression = json!({ "kind": "external", "justification": text(waiver) });
        result["suppressions"] = json!([suppression]);
    }
    if let Some(advisory) = &finding.advisory {
        result["properties"]["advisory"] = json!(advisory);
    }
    result
}

fn location(path: &str, line: Option<u64>, column: Option<u64>) -> Value {
    let mut place = json!({
        "artifactLocation": { "uri": relative_uri(path), "uriBaseId": "%SRCROOT%" },
    });
    let mut region = Map::new();
    for (name, number) in [("startLine", line), ("startColumn", column)] {
        let number = number.filter(|number| *number > 0);
        region.extend(number.map(|number| (name.to_owned(), number.into())));
    }
    if region.contains_key("startLine") {
        place["region"] = region.into();
    }
    json!({ "physicalLocation": place })
}

/// A text that is not empty, which a message has to be.
fn text(text: &str) -> String {
    match plain(text) {
        empty if empty.is_empty() => "(nothing was said)".to_owned(),
        said => said,
    }
}

fn invocation(state: &RunState) -> Value {
    let told = state.nodes.iter().all(|node| {
        let silent = [Outcome::Error, Outcome::TimedOut, Outcome::Cancelled];
        node.outcome
            .is_some_and(|outcome| !silent.contains(&outcome))
    });
    let gates = state.preface.gates_changed.iter().map(|change| {
        let mut notification = notification("gate-changed", "warning", &change.message);
        if let Some(path) = &change.path {
            notification["locations"] = json!([location(path, change.line, None)]);
        }
        notification
    });
    let unknown = digest::gates_unknown(state);
    let unknown = unknown.map(|unknown| notification("gates-unknown", "note", &unknown));
    let silent = state.nodes.iter().filter(|node| {
        let is_told = node.outcome == Some(Outcome::Failed) && !node.findings.is_empty();
        node.is_obstacle() && !is_told
    });
    let notifications: Vec<Value> = gates
        .chain(unknown)
        .chain(silent.map(|node| did_not_pass(state, node)))
        .collect();
    json!({
        "executionSuccessful": told,
        "exitCode": state.exit_code(),
        "startTimeUtc": state.started_at,
        "toolExecutionNotifications": notifications,
    })
}

fn did_not_pass(state: &RunState, node: &NodeRecord) -> Value {
    let level = if node.plan.required {
        "error"
    } else {
        "warning"
    };
    let reason = digest::reason(node).map(|reason| format!(": {reason}"));
    let head = format!(
        "{} {}{}",
        node.id(),
        digest::ending(node),
        reason.unwrap_or_default()
    );
    let ways = digest::ways(state, node).into_iter();
    let ways = ways.map(|way| format!("{}: {}", way.label, way.text));
    let lines: Vec<String> = std::iter::once(head).chain(ways).collect();
    let mut notification = notification(digest::ending(node), level, &lines.join("\n"));
    notification["properties"] = json!({ "node": node.id() });
    notification
}

fn notification(id: &str, level: &str, said: &str) -> Value {
    json!({
        "descriptor": { "id": format!("sdd/{id}") },
        "level": level,
        "message": { "text": text(said) },
    })
}

fn node(state: &RunState, node: &NodeRecord) -> Value {
    json!({
        "id": node.id(),
        "kind": node.plan.kind,
        "required": node.plan.required,
        "outcome": node.outcome,
        "reason": digest::reason(node),
        "code": node.detail.code,
        "duration_ms": node.detail.duration_ms,
        "log": node.detail.log,
        "rerun": digest::rerun(state, node),
        "marks": node.detail.marks,
    })
}

/// Tells findings apart by what they say and not by their line, so that moved ones stay the same.
#[derive(Default)]
struct Fingerprints(BTreeMap<u64, usize>);

impl Fingerprints {
    fn of(&mut self, node: &NodeRecord, finding: &Finding) -> String {
        let path = finding.path.as_deref().unwrap_or_default();
        let package = finding
            .advisory
            .as_ref()
            .map(|known| known.package.as_str());
        let words = [
            node.id(),
            &finding.rule,
            path,
            package.unwrap_or_default(),
            &finding.message,
        ];
        let hash = fingerprint(words.join("\0").as_bytes());
        let same = self.0.entry(hash).or_default();
        *same += 1;
        format!("{hash:016x}:{same}")
    }
}
