//! The tests of one indentation, and what is known of each.

use crate::parsers::results::{TestFailure, TestResults, message};

/// A level of subtests, or the document itself.
#[derive(Default)]
pub(super) struct Level {
    pub(super) indent: usize,
    pub(super) plan: Option<u64>,
    pub(super) count: u64,
    /// Whether a test of it, or below it, failed.
    pub(super) failing: bool,
    /// The test that was named last; its diagnostics may follow.
    pub(super) latest: Option<Test>,
    /// Whether subtests failed whose test is still to be named; `None` if there are none.
    pub(super) inner: Option<bool>,
    /// The test whose braces hold the level.
    pub(super) parent: Option<Test>,
}

impl Level {
    pub(super) fn new(indent: usize, parent: Option<Test>) -> Self {
        Self {
            indent,
            parent,
            ..Self::default()
        }
    }

    /// Counts the tests that the plan announced and nobody saw; whether there are any.
    pub(super) fn missing(&self, results: &mut TestResults) -> bool {
        let planned = self.plan.unwrap_or(self.count);
        let apart = planned.abs_diff(self.count);
        if apart > 0 {
            results.errors = results.errors.saturating_add(apart);
            results.failures.push(TestFailure {
                name: "the plan".to_owned(),
                message: format!("{planned} tests were planned, {} were seen", self.count),
                ..TestFailure::default()
            });
        }
        apart > 0
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Directive {
    None,
    Skip,
    Todo,
}

pub(super) struct Test {
    name: String,
    ok: bool,
    directive: Directive,
    pub(super) has_subtests: bool,
    pub(super) failed_within: bool,
    pub(super) milliseconds: Option<f64>,
    /// The text of its diagnostics.
    diagnostics: String,
    message: String,
    place: Option<(String, u64)>,
    /// The indentation of the key whose text goes on over several lines.
    open_message: Option<usize>,
}

impl Test {
    pub(super) fn new(name: String, ok: bool, directive: Directive) -> Self {
        Self {
            name,
            ok,
            directive,
            has_subtests: false,
            failed_within: false,
            milliseconds: None,
            diagnostics: String::new(),
            message: String::new(),
            place: None,
            open_message: None,
        }
    }

    pub(super) fn passed(&self) -> bool {
        self.ok && self.directive == Directive::None
    }

    /// Reads a line of the diagnostics, as node, Vitest and the specification write them.
    pub(super) fn diagnose(&mut self, text: &str, indent: usize) {
        message::collect(&mut self.diagnostics, &format!("{text}\n"));
        if let Some(depth) = self.open_message {
            if text.is_empty() || indent > depth {
                message::collect(&mut self.message, &format!("{text}\n"));
                return;
            }
            self.open_message = None;
        }
        let Some((key, value)) = text.split_once(':') else {
            return;
        };
        let value = unquote(value.trim());
        match key {
            "error" | "message" if ["|-", "|", ">", ">-"].contains(&value) => {
                self.message.clear();
                self.open_message = Some(indent);
            }
            "error" | "message" if !value.is_empty() => value.clone_into(&mut self.message),
            "duration_ms" => self.milliseconds = value.parse().ok(),
            "at" | "location" => self.place = position(value),
            _ => {}
        }
    }

    /// Counts it; whether it failed.
    pub(super) fn count(self, results: &mut TestResults) -> bool {
        let failed = !self.ok && self.directive != Directive::Todo;
        if self.has_subtests && (self.ok || self.failed_within) && self.directive == Directive::None
        {
            return failed;
        }
        if let Some(milliseconds) = self.milliseconds {
            results.took(&self.name, milliseconds);
        }
        if failed {
            results.fail(self.explain());
        } else if self.directive == Directive::None {
            results.pass(self.name);
        } else {
            results.skipped += 1;
        }
        failed
    }

    fn explain(self) -> TestFailure {
        let stack = stack(&self.diagnostics);
        let (path, line) = message::place(&stack).or(self.place).unzip();
        TestFailure {
            message: message::tidy(&self.message),
            name: self.name,
            path,
            line,
        }
    }
}

/// The frames of a stack as JavaScript prints them; node leaves out the `at`.
fn stack(diagnostics: &str) -> String {
    let lines = diagnostics.lines().filter(|line| line.ends_with(')'));
    lines.map(|line| format!("    at {line}\n")).collect()
}

fn unquote(value: &str) -> &str {
    ['\'', '"']
        .iter()
        .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote))
        .unwrap_or(value)
}

/// `PATH:LINE` or `PATH:LINE:COLUMN`.
fn position(value: &str) -> Option<(String, u64)> {
    let mut parts = value.rsplitn(3, ':');
    let (last, before, path) = (parts.next()?, parts.next()?, parts.next());
    if let (Some(path), Ok(line)) = (path, before.parse()) {
        return Some((path.to_owned(), line));
    }
    let path = value.rsplit_once(':')?.0;
    Some((path.to_owned(), last.parse().ok()?))
}
