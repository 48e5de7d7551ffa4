//! For programs that pay by the word: one line if all is well, and what failed.

use std::io::{Result, Write};

use super::digest::{self, Digest};
use super::sanitise::{one_line, plain};
use super::{Output, Sink};
use crate::event::{Event, NodeRecord, RunState, Verdict};
use crate::graph::render::mark::{OUTCOME_MARKS, counted, duration};
use crate::sched::Outcome;

const MOST_FINDINGS: usize = 20;
const MOST_LINES: usize = 15;
const MOST_COLUMNS: usize = 300;

/// A sink that says nothing until the end.
pub(super) fn open(output: Output) -> Box<dyn Sink> {
    Box::new(Agent(output.answer.writer))
}

struct Agent(Box<dyn Write>);

impl Sink for Agent {
    fn on(&mut self, _event: &Event, _state: &RunState) -> Result<()> {
        Ok(())
    }

    fn finish(&mut self, state: &RunState) -> Result<()> {
        let mut text = Vec::new();
        write(state, &mut text)?;
        let text = plain(&String::from_utf8_lossy(&text));
        self.0.write_all(text.as_bytes())?;
        self.0.flush()
    }
}

fn write(state: &RunState, out: &mut dyn Write) -> Result<()> {
    let digest = Digest::of(state);
    verdict(state, &digest, out)?;
    for (place, message) in digest::gates(state) {
        let gap = if place.is_empty() { "" } else { " " };
        writeln!(out, "GATE {place}{gap}{message}")?;
    }
    if let Some(unknown) = digest::gates_unknown(state) {
        writeln!(out, "{unknown}")?;
    }
    for node in &digest.failures {
        failure(state, node, out)?;
    }
    for node in &digest.warnings {
        writeln!(out, "{} (not required)", headline(node))?;
    }
    if state.verdict() != Verdict::Passed {
        unrun(&digest, out)?;
    }
    for (word, said) in state.debt().iter().map(digest::owing) {
        writeln!(out, "DEBT {word} {said}")?;
    }
    for node in &digest.leaked {
        for leak in node.leaks() {
            writeln!(out, "LEAK {}: {}", node.id(), one_line(&leak.message))?;
        }
    }
    for node in &digest.owed {
        writeln!(out, "UP {}: take it down with: sdd recover", node.id())?;
    }
    Ok(())
}

fn verdict(state: &RunState, digest: &Digest<'_>, out: &mut dyn Write) -> Result<()> {
    let counts = digest::counts(state).into_iter();
    let others = counts.filter(|(outcome, _)| *outcome != Outcome::Passed);
    let flaky: Vec<&str> = digest.flaky.iter().map(|node| node.id()).collect();
    let mut parts = vec![
        format!("sdd: {} {}", state.pipeline, state.verdict().as_str()),
        counted(state.nodes.len(), "node"),
    ];
    parts.extend(others.map(|(_, count)| count));
    if !flaky.is_empty() {
        parts.push(format!("flaky: {}", flaky.join(", ")));
    }
    parts.push(duration(state.elapsed_ms));
    writeln!(out, "{}", parts.join(" · "))?;
    for disturbance in digest::disturbances(state) {
        writeln!(out, "{disturbance}")?;
    }
    if state.preface.checkpoint {
        writeln!(out, "{}", digest::CHECKPOINT)?;
    }
    Ok(())
}

fn headline(node: &NodeRecord) -> String {
    let mark = OUTCOME_MARKS
        .iter()
        .find(|mark| Some(mark.outcome) == node.outcome);
    let word = mark.map_or("FAIL", |mark| mark.word);
    let reason = digest::reason(node).map(|reason| format!(": {reason}"));
    let reason = reason.unwrap_or_default();
    format!("{word} {} ({}){reason}", node.id(), node.plan.kind)
}

fn failure(state: &RunState, node: &NodeRecord, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{}", headline(node))?;
    let findings = digest::findings(node);
    for finding in findings.iter().take(MOST_FINDINGS) {
        writeln!(out, "{}", digest::finding_line(finding, MOST_COLUMNS))?;
    }
    if findings.len() > MOST_FINDINGS {
        writeln!(out, "… and {} more", findings.len() - MOST_FINDINGS)?;
    }
    if findings.is_empty() {
        for line in digest::tail(node, MOST_LINES).0 {
            writeln!(out, "| {line}")?;
        }
    }
    // What ran is in the log, and words are dear.
    let ways = digest::ways(state, node).into_iter();
    for way in ways.filter(|way| way.label != "ran") {
        let label = match way.label {
            "again" => "rerun",
            label => label,
        };
        writeln!(out, "{label}: {}", way.text)?;
    }
    Ok(())
}

fn unrun(digest: &Digest<'_>, out: &mut dyn Write) -> Result<()> {
    for group in &digest.unrun {
        let stated = group.nodes.iter().all(|node| node.is_stated_skip());
        if !stated {
            let ids: Vec<&str> = group.nodes.iter().map(|node| node.id()).collect();
            writeln!(out, "{} {}: {}", group.word, ids.join(", "), group.reason)?;
        }
    }
    Ok(())
}
