//! A run as Markdown, for pull requests and job summaries.

use std::io::{Result, Write};

use super::Style;
use super::digest::{self, Digest};
use super::prose::{Piece, pieces};
use super::sanitise::{one_line, plain};
use crate::event::{Finding, NodeRecord, RunState};
use crate::graph::render::mark::{OUTCOME_MARKS, duration};

const MOST_FINDINGS: usize = 50;
const MOST_LINES: usize = 40;

/// Writes the report.
pub(super) fn write(state: &RunState, _style: &Style, out: &mut dyn Write) -> Result<()> {
    let digest = Digest::of(state);
    head(state, out)?;
    gates(state, out)?;
    table(state, out)?;
    for node in digest.failures.iter().chain(&digest.warnings) {
        failure(state, node, out)?;
    }
    waived(&digest, out)?;
    debt(state, out)?;
    if !digest.owed.is_empty() {
        let ids: Vec<String> = digest.owed.iter().map(|node| code(node.id())).collect();
        let ids = ids.join(", ");
        writeln!(out, "\nStill up: {ids}. `sdd recover` takes it down.")?;
    }
    Ok(())
}

fn head(state: &RunState, out: &mut dyn Write) -> Result<()> {
    let counts: Vec<String> = digest::counts(state)
        .into_iter()
        .map(|(_, count)| count)
        .collect();
    let name = escape(&state.pipeline);
    let (verdict, took) = (state.verdict().as_str(), duration(state.elapsed_ms));
    writeln!(out, "## {name}: {verdict}\n")?;
    writeln!(
        out,
        "{} in {took} · run {}",
        counts.join(", "),
        code(&state.run)
    )?;
    for disturbance in digest::disturbances(state) {
        writeln!(out, "\n{}", prose(&disturbance))?;
    }
    if state.preface.checkpoint {
        writeln!(out, "\nThis is {}.", digest::CHECKPOINT)?;
    }
    Ok(())
}

fn gates(state: &RunState, out: &mut dyn Write) -> Result<()> {
    let gates = digest::gates(state);
    if !gates.is_empty() {
        writeln!(out, "\n### ⚠ Gates changed\n")?;
    }
    for (place, message) in gates {
        let place = Some(place).filter(|place| !place.is_empty());
        let place = place.map(|place| format!(" ({})", code(&place)));
        writeln!(out, "- {}{}", prose(&message), place.unwrap_or_default())?;
    }
    match digest::gates_unknown(state) {
        Some(unknown) => writeln!(out, "\n{}", prose(&unknown)),
        None => Ok(()),
    }
}

fn waived(digest: &Digest<'_>, out: &mut dyn Write) -> Result<()> {
    if digest.waived.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### Waived\n")?;
    for finding in digest.waived.iter().flat_map(|node| digest::waived(node)) {
        item(finding, out)?;
    }
    Ok(())
}

fn debt(state: &RunState, out: &mut dyn Write) -> Result<()> {
    let debt = state.debt();
    if debt.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### Debt\n")?;
    for (word, said) in debt.iter().map(digest::owing) {
        writeln!(out, "- {word}: {}", prose(&said))?;
    }
    Ok(())
}

fn table(state: &RunState, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "\n| | node | kind | outcome | time | |")?;
    writeln!(out, "|---|---|---|---|---:|---|")?;
    for node in &state.nodes {
        let took = node.started_ms.map(|_| duration(node.detail.duration_ms));
        let optional = if node.plan.required {
            ""
        } else {
            ", not required"
        };
        let mut why: Vec<String> = digest::reason(node).into_iter().collect();
        why.extend(node.detail.marks.iter().cloned());
        writeln!(
            out,
            "| {} | {} | {} | {}{optional} | {} | {} |",
            mark(node),
            code(node.id()),
            escape(&node.plan.kind),
            digest::ending(node),
            took.unwrap_or_default(),
            prose(&why.join(" · ")),
        )?;
    }
    Ok(())
}

fn mark(node: &NodeRecord) -> char {
    let mut marks = OUTCOME_MARKS.iter();
    marks
        .find(|mark| Some(mark.outcome) == node.outcome)
        .map_or(' ', |mark| mark.glyph)
}

fn failure(state: &RunState, node: &NodeRecord, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "\n### {} {}", mark(node), escape(node.id()))?;
    if let Some(reason) = digest::reason(node) {
        writeln!(out, "\n{}", prose(&reason))?;
    }
    let findings = digest::findings(node);
    if !findings.is_empty() {
        writeln!(out)?;
    }
    for finding in findings.iter().take(MOST_FINDINGS) {
        item(finding, out)?;
    }
    if findings.len() > MOST_FINDINGS {
        writeln!(out, "- … and {} more", findings.len() - MOST_FINDINGS)?;
    }
    output(node, out)?;
    ways(state, node, out)
}

fn item(finding: &Finding, out: &mut dyn Write) -> Result<()> {
    let rule = Some(&finding.rule).filter(|rule| !rule.is_empty());
    let remarks = digest::remarks(finding);
    let remarks = (!remarks.is_empty()).then(|| format!("({})", prose(&remarks.join("; "))));
    let words = [
        digest::subject(finding).map(|subject| code(&subject)),
        Some(finding.severity.as_str().to_owned()),
        rule.map(|rule| code(rule)),
        Some(prose(&finding.message)),
        remarks,
    ];
    let words: Vec<String> = words.into_iter().flatten().collect();
    writeln!(out, "- {}", words.join(" "))
}

fn output(node: &NodeRecord, out: &mut dyn Write) -> Result<()> {
    let (lines, _) = digest::tail(node, MOST_LINES);
    if lines.is_empty() {
        return Ok(());
    }
    let text = plain(&lines.join("\n"));
    let fence = "`".repeat(longest_run(&text).max(2) + 1);
    writeln!(out, "\n<details><summary>the end of its log</summary>\n")?;
    writeln!(out, "{fence}text\n{text}\n{fence}\n\n</details>")
}

fn ways(state: &RunState, node: &NodeRecord, out: &mut dyn Write) -> Result<()> {
    writeln!(out)?;
    for way in digest::ways(state, node) {
        let text = match way.label {
            "mend" => prose(&way.text),
            _ => code(&way.text),
        };
        writeln!(out, "- {}: {text}", way.label)?;
    }
    Ok(())
}

/// The longest run of backticks.
fn longest_run(text: &str) -> usize {
    let runs = text.split(|character| character != '`');
    runs.map(str::len).max().unwrap_or(0)
}

/// Inline code, also in a table, whatever is in it.
pub(super) fn code(text: &str) -> String {
    inline_code(text).replace('|', "\\|")
}

/// Inline code where no table is, whatever is in it.
pub(super) fn inline_code(text: &str) -> String {
    let text = one_line(text);
    match longest_run(&text) {
        0 => format!("`{text}`"),
        longest => {
            let fence = "`".repeat(longest + 1);
            format!("{fence} {text} {fence}")
        }
    }
}

/// A sentence on one line: names between backticks are code, all else is no markup.
fn prose(text: &str) -> String {
    let text = one_line(text);
    let pieces = pieces(&text).into_iter().map(|piece| match piece {
        Piece::Words(words) => escape_words(words),
        Piece::Code(name) => code(name),
    });
    pieces.collect()
}

/// Text that is not taken for markup, on one line.
fn escape(text: &str) -> String {
    escape_words(&one_line(text))
}

fn escape_words(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if "\\`*_[]<>|#~&@".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
