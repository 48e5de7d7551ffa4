//! `JUnit` XML: one suite, one case for every node.
//!
//! A case is red if and only if the node keeps the run from passing: `failed` is a failure, what
//! could not tell is an error. What is not required is never red: it is skipped, with how it ended
//! in its message. What was skipped or called off is skipped too, unless nothing else in the run
//! were red although it did not pass: a run that did not pass never looks green.

use std::io::{Result, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::Style;
use super::digest;
use super::sanitise::plain;
use crate::event::{NodeRecord, RunState, Verdict};
use crate::sched::Outcome;

const MOST_LINES: usize = 40;
const MOST_COLUMNS: usize = 2000;

/// What a case is to a reader of `JUnit` XML, by the name of its element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Passed,
    Failure,
    Error,
    Skipped,
}

/// Writes the report.
pub(super) fn write(state: &RunState, _style: &Style, out: &mut dyn Write) -> Result<()> {
    let cases = cases(state);
    let mut page = Page(Writer::new_with_indent(&mut *out, b' ', 2));
    page.0
        .write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let count = |wanted| {
        cases
            .iter()
            .filter(|(_, case)| *case == wanted)
            .count()
            .to_string()
    };
    let (tests, time) = (cases.len().to_string(), seconds(state.elapsed_ms));
    let (failures, errors, skipped) = (
        count(Case::Failure),
        count(Case::Error),
        count(Case::Skipped),
    );
    let shared = [
        ("name", state.pipeline.as_str()),
        ("tests", &tests),
        ("failures", &failures),
        ("errors", &errors),
        ("time", &time),
    ];
    page.open("testsuites", &shared)?;
    let own = [
        ("skipped", skipped.as_str()),
        ("timestamp", &state.started_at),
    ];
    page.open("testsuite", &[&shared[..], &own].concat())?;
    page.properties(state)?;
    for (node, case) in &cases {
        page.case(state, node, *case)?;
    }
    page.close("testsuite")?;
    page.close("testsuites")?;
    writeln!(out)?;
    out.flush()
}

fn cases(state: &RunState) -> Vec<(&NodeRecord, Case)> {
    let mut cases: Vec<(&NodeRecord, Case)> =
        state.nodes.iter().map(|node| (node, case(node))).collect();
    let is_red = cases
        .iter()
        .any(|(_, case)| matches!(case, Case::Failure | Case::Error));
    if state.verdict() != Verdict::Passed && !is_red {
        let obstacles = cases.iter_mut().filter(|(node, _)| is_obstacle(node));
        obstacles.for_each(|(_, case)| *case = Case::Error);
    }
    cases
}

fn is_obstacle(node: &NodeRecord) -> bool {
    node.plan.required && node.is_obstacle()
}

fn case(node: &NodeRecord) -> Case {
    match node.outcome {
        Some(Outcome::Passed) => Case::Passed,
        Some(Outcome::Skipped | Outcome::Cancelled) => Case::Skipped,
        _ if !node.plan.required => Case::Skipped,
        Some(Outcome::Failed) => Case::Failure,
        Some(Outcome::Error | Outcome::TimedOut) | None => Case::Error,
    }
}

struct Page<W: Write>(Writer<W>);

impl<W: Write> Page<W> {
    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> Result<()> {
        let element = element(name, attributes);
        self.0.write_event(Event::Start(element))
    }

    fn close(&mut self, name: &str) -> Result<()> {
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) -> Result<()> {
        self.open(name, attributes)?;
        let text = clean(text);
        self.0.write_event(Event::Text(BytesText::new(&text)))?;
        self.close(name)
    }

