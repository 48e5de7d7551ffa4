//! What a run came to: what failed, with all that is needed to mend it, and the verdict.

mod preface;

use std::io::{Result, Write};

use super::columns::Columns;
use super::ink::{Ink, names, tone};
use crate::event::{Finding, NodeRecord, RunState, Verdict};
use crate::graph::render::mark::{Tone, duration};
use crate::graph::render::text::line::Line;
use crate::graph::render::text::paint;
use crate::report::digest::{self, Digest};
use crate::report::{Style, Verbosity, plain};
use crate::sched::Outcome;

const MOST_FINDINGS: usize = 12;
const MOST_LINES: usize = 15;
/// Columns of a message.
const MOST_COLUMNS: usize = 300;
/// Columns before what belongs to a node.
pub(super) const INDENT: usize = 4;
/// Columns of the words `log`, `again` and `mend`.
const LABEL: usize = 7;
/// In a run that took less, nobody asks where the time went.
const LONG_MS: u64 = 5000;

/// Writes what a run came to, for people.
pub fn summary(state: &RunState, style: &Style, out: &mut dyn Write) -> Result<()> {
    let digest = Digest::of(state);
    let mut page = Page::new(style, out);
    page.gates(state)?;
    for node in digest.failures.iter().chain(&digest.warnings) {
        page.failure(state, node)?;
    }
    page.notes(&digest)?;
    page.debt(state)?;
    page.verdict(state, &digest)
}

/// Writes the verdict alone.
pub(in crate::report) fn verdict(
    state: &RunState,
    style: &Style,
    out: &mut dyn Write,
) -> Result<()> {
    let mut page = Page::new(style, out);
    page.debt(state)?;
    page.verdict(state, &Digest::of(state))
}

struct Page<'o> {
    ink: Ink,
    verbosity: Verbosity,
    colour: bool,
    out: &'o mut dyn Write,
    /// Whether the last thing that was written stands apart from what follows.
    apart: bool,
}

impl<'o> Page<'o> {
    fn new(style: &Style, out: &'o mut dyn Write) -> Self {
        Self {
            ink: Ink::new(style, 0),
            verbosity: style.verbosity,
            colour: style.colour,
            out,
            // Quiet, nothing was said before.
            apart: style.verbosity == Verbosity::Quiet,
        }
    }

    fn write(&mut self, line: Line) -> Result<()> {
        self.apart = false;
        let text = self.ink.text(line);
        writeln!(self.out, "{text}")
    }

    fn gap(&mut self) -> Result<()> {
        if self.apart {
            return Ok(());
        }
        self.apart = true;
        writeln!(self.out)
    }

    /// All about a node that failed.
    fn failure(&mut self, state: &RunState, node: &NodeRecord) -> Result<()> {
        self.gap()?;
        self.title(node)?;
        if let Some(reason) = digest::reason(node) {
            self.indented(&reason, paint::PLAIN)?;
        }
        self.findings(node)?;
        self.tail(node)?;
        self.gap()?;
        self.ways(state, node)
    }

    fn title(&mut self, node: &NodeRecord) -> Result<()> {
        let style = paint::tone(tone(node));
        let mut line = self.ink.begin(self.ink.mark(node.outcome), style);
        line.push(node.id(), style.bold());
        let mut words = vec![node.plan.kind.clone(), digest::ending(node).to_owned()];
        if !node.plan.required {
            words.push("not required".to_owned());
        }
        if node.attempts > 1 {
            words.push(format!("{} attempts", node.attempts));
        }
        words.push(duration(node.detail.duration_ms));
        let words = words.join(self.ink.glyphs.separator);
        line.push(format!("  {words}"), paint::DIM);
        self.write(line)
    }

    fn indented(&mut self, text: &str, style: anstyle::Style) -> Result<()> {
        let mut line = Line::default();
        line.pad(INDENT);
        line.push(text, style);
        self.write(line)
    }

