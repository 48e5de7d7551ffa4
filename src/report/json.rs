//! One document about a run, schema `sdd.report/1`.

use std::collections::BTreeMap;
use std::io::{BufWriter, Result, Write};
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use super::digest::rerun;
use super::sanitise::QuietJson;
use super::{Output, Sink, Stream, Style};
use crate::event::{self, Event, Finding, GateChange, NodeRecord, Payment, RunState};
use crate::sched::Outcome;

#[derive(Serialize)]
struct Document<'s> {
    schema: &'static str,
    run: &'s str,
    pipeline: &'s str,
    verdict: &'static str,
    exit_code: u8,
    checkpoint: bool,
    gates_changed: &'s [GateChange],
    gates_unknown: Option<&'s str>,
    started_at: &'s str,
    duration_ms: u64,
    critical_path: Vec<&'s str>,
    counts: Map<String, Value>,
    nodes: Vec<Node<'s>>,
    debt: Vec<Debt>,
}

#[derive(Serialize)]
struct Debt {
    node: Arc<str>,
    reason: String,
    since: String,
    paid: bool,
}

#[derive(Serialize)]
struct Node<'s> {
    id: &'s str,
    kind: &'s str,
    required: bool,
    /// Null if the run broke off before the node was done.
    outcome: Option<Outcome>,
    reason: Option<&'s str>,
    code: Option<&'s str>,
    needs: Vec<&'s str>,
    attempts: u32,
    exit_code: Option<i32>,
    duration_ms: u64,
    command: &'s [String],
    log: Option<&'s str>,
    rerun: String,
    findings: &'s [Finding],
    measurements: BTreeMap<&'s str, Number>,
    marks: &'s [String],
    remedy: &'s [String],
}

/// A number that is whole is written so.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Number {
    Whole(i64),
    Broken(f64),
}

impl Number {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "below 2^53 a whole number is the same as an integer"
    )]
    pub(super) fn of(value: f64) -> Self {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if value.fract() == 0.0 && value.abs() < EXACT {
            Self::Whole(value as i64)
        } else {
            Self::Broken(value)
        }
    }
}

impl<'s> Document<'s> {
    fn of(state: &'s RunState) -> Self {
        let count = |(outcome, count): (Outcome, usize)| (outcome.to_string(), Value::from(count));
        Self {
            schema: "sdd.report/1",
            run: &state.run,
            pipeline: &state.pipeline,
            verdict: state.verdict().as_str(),
            exit_code: state.exit_code(),
            checkpoint: state.preface.checkpoint,
            gates_changed: &state.preface.gates_changed,
            gates_unknown: state.preface.gates_unknown.as_deref(),
            started_at: &state.started_at,
            duration_ms: state.elapsed_ms,
            critical_path: state.critical_path(),
            counts: state.counts().iter().map(count).collect(),
            nodes: state.nodes.iter().map(|node| of(state, node)).collect(),
            debt: state.debt().into_iter().map(debt).collect(),
        }
    }
}

fn debt((debt, payment): (event::Debt, Payment)) -> Debt {
    Debt {
        node: debt.node,
        reason: debt.reason,
        since: debt.since,
        paid: payment == Payment::Paid,
    }
}

fn of<'s>(state: &RunState, node: &'s NodeRecord) -> Node<'s> {
    let detail = &node.detail;
    let measured = node.measurements.iter();
    Node {
        id: node.id(),
        kind: &node.plan.kind,
        required: node.plan.required,
        outcome: node.outcome,
        reason: detail.reason.as_deref(),
        code: detail.code.as_deref(),
        needs: node.plan.needs.iter().map(AsRef::as_ref).collect(),
        attempts: node.attempts,
        exit_code: detail.exit_code,
        duration_ms: detail.duration_ms,
        command: &detail.command,
        log: detail.log.as_deref(),
        rerun: rerun(state, node),
        findings: &node.findings,
        measurements: measured
            .map(|one| (one.name.as_str(), Number::of(one.value)))
            .collect(),
        marks: &detail.marks,
        remedy: &detail.remedy,
    }
}

/// Writes the document.
pub(super) fn write(state: &RunState, _style: &Style, out: &mut dyn Write) -> Result<()> {
    let mut quiet = BufWriter::new(QuietJson::new(&mut *out));
    serde_json::to_writer_pretty(&mut quiet, &Document::of(state))?;
    quiet.flush()?;
    drop(quiet);
    writeln!(out)?;
    out.flush()
}

/// A sink that says nothing until the end.
pub(super) fn open(output: Output) -> Box<dyn Sink> {
    Box::new(Json(output.answer))
}

struct Json(Stream);

impl Sink for Json {
    fn on(&mut self, _event: &Event, _state: &RunState) -> Result<()> {
        Ok(())
    }

    fn finish(&mut self, state: &RunState) -> Result<()> {
        write(state, &self.0.style, &mut self.0.writer)
    }
}
