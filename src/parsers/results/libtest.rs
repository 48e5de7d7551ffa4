//! What `cargo test` prints on stdout: a section for each binary and one for the doc tests.
//!
//! The counts are those of the line `test result:`, which also holds when the tests print in
//! between; names and messages come from the lists of failures above it.

use std::collections::HashMap;
use std::io::BufRead;
use std::sync::LazyLock;

use regex::Regex;

use super::{TestFailure, TestResults, message};
use crate::parsers::line::Lines;

/// Reads an output; the error says why it can't be trusted.
pub(super) fn parse(input: &mut dyn BufRead) -> Result<TestResults, String> {
    let mut lines = Lines::new(input);
    let mut results = TestResults::default();
    let mut section: Option<Section> = None;
    let mut sections = 0;
    while let Some(line) = lines.next()? {
        if let Some(open) = &mut section {
            if let Some(end) = open.read(&line)? {
                open.close(&end, &mut results)?;
                section = None;
            }
        } else if let Some(announced) = announcement(&line) {
            section = Some(Section::new(announced));
            sections += 1;
        } else if line.starts_with("test result: ") {
            return Err(format!("line {} is the result of no section", lines.number));
        }
    }
    match section {
        Some(section) => Err(section.cut_off()),
        None if sections == 0 => Err("it holds no line `running N tests`".to_owned()),
        None => Ok(results),
    }
}

fn announcement(line: &str) -> Option<u64> {
    let count = line.strip_prefix("running ")?;
    let count = count
        .strip_suffix(" tests")
        .or(count.strip_suffix(" test"))?;
    count.parse().ok()
}

/// What the line `test result:` counts.
struct Counts {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Counts {
    /// `None` for a line that is no result, or only the beginning of one.
    fn read(line: &str) -> Option<Self> {
        static RESULT: LazyLock<Regex> = LazyLock::new(pattern);
        let found = RESULT.captures(line)?;
        let number = |index: usize| found[index].parse::<u64>().ok();
        Some(Self {
            // Benchmarks are measured, which is to say that they ran and did not fail.
            passed: number(1)?.checked_add(number(4)?)?,
            failed: number(2)?,
            ignored: number(3)?,
        })
    }
}

#[expect(clippy::unwrap_used, reason = "the pattern is a constant")]
fn pattern() -> Regex {
    Regex::new(concat!(
        r"^test result: (?:ok|FAILED)\. (\d+) passed; (\d+) failed; (\d+) ignored; ",
        r"(\d+) measured; \d+ filtered out"
    ))
    .unwrap()
}

/// The part of a section that is being read.
enum Part {
    /// The tests run and may print anything.
    Running,
    /// What each test printed, each under its heading: anything may stand there, too.
    Outputs { of_failures: bool },
    /// The names of the tests whose output stood above.
    Names { of_failures: bool },
}

struct Section {
    announced: u64,
    part: Part,
    /// The test that is named last.
    latest: String,
    /// The output of the tests, by name.
    outputs: HashMap<String, String>,
    /// The test whose output is being read.
    heading: Option<String>,
    failures: Vec<String>,
    passed: Vec<String>,
}

impl Section {
    fn new(announced: u64) -> Self {
        Self {
            announced,
            part: Part::Running,
            latest: String::new(),
            outputs: HashMap::new(),
            heading: None,
            failures: Vec::new(),
            passed: Vec::new(),
        }
    }

    /// Reads a line of the section; the counts if it is its last.
    fn read(&mut self, line: &str) -> Result<Option<Counts>, String> {
        match self.part {
            Part::Running => return self.read_running(line),
            Part::Outputs { of_failures } => self.read_output(line, of_failures),
            Part::Names { of_failures } => return Ok(self.read_name(line, of_failures)),
        }
        Ok(None)
    }

    fn read_running(&mut self, line: &str) -> Result<Option<Counts>, String> {
        if announcement(line).is_some() {
            return Err(self.cut_off());
        }
        if let Some(of_failures) = list(line) {
            self.part = Part::Outputs { of_failures };
        } else if let Some((name, ending)) = line
            .strip_prefix("test ")
            .and_then(|rest| rest.split_once(" ... "))
        {
            if ending.starts_with("ok") {
                let plain = name.strip_suffix(" - should panic").unwrap_or(name);
                self.passed.push(plain.to_owned());
            }
            name.clone_into(&mut self.latest);
        }
        Ok(Counts::read(line))
    }

    fn read_output(&mut self, line: &str, of_failures: bool) {
        if let Some(of_failures) = list(line) {
            self.failures.clear();
            self.part = Part::Names { of_failures };
        } else if let Some(name) = heading(line) {
            self.heading = Some(name.to_owned());
        } else if let Some(name) = self.heading.as_ref().filter(|_| of_failures) {
            let output = self.outputs.entry(name.clone()).or_default();
            message::collect(output, line);
            message::collect(output, "\n");
        }
    }

    fn read_name(&mut self, line: &str, of_failures: bool) -> Option<Counts> {
        if let Some(of_failures) = list(line) {
            self.part = Part::Outputs { of_failures };
        } else if let Some(name) = line.strip_prefix("    ") {
            if of_failures {
                self.failures.push(name.to_owned());
            }
        } else if !line.is_empty() {
            // The list was a test's own words if no result follows it.
            let counts = Counts::read(line);
            if counts.is_none() {
                self.part = Part::Outputs { of_failures };
            }
            return counts;
        }
        None
    }

    fn close(&mut self, counts: &Counts, results: &mut TestResults) -> Result<(), String> {
        let ended = [counts.failed, counts.ignored]
            .iter()
            .try_fold(counts.passed, |sum, count| sum.checked_add(*count));
        if ended != Some(self.announced) {
            return Err(format!(
                "a section of {} tests has the result of another number of them",
                self.announced
            ));
        }
        results.passed += counts.passed;
        results.passed_names.append(&mut self.passed);
        results.failed += counts.failed;
        results.skipped += counts.ignored;
        self.failures
            .truncate(usize::try_from(counts.failed).unwrap_or(usize::MAX));
        for name in std::mem::take(&mut self.failures) {
            let output = self.outputs.remove(&name).unwrap_or_default();
            results.failures.push(failure(name, &output));
        }
        Ok(())
    }

    fn cut_off(&self) -> String {
        let latest = if self.latest.is_empty() {
            String::new()
        } else {
            format!(", and `{}` was named last", self.latest)
        };
        format!(
            "a section of {} tests shows no result: it was cut off{latest}",
            self.announced
        )
    }
}

/// Whether a line opens a list, and then whether it is that of failures.
fn list(line: &str) -> Option<bool> {
    match line {
        "failures:" => Some(true),
        "successes:" => Some(false),
        _ => None,
    }
}

/// The test of the line `---- NAME stdout ----`.
fn heading(line: &str) -> Option<&str> {
    line.strip_prefix("---- ")?.strip_suffix(" stdout ----")
}

fn failure(name: String, output: &str) -> TestFailure {
    let place = doc_test(&name).or_else(|| message::place(output)).unzip();
    TestFailure {
        message: message::of_output(output),
        path: place.0,
        line: place.1,
        name,
    }
}

/// The place of a doc test, which its name tells: `src/lib.rs - price (line 9)`.
fn doc_test(name: &str) -> Option<(String, u64)> {
    let (path, rest) = name.split_once(" - ")?;
    let line = rest.rsplit_once("(line ")?.1.split_once(')')?.0;
    Some((path.to_owned(), line.parse().ok()?))
}