    fn findings(&mut self, node: &NodeRecord) -> Result<()> {
        let findings = digest::findings(node);
        if findings.is_empty() {
            return Ok(());
        }
        self.gap()?;
        let limit = self.limit(MOST_FINDINGS);
        let shown = &findings[..findings.len().min(limit)];
        self.lines(shown)?;
        if findings.len() > shown.len() {
            let (ellipsis, hidden) = (self.ink.glyphs.ellipsis, findings.len() - shown.len());
            self.indented(&format!("{ellipsis} and {hidden} more"), paint::DIM)?;
        }
        Ok(())
    }

    fn lines(&mut self, findings: &[&Finding]) -> Result<()> {
        let columns = Columns::of(findings);
        for finding in findings {
            let line = columns.line(finding, self.limit(MOST_COLUMNS));
            self.write(line)?;
        }
        Ok(())
    }

    /// What it printed last, where its findings don't say more.
    fn tail(&mut self, node: &NodeRecord) -> Result<()> {
        if !node.findings.is_empty() && self.verbosity < Verbosity::Verbose {
            return Ok(());
        }
        let (lines, is_cut) = digest::tail(node, self.limit(MOST_LINES));
        if lines.is_empty() {
            return Ok(());
        }
        self.gap()?;
        let ellipsis = is_cut.then(|| self.ink.glyphs.ellipsis.to_owned());
        for text in ellipsis.into_iter().chain(lines) {
            let text = if self.colour { text } else { plain(&text) };
            let mut line = Line::default();
            line.pad(INDENT);
            line.push(format!("{} ", self.ink.signs.log), paint::DIM);
            line.push(text, paint::PLAIN);
            self.write(line)?;
        }
        Ok(())
    }

    /// How it ran, where to look and what to do.
    fn ways(&mut self, state: &RunState, node: &NodeRecord) -> Result<()> {
        for way in digest::ways(state, node) {
            let style = match way.label {
                "mend" => paint::BOLD,
                _ => paint::PLAIN,
            };
            self.labelled(way.label, &way.text, style)?;
        }
        Ok(())
    }

    fn labelled(&mut self, label: &str, text: &str, style: anstyle::Style) -> Result<()> {
        let mut line = Line::default();
        line.pad(INDENT);
        line.push(label, paint::DIM);
        line.pad(INDENT + LABEL);
        line.push(text, style);
        self.write(line)
    }

    /// What else is worth knowing: what did not run and why, what is not as it should be.
    fn notes(&mut self, digest: &Digest<'_>) -> Result<()> {
        self.gap()?;
        for group in &digest.unrun {
            let is_stated = group.nodes.iter().all(|node| node.is_stated_skip());
            if is_stated && self.verbosity == Verbosity::Quiet {
                continue;
            }
            let outcome = group.nodes.first().and_then(|node| node.outcome);
            let tone = if is_stated { Tone::Muted } else { Tone::Amber };
            let reason = match group.reason.as_str() {
                "" => String::new(),
                reason => format!(": {reason}"),
            };
            let text = format!("{}{reason}", group.word);
            self.note(&self.ink.mark(outcome), &group.nodes, &text, tone)?;
        }
        let again = self.ink.signs.again.to_string();
        let text = "flaky: passed, but not at the first attempt";
        self.note(&again, &digest.flaky, text, Tone::Amber)?;
        let alert = self.ink.signs.alert.to_string();
        let text = "leaked: processes outlived it and were ended";
        self.note(&alert, &digest.leaked, text, Tone::Amber)?;
        for leak in digest.leaked.iter().flat_map(|node| node.leaks()) {
            self.indented(&leak.message, paint::DIM)?;
        }
        let skipped = self.ink.mark(Some(Outcome::Skipped));
        self.note(&skipped, &digest.waived, "waived findings", Tone::Muted)?;
        let waived: Vec<&Finding> = digest
            .waived
            .iter()
            .flat_map(|node| digest::waived(node))
            .collect();
        self.lines(&waived)?;
        let up = self.ink.glyphs.environment.to_string();
        let text = "still up: `sdd recover` takes it down";
        self.note(&up, &digest.owed, text, Tone::Bad)
    }

