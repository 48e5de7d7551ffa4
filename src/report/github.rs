//! For GitHub Actions: annotations on the lines that are wrong, folded logs, a job summary.

use std::fs::OpenOptions;
use std::io::{Result, Write};
use std::path::PathBuf;

use super::digest::{self, Digest};
use super::sanitise::{one_line, plain};
use super::{Output, Sink, Stream, markdown, terminal};
use crate::event::{Event, Finding, NodeRecord, RunState};

/// GitHub shows ten annotations of a level and says nothing of the rest.
const MOST_FINDINGS: usize = 20;

/// A sink that tells of each node as it ends, and of failures at the end.
pub(super) fn open(output: Output) -> Box<dyn Sink> {
    Box::new(Github {
        out: output.answer,
        step_summary: output.step_summary,
    })
}

struct Github {
    out: Stream,
    step_summary: Option<PathBuf>,
}

impl Sink for Github {
    fn on(&mut self, event: &Event, state: &RunState) -> Result<()> {
        match terminal::news(event, state, &self.out.style) {
            Some(news) => writeln!(self.out.writer, "{}", disarm(&news)),
            None => Ok(()),
        }
    }

    fn finish(&mut self, state: &RunState) -> Result<()> {
        let digest = Digest::of(state);
        let Stream { writer: out, style } = &mut self.out;
        let failed = || digest.failures.iter().chain(&digest.warnings);
        gates(state, out)?;
        // The nodes come first, lest the findings of one hide another.
        for node in failed() {
            annotate(node, out)?;
        }
        for node in failed() {
            annotate_findings(node, out)?;
            fold_log(state, node, style.colour, out)?;
        }
        terminal::verdict(state, style, out)?;
        out.flush()?;
        if let Some(path) = &self.step_summary {
            let mut file = OpenOptions::new().append(true).create(true).open(path)?;
            markdown::write(state, &self.out.style, &mut file)?;
        }
        Ok(())
    }
}

fn gates(state: &RunState, out: &mut dyn Write) -> Result<()> {
    for change in &state.preface.gates_changed {
        let place = place_of(
            change.path.as_deref(),
            [("line", change.line), ("col", None)],
        );
        let message = data(&change.message);
        writeln!(out, "::warning {place}title=gates changed::{message}")?;
    }
    match digest::gates_unknown(state) {
        Some(unknown) => writeln!(out, "::notice title=gates not compared::{}", data(&unknown)),
        None => Ok(()),
    }
}

fn level(node: &NodeRecord) -> &'static str {
    if node.plan.required {
        "error"
    } else {
        "warning"
    }
}

fn annotate(node: &NodeRecord, out: &mut dyn Write) -> Result<()> {
    let level = level(node);
    let title = property(&format!("{} {}", node.id(), digest::ending(node)));
    let reason = digest::reason(node).unwrap_or_else(|| digest::ending(node).to_owned());
    writeln!(out, "::{level} title={title}::{}", data(&reason))
}

fn annotate_findings(node: &NodeRecord, out: &mut dyn Write) -> Result<()> {
    let placed = digest::findings(node).into_iter();
    let placed = placed.filter(|finding| finding.path.is_some());
    for finding in placed.take(MOST_FINDINGS) {
        let level = match finding.waiver {
            Some(_) => "notice",
            None => level(node),
        };
        let numbers = [("line", finding.line), ("col", finding.column)];
        let place = place_of(finding.path.as_deref(), numbers);
        let title = property(&format!("{}: {}", node.id(), finding.rule));
        writeln!(out, "::{level} {place}title={title}::{}", said(finding))?;
    }
    Ok(())
}

fn said(finding: &Finding) -> String {
    let remarks = digest::remarks(finding);
    let remarks = (!remarks.is_empty()).then(|| format!(" ({})", remarks.join("; ")));
    data(&format!(
        "{}{}",
        finding.message,
        remarks.unwrap_or_default()
    ))
}

/// The properties for a place, with a comma behind each.
fn place_of(path: Option<&str>, numbers: [(&str, Option<u64>); 2]) -> String {
    let Some(path) = path else {
        return String::new();
    };
    let mut place = format!("file={},", property(path));
    for (name, number) in numbers {
        if let Some(number) = number {
            place = format!("{place}{name}={number},");
        }
    }
    place
}

/// What the node printed last, where nothing in it is taken for a command.
fn fold_log(state: &RunState, node: &NodeRecord, colour: bool, out: &mut dyn Write) -> Result<()> {
    let (lines, _) = digest::tail(node, usize::MAX);
    if lines.is_empty() {
        return Ok(());
    }
    let name = data(&one_line(node.id()));
    let token = format!("sdd-{}", state.run);
    writeln!(out, "::group::{name}: the end of its log")?;
    writeln!(out, "::stop-commands::{token}")?;
    for line in lines {
        let line = if colour { line } else { plain(&line) };
        writeln!(out, "{line}")?;
    }
    writeln!(out, "::{token}::\n::endgroup::")
}

/// Keeps a line from being taken for a command of the older form, which may stand anywhere.
fn disarm(line: &str) -> String {
    line.replace("##[", "# #[")
}

fn data(text: &str) -> String {
    plain(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
