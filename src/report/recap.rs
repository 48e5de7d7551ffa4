//! What came of a session: the tests, the percentiles and the contracts of a run. What breaks or
//! got slower stands out; what could not be told is never said to be well.

use std::io::{Result, Write};

use serde_json::{Map, Value, json};

use super::digest;
use super::gentle;
use super::json::Number;
use super::markdown::code;
use crate::event::{Finding, Grade, Measurement, NodeRecord, RunState};
use crate::graph::render::mark::duration;
use crate::sched::Outcome;

/// Kinds of nodes of which a summary tells, with its headings.
const TESTS: &str = "test";
const CONTRACT: &str = "contract";

/// What a check of contracts came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Contracts {
    /// It passed, compared all and found nothing that breaks.
    Sound,
    /// It passed, and lets through what breaks.
    Allowed,
    /// It passed, and had nothing to compare with for some or all.
    New,
    /// It found what breaks.
    Broken,
    /// It did not come to an answer.
    Untold,
}

impl Contracts {
    fn of(node: &NodeRecord) -> Self {
        let breaks = breaks(node).next().is_some();
        match node.outcome {
            _ if breaks => Contracts::Broken,
            Some(Outcome::Passed) if count(node, "contract.breaking-waived") > 0.0 => {
                Contracts::Allowed
            }
            Some(Outcome::Passed)
                if count(node, "contract.compared") < count(node, "contract.files") =>
            {
                Contracts::New
            }
            Some(Outcome::Passed) => Contracts::Sound,
            _ => Contracts::Untold,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Contracts::Sound => "sound",
            Contracts::Allowed => "allowed",
            Contracts::New => "new",
            Contracts::Broken => "broken",
            Contracts::Untold => "unknown",
        }
    }
}

/// Findings of a contract node that break somebody.
fn breaks(node: &NodeRecord) -> impl Iterator<Item = &Finding> {
    let findings = node.findings.iter();
    let breaks = |finding: &&Finding| {
        // Rules on the text of a contract and on the service that runs have a family of their own.
        finding.severity >= Grade::High && finding.waiver.is_none() && !finding.rule.contains('/')
    };
    findings.filter(breaks)
}

/// What a node counted; 0 if it did not.
fn count(node: &NodeRecord, name: &str) -> f64 {
    let mut all = node.measurements.iter();
    all.find(|one| one.name == name)
        .map_or(0.0, |one| one.value)
}

/// Findings that say that something got slower.
fn regressions(node: &NodeRecord) -> impl Iterator<Item = &Finding> {
    let findings = node.findings.iter();
    findings.filter(|finding| finding.rule.split('-').any(|word| word == "regression"))
}

/// Measurements of a node whose names begin so.
fn measured<'n>(
    node: &'n NodeRecord,
    prefix: &'static str,
) -> impl Iterator<Item = &'n Measurement> {
    let all = node.measurements.iter();
    all.filter(move |one| {
        one.name
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.starts_with('.'))
    })
}

fn of_kind<'s>(state: &'s RunState, kind: &'static str) -> impl Iterator<Item = &'s NodeRecord> {
    state
        .nodes
        .iter()
        .filter(move |node| &*node.plan.kind == kind)
}

fn benchmarks(state: &RunState) -> impl Iterator<Item = &NodeRecord> {
    state.nodes.iter().filter(|node| {
        &*node.plan.kind == "benchmark" || measured(node, "latency").next().is_some()
    })
}

/// Writes the summary as Markdown that can be read in a terminal.
pub fn summary_markdown(state: &RunState, out: &mut dyn Write) -> Result<()> {
    let (verdict, took) = (state.verdict().as_str(), duration(state.elapsed_ms));
    writeln!(out, "# {}: {verdict}\n", gentle::text(&state.pipeline))?;
    writeln!(out, "run {} in {took}", code(&state.run))?;
    section(
        "Tests",
        "no test suite was part of the run",
        of_kind(state, TESTS),
        out,
        tests,
    )?;
    section(
        "Performance",
        "nothing was measured",
        benchmarks(state),
        out,
        performance,
    )?;
    section(
        "Contracts",
        "no contract was checked",
        of_kind(state, CONTRACT),
        out,
        contracts,
    )?;
    let others = state.nodes.iter().filter(|node| {
        let told = [TESTS, CONTRACT, "benchmark"].contains(&&*node.plan.kind);
        node.is_obstacle() && node.plan.required && !told
    });
    let mut others = others.peekable();
    if others.peek().is_some() {
        writeln!(out, "\n## What else did not pass\n")?;
    }
    for node in others {
        writeln!(out, "- {}: {}", ended(node), gentle::sentence(node.why()))?;
    }
    Ok(())
}

fn section<'s>(
    title: &str,
    nothing: &str,
    nodes: impl Iterator<Item = &'s NodeRecord>,
    out: &mut dyn Write,
    write: fn(&NodeRecord, &mut dyn Write) -> Result<()>,
) -> Result<()> {
    writeln!(out, "\n## {title}\n")?;
    let mut nodes = nodes.peekable();
    if nodes.peek().is_none() {
        return writeln!(out, "{nothing}");
    }
    nodes.try_for_each(|node| write(node, out))
}

/// The node and how it ended, if it did not pass.
fn ended(node: &NodeRecord) -> String {
    let id = code(node.id());
    match node.outcome {
        Some(Outcome::Passed) => id,
        Some(Outcome::Skipped) => format!("{id} {}", digest::ending(node)),
        _ => format!("{id} **{}**", digest::ending(node)),
    }
}