    /// One line about some nodes; none without nodes.
    fn note(&mut self, sign: &str, nodes: &[&NodeRecord], text: &str, tone: Tone) -> Result<()> {
        if nodes.is_empty() {
            return Ok(());
        }
        let ids: Vec<&str> = nodes.iter().map(|node| node.id()).collect();
        let columns = match self.verbosity {
            Verbosity::Verbose => usize::MAX,
            _ => 60,
        };
        let mut line = self.ink.begin(sign, paint::tone(tone));
        line.push(names(&ids, columns), paint::PLAIN);
        line.push(format!("  {text}"), paint::tone(tone));
        self.write(line)
    }

    /// The last line, which can't be misread.
    fn verdict(&mut self, state: &RunState, digest: &Digest<'_>) -> Result<()> {
        self.disturbances(state)?;
        self.critical_path(state)?;
        self.gap()?;
        let (outcome, tone) = match state.verdict() {
            Verdict::Passed => (Outcome::Passed, Tone::Good),
            Verdict::Failed => (Outcome::Failed, Tone::Bad),
            Verdict::Cancelled => (Outcome::Cancelled, Tone::Bad),
        };
        let style = paint::tone(tone).bold();
        let mut line = self.ink.begin(self.ink.mark(Some(outcome)), style);
        line.push(&state.pipeline, paint::BOLD);
        line.push(format!(" {}", state.verdict().as_str()), style);
        let separator = self.ink.glyphs.separator;
        line.push(separator, paint::DIM);
        counts(&mut line, state);
        if outcome == Outcome::Passed && !digest.warnings.is_empty() {
            line.push(separator, paint::DIM);
            line.push("what failed is not required", paint::tone(Tone::Amber));
        }
        if state.preface.checkpoint {
            line.push(separator, paint::DIM);
            line.push(digest::CHECKPOINT, paint::tone(Tone::Amber));
        }
        line.push(separator, paint::DIM);
        line.push(duration(state.elapsed_ms), paint::PLAIN);
        self.write(line)
    }

    fn disturbances(&mut self, state: &RunState) -> Result<()> {
        for disturbance in digest::disturbances(state) {
            let amber = paint::tone(Tone::Amber);
            let mut line = self.ink.begin(self.ink.signs.alert, amber);
            line.push(disturbance, amber);
            self.write(line)?;
        }
        Ok(())
    }

    fn critical_path(&mut self, state: &RunState) -> Result<()> {
        let path = state.critical_path();
        let verbose = self.verbosity == Verbosity::Verbose;
        let helps =
            state.signalled.is_none() && path.len() > 1 && (state.elapsed_ms >= LONG_MS || verbose);
        if !helps || self.verbosity == Verbosity::Quiet {
            return Ok(());
        }
        let times = path.iter().filter_map(|id| state.node(id));
        let times =
            times.map(|node| format!("{} {}", node.id(), duration(node.detail.duration_ms)));
        let times: Vec<String> = times.collect();
        let mut line = self.ink.begin(self.ink.signs.waiting, paint::DIM);
        let text = format!("longest path: {}", times.join(self.ink.glyphs.then));
        line.push(text, paint::DIM);
        self.write(line)
    }

    fn limit(&self, usual: usize) -> usize {
        match self.verbosity {
            Verbosity::Verbose => usize::MAX,
            _ => usual,
        }
    }
}

/// How many nodes ended how; a failure stands out as much as it weighs.
fn counts(line: &mut Line, state: &RunState) {
    let counts = digest::counts(state);
    if counts.is_empty() {
        line.push("nothing ran", paint::tone(Tone::Amber));
    }
    for (index, (outcome, text)) in counts.into_iter().enumerate() {
        let tone = match outcome {
            Outcome::Passed => Tone::Plain,
            Outcome::Skipped => Tone::Muted,
            _ if state.verdict() == Verdict::Passed => Tone::Amber,
            _ => Tone::Bad,
        };
        let separator = if index == 0 { "" } else { ", " };
        line.push(separator, paint::DIM);
        line.push(text, paint::tone(tone));
    }
}
