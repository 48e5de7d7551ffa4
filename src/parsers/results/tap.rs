//! TAP 13 and 14, with subtests by indentation as TAP 14 and node write them, and in braces as
//! Vitest does.
//!
//! As in Go's results, a test that has subtests is not counted beside them, unless it failed and
//! none of them did. Tests that are to be done (`# TODO`) count as skipped, however they ended.

use std::io::BufRead;

use super::{TestResults, message};
use crate::parsers::line::Lines;

mod level;
mod words;

use level::{Level, Test};
use words::Line;

/// Reads a TAP document; the error says why it can't be trusted.
pub(super) fn parse(input: &mut dyn BufRead) -> Result<TestResults, String> {
    let mut lines = Lines::new(input);
    let mut fold = Fold::default();
    let mut passed_last = false;
    while let Some(line) = lines.next()? {
        passed_last = fold.read(&line);
    }
    if passed_last && !lines.terminated {
        return Err("it ends in the middle of a line".to_owned());
    }
    fold.finish()
}

#[derive(Default)]
struct Fold {
    results: TestResults,
    /// The levels that are open, the document itself first.
    levels: Vec<Level>,
    /// The indentation of the diagnostics that are being read.
    diagnostics: Option<usize>,
    bailed_out: bool,
}

impl Fold {
    /// Reads a line; whether it is a test that passed.
    fn read(&mut self, text: &str) -> bool {
        let indent = text.len() - text.trim_start_matches(' ').len();
        let text = &text[indent..];
        if let Some(depth) = self.diagnostics {
            if text == "..." && indent <= depth {
                self.diagnostics = None;
            } else if let Some(test) = self.pending() {
                test.diagnose(text, indent);
            }
            return false;
        }
        let line = match words::read(text) {
            // What a test prints may look like a test that is indented, but seldom by as much.
            Line::Test(..) | Line::Plan(_) if !indent.is_multiple_of(INDENT) => Line::Other,
            line => line,
        };
        match line {
            Line::Test(..) | Line::Plan(_) => self.settle(indent),
            Line::Diagnostics if self.pending().is_some() => self.diagnostics = Some(indent),
            Line::Close => self.close_braces(indent),
            Line::BailOut(reason) => {
                self.bailed_out = true;
                self.results.error(super::TestFailure {
                    name: "Bail out!".to_owned(),
                    message: message::tidy(reason),
                    ..super::TestFailure::default()
                });
            }
            _ => {}
        }
        match line {
            Line::Plan(count) => self.top(indent).plan = Some(count),
            Line::Test(test, opens) => {
                let passed = test.passed();
                self.add(test, opens, indent);
                return passed;
            }
            _ => {}
        }
        false
    }

    /// The test to which diagnostics belong.
    fn pending(&mut self) -> Option<&mut Test> {
        self.levels
            .last_mut()
            .and_then(|level| level.latest.as_mut())
    }

    /// The level of an indentation, which is the innermost that is open.
    fn top(&mut self, indent: usize) -> &mut Level {
        if self.levels.last().is_none_or(|level| level.indent < indent) {
            self.levels.push(Level::new(indent, None));
        }
        let last = self.levels.len() - 1;
        &mut self.levels[last]
    }

    fn add(&mut self, mut test: Test, opens: bool, indent: usize) {
        // What was indented further, just before, are its subtests.
        let level = self.top(indent);
        level.count += 1;
        if let Some(failing) = level.inner.take() {
            test.has_subtests = true;
            test.failed_within = failing;
        }
        if opens {
            self.levels.push(Level::new(indent + INDENT, Some(test)));
        } else {
            level.latest = Some(test);
        }
    }

    /// Counts the test that was pending, and closes the levels that a line leaves.
    fn settle(&mut self, indent: usize) {
        while self
            .levels
            .last()
            .is_some_and(|level| level.indent > indent)
        {
            self.close_level();
        }
        self.settle_latest();
    }

    fn settle_latest(&mut self) {
        if let Some(level) = self.levels.last_mut()
            && let Some(test) = level.latest.take()
        {
            level.failing |= test.count(&mut self.results);
        }
    }

    fn close_level(&mut self) {
        self.settle_latest();
        let Some(mut level) = self.levels.pop() else {
            return;
        };
        level.failing |= level.missing(&mut self.results);
        let Some(outer) = self.levels.last_mut() else {
            return;
        };
        outer.failing |= level.failing;
        if let Some(mut test) = level.parent.take() {
            test.has_subtests = level.count > 0;
            test.failed_within = level.failing;
            outer.latest = Some(test);
        } else if level.count > 0 {
            outer.inner = Some(level.failing);
        }
    }

    fn close_braces(&mut self, indent: usize) {
        self.settle(indent + INDENT);
        let opened = |level: &Level| level.indent == indent + INDENT && level.parent.is_some();
        if self.levels.last().is_some_and(opened) {
            self.close_level();
        }
    }

    fn finish(mut self) -> Result<TestResults, String> {
        if self.levels.iter().any(|level| level.parent.is_some()) && !self.bailed_out {
            return Err("it ends in the middle of subtests".to_owned());
        }
        self.settle(0);
        let planned = match self.levels.first() {
            Some(level) if level.indent == 0 => level.plan.is_some(),
            _ => false,
        };
        if !planned && !self.bailed_out {
            return Err("it holds no plan (`1..N`)".to_owned());
        }
        self.close_level();
        Ok(self.results)
    }
}

/// How much further subtests are indented.
const INDENT: usize = 4;