    fn properties(&mut self, state: &RunState) -> Result<()> {
        self.open("properties", &[])?;
        let gates = digest::gates(state).into_iter();
        let gates = gates.map(|(place, message)| {
            let said = format!("{place} {message}");
            ("sdd.gate-changed", said.trim().to_owned())
        });
        let unknown = digest::gates_unknown(state).map(|unknown| ("sdd.gates-unknown", unknown));
        let checkpoint = state.preface.checkpoint.to_string();
        let facts = [
            ("sdd.run", state.run.clone()),
            ("sdd.verdict", state.verdict().as_str().to_owned()),
            ("sdd.exit-code", state.exit_code().to_string()),
            ("sdd.checkpoint", checkpoint),
        ];
        let debt = state.debt();
        let debt = debt.iter().map(digest::owing);
        let debt = debt.map(|(word, said)| ("sdd.debt", format!("{word}: {said}")));
        for (name, value) in gates.chain(unknown).chain(facts).chain(debt) {
            let element = element("property", &[("name", name), ("value", &value)]);
            self.0.write_event(Event::Empty(element))?;
        }
        self.close("properties")
    }

    fn case(&mut self, state: &RunState, node: &NodeRecord, case: Case) -> Result<()> {
        let class = format!("{}.{}", state.pipeline, node.plan.kind);
        let time = seconds(node.detail.duration_ms);
        let attributes = [("name", node.id()), ("classname", &class), ("time", &time)];
        self.open("testcase", &attributes)?;
        let kind = node.detail.code.as_deref().unwrap_or(digest::ending(node));
        let (message, said) = (message(node, case), told(state, node));
        let attributes = [("type", kind), ("message", &message)];
        match case {
            Case::Passed => {}
            Case::Failure => self.text("failure", &attributes, &said)?,
            Case::Error => self.text("error", &attributes, &said)?,
            Case::Skipped => self
                .0
                .write_event(Event::Empty(element("skipped", &attributes)))?,
        }
        let output = output(node, case, &said);
        if !output.is_empty() {
            self.text("system-out", &[], &output)?;
        }
        self.close("testcase")
    }
}

/// Why it is not green, on one line.
fn message(node: &NodeRecord, case: Case) -> String {
    let reason = digest::reason(node);
    let ending = digest::ending(node);
    let is_amber = case == Case::Skipped && node.outcome.is_none_or(Outcome::is_failure);
    match (is_amber, reason) {
        (true, Some(reason)) => format!("not required: {ending}: {reason}"),
        (true, None) => format!("not required: {ending}"),
        (false, Some(reason)) => reason,
        (false, None) => ending.to_owned(),
    }
}

/// What it reported and how to go on.
fn told(state: &RunState, node: &NodeRecord) -> String {
    let findings = digest::findings(node).into_iter();
    let findings = findings.map(|finding| digest::finding_line(finding, MOST_COLUMNS));
    let ways = digest::ways(state, node).into_iter();
    let ways = ways.map(|way| format!("{}: {}", way.label, way.text));
    let lines: Vec<String> = findings.chain(ways).collect();
    lines.join("\n")
}

/// What stands beside the verdict on a node: what its verdict has no room for, and its log.
fn output(node: &NodeRecord, case: Case, said: &str) -> String {
    let mut parts = Vec::new();
    let is_told = matches!(case, Case::Failure | Case::Error);
    if !is_told && !node.findings.is_empty() {
        parts.push(said.to_owned());
    }
    if !node.detail.marks.is_empty() {
        parts.push(node.detail.marks.join(", "));
    }
    let (lines, _) = digest::tail(node, MOST_LINES);
    if !lines.is_empty() {
        parts.push(plain(&lines.join("\n")));
    }
    parts.join("\n\n")
}

fn element<'e>(name: &'e str, attributes: &[(&str, &str)]) -> BytesStart<'e> {
    let mut element = BytesStart::new(name);
    for (name, value) in attributes {
        let value = clean(value);
        element.push_attribute((*name, value.as_str()));
    }
    element
}

/// Without what XML 1.0 has no place for.
fn clean(text: &str) -> String {
    let allowed = |character: &char| !matches!(character, '\u{fffe}' | '\u{ffff}');
    plain(text).chars().filter(allowed).collect()
}

fn seconds(milliseconds: u64) -> String {
    format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000)
}