fn tests(node: &NodeRecord, out: &mut dyn Write) -> Result<()> {
    let counts: Vec<String> = ["passed", "failed", "errors", "skipped"]
        .iter()
        .filter_map(|word| {
            let name = format!("tests.{word}");
            let found = node.measurements.iter().find(|one| one.name == name)?;
            Some(format!("{} {word}", found.value))
        })
        .collect();
    let took = duration(node.detail.duration_ms);
    let said = match counts.as_slice() {
        [] => gentle::sentence(node.why()),
        counts => format!("{} in {took}", counts.join(", ")),
    };
    writeln!(out, "- {}: {said}", ended(node))?;
    let failed = node
        .findings
        .iter()
        .filter(|finding| finding.severity >= Grade::High);
    failed.take(MOST).try_for_each(|finding| item(finding, out))
}

/// Findings of one node that are told.
const MOST: usize = 20;

fn item(finding: &Finding, out: &mut dyn Write) -> Result<()> {
    let place = finding.place().map(|place| format!("{} ", code(&place)));
    writeln!(
        out,
        "  - {}{}",
        place.unwrap_or_default(),
        gentle::sentence(&finding.message)
    )
}

fn performance(node: &NodeRecord, out: &mut dyn Write) -> Result<()> {
    let measured: Vec<String> = measured(node, "latency")
        .chain(measured(node, "throughput"))
        .map(|one| format!("{} {}", gentle::text(&one.name), amount(one)))
        .collect();
    let said = match (measured.as_slice(), node.outcome) {
        ([], _) => gentle::sentence(node.why()),
        (measured, Some(Outcome::Passed)) => measured.join(", "),
        (measured, _) => format!("{}: {}", gentle::sentence(node.why()), measured.join(", ")),
    };
    writeln!(out, "- {}: {said}", ended(node))?;
    for finding in regressions(node) {
        writeln!(
            out,
            "  - **⚠ slower**: {}",
            gentle::sentence(&finding.message)
        )?;
    }
    Ok(())
}

fn amount(measurement: &Measurement) -> String {
    let value = measurement.value;
    match measurement.unit.as_str() {
        "ms" => format!("{value} ms"),
        "per-second" => format!("{value}/s"),
        "percent" => format!("{value} %"),
        "us" => format!("{value} µs"),
        "bytes" => format!("{value} B"),
        "bytes-per-second" => format!("{value} B/s"),
        _ => format!("{value}"),
    }
}

fn contracts(node: &NodeRecord, out: &mut dyn Write) -> Result<()> {
    let breaks: Vec<&Finding> = breaks(node).collect();
    let said = match Contracts::of(node) {
        Contracts::Sound => "no breaking changes".to_owned(),
        Contracts::Allowed => match count(node, "contract.breaking-waived") {
            1.0 => "1 breaking change, let through".to_owned(),
            count => format!("{count} breaking changes, let through"),
        },
        Contracts::New if count(node, "contract.compared") == 0.0 => {
            "not compared with anything".to_owned()
        }
        Contracts::New => format!(
            "{} of {} compared with what was there before, nothing in them breaks",
            count(node, "contract.compared"),
            count(node, "contract.files")
        ),
        Contracts::Broken if breaks.len() == 1 => "**⚠ 1 breaking change**".to_owned(),
        Contracts::Broken => format!("**⚠ {} breaking changes**", breaks.len()),
        Contracts::Untold => format!(
            "whether something breaks is not known: {}",
            gentle::sentence(node.why())
        ),
    };
    writeln!(out, "- {}: {said}", ended(node))?;
    breaks
        .into_iter()
        .take(MOST)
        .try_for_each(|finding| item(finding, out))
}

/// The same as data.
pub fn summary_document(state: &RunState) -> Value {
    let tests = of_kind(state, TESTS).map(|node| {
        let mut row = row(node);
        row.insert("counts".to_owned(), numbers(measured(node, "tests")));
        row
    });
    let performance = benchmarks(state).map(|node| {
        let mut row = row(node);
        let all = measured(node, "latency").chain(measured(node, "throughput"));
        row.insert("measurements".to_owned(), numbers(all));
        row.insert(
            "regressions".to_owned(),
            json!(regressions(node).collect::<Vec<_>>()),
        );
        row
    });
    let contracts = of_kind(state, CONTRACT).map(|node| {
        let mut row = row(node);
        row.insert("contracts".to_owned(), json!(Contracts::of(node).word()));
        row.insert(
            "breaking".to_owned(),
            json!(breaks(node).collect::<Vec<_>>()),
        );
        row
    });
    json!({
        "schema": "sdd.summary/1",
        "run": state.run,
        "pipeline": state.pipeline,
        "verdict": state.verdict().as_str(),
        "duration_ms": state.elapsed_ms,
        "tests": tests.collect::<Vec<_>>(),
        "performance": performance.collect::<Vec<_>>(),
        "contracts": contracts.collect::<Vec<_>>(),
    })
}

fn row(node: &NodeRecord) -> Map<String, Value> {
    let row = json!({"node": node.id(), "outcome": node.outcome, "reason": node.detail.reason});
    match row {
        Value::Object(row) => row,
        _ => Map::new(),
    }
}

fn numbers<'n>(measurements: impl Iterator<Item = &'n Measurement>) -> Value {
    let named = measurements.map(|one| (one.name.clone(), json!(Number::of(one.value))));
    Value::Object(named.collect())
}
