//! `JUnit` XML, as pytest, Jest, Vitest, node, cargo-nextest, gotestsum, Surefire and others write
//! it.
//!
//! Cases are counted one by one. A suite whose attributes claim failures or errors of which its
//! cases show none (a suite that did not load) adds them as errors. Attempts that were made again
//! (`flakyFailure`, `rerunFailure` and their like) are no failures.

use std::io::BufRead;

use quick_xml::events::BytesStart;

use super::{TestFailure, TestResults, message};
use crate::parsers::xml::{Visitor, attribute, number, walk};

/// Reads a results file; the error says why it is none.
pub(super) fn parse(input: &mut dyn BufRead) -> Result<TestResults, String> {
    let mut fold = Fold::default();
    walk(input, &mut fold)?;
    if let Some(suite) = fold.hollow {
        return Err(format!("the suite `{suite}` claims tests and shows none"));
    }
    if fold.seen_root {
        Ok(fold.results)
    } else {
        Err("it holds no `testsuite`".to_owned())
    }
}

/// How a case ended, as far as its elements say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Passed,
    Failed,
    Error,
    Skipped,
    /// Work that is announced: node reports its failure beside, and does not count it.
    Todo,
}

#[derive(Default)]
struct Fold {
    results: TestResults,
    seen_root: bool,
    suites: Vec<Suite>,
    case: Option<Case>,
    in_failure: bool,
    /// A suite that claims tests and shows none.
    hollow: Option<String>,
}

/// What a suite claims and what its cases showed.
#[derive(Default)]
struct Suite {
    name: String,
    claimed_tests: u64,
    claimed_failing: u64,
    cases: u64,
    failing: u64,
}

struct Case {
    ending: Ending,
    /// Whether an element said it that no other can change.
    decided: bool,
    failure: TestFailure,
    /// The text of its failure.
    output: String,
    milliseconds: Option<f64>,
    flaky: bool,
}

impl Visitor for Fold {
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        match tag.name().as_ref() {
            "testsuites" | "testsuite" => {
                self.seen_root = true;
                self.suites.push(suite(tag)?);
            }
            "testcase" => self.case = Some(case(tag)?),
            "failure" => self.end_case(Ending::Failed, tag)?,
            "error" => self.end_case(Ending::Error, tag)?,
            "skipped" => {
                let todo = attribute(tag, "type")?.is_some_and(|kind| kind == "todo");
                let ending = if todo { Ending::Todo } else { Ending::Skipped };
                self.end_case(ending, tag)?;
            }
            "flakyFailure" | "flakyError" => {
                if let Some(case) = &mut self.case {
                    case.flaky = true;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, piece: &str) {
        if let Some(case) = self.case.as_mut().filter(|_| self.in_failure) {
            message::collect(&mut case.output, piece);
        }
    }

    fn close(&mut self, name: &str) -> Result<(), String> {
        match name {
            "failure" | "error" => self.in_failure = false,
            "testcase" => self.close_case(),
            "testsuite" | "testsuites" => self.close_suite(),
            _ => {}
        }
        Ok(())
    }
}

impl Fold {
    fn end_case(&mut self, ending: Ending, tag: &BytesStart<'_>) -> Result<(), String> {
        let said = attribute(tag, "message")?.unwrap_or_default();
        let Some(case) = &mut self.case else {
            if matches!(ending, Ending::Failed | Ending::Error) {
                self.fail_suite(&said);
            }
            return Ok(());
        };
        // A case may hold both a failure and an error of its clean-up: the first one counts.
        if !case.decided {
            case.ending = ending;
            case.decided = ending != Ending::Skipped;
            case.failure.message = said;
            self.in_failure = matches!(ending, Ending::Failed | Ending::Error);
        }
        Ok(())
    }

    /// Takes note of a failure that is of no test.
    fn fail_suite(&mut self, said: &str) {
        let name = self.suites.last().map(|suite| suite.name.clone());
        for suite in &mut self.suites {
            suite.failing += 1;
        }
        self.results.error(TestFailure {
            name: name.unwrap_or_default(),
            message: message::tidy(said),
            ..TestFailure::default()
        });
    }

    fn close_case(&mut self) {
        self.in_failure = false;
        let Some(case) = self.case.take() else { return };
        let failing = matches!(case.ending, Ending::Failed | Ending::Error);
        for suite in &mut self.suites {
            suite.cases += 1;
            suite.failing += u64::from(failing);
        }
        if let Some(milliseconds) = case.milliseconds {
            self.results.took(&case.failure.name, milliseconds);
        }
        match case.ending {
            Ending::Passed => {
                self.results.pass(case.failure.name.as_str());
                if case.flaky {
                    self.results.flaky.push(case.failure.name);
                }
            }
            Ending::Skipped | Ending::Todo => self.results.skipped += 1,
            Ending::Failed => self.results.fail(explain(case)),
            Ending::Error => self.results.error(explain(case)),
        }
    }

    fn close_suite(&mut self) {
        let Some(suite) = self.suites.pop() else {
            return;
        };
        if suite.claimed_tests > 0 && suite.cases == 0 && suite.claimed_failing == 0 {
            self.hollow = Some(suite.name.clone());
        }
        // Runners count parts of a test as tests of their own: more claimed than shown is normal.
        if suite.failing > 0 || suite.claimed_failing == 0 {
            return;
        }
        for outer in &mut self.suites {
            outer.failing += suite.claimed_failing;
        }
        let unseen = suite.claimed_failing;
        self.results.errors += unseen;
        self.results.failures.push(TestFailure {
            message: format!("{unseen} failures or errors outside of its tests"),
            name: suite.name,
            ..TestFailure::default()
        });
    }
}

/// The failure of a case, with what the text says beyond the attributes.
fn explain(case: Case) -> TestFailure {
    let mut failure = case.failure;
    // The place of a panic is no message, and gotestsum says nothing else of any failure.
    let says_nothing = ["", "Failed"].contains(&failure.message.trim())
        || failure.message.contains(" panicked at ");
    let said = message::of_output(&case.output);
    failure.message = if says_nothing && !said.is_empty() {
        said
    } else {
        message::tidy(&failure.message)
    };
    // Where the text names the line of the same file, it is that of the failure, not of the test.
    let place = message::place(&case.output);
    if let Some((path, line)) = place
        && failure.path.as_ref().is_none_or(|known| *known == path)
    {
        failure.path = Some(path);
        failure.line = Some(line);
    }
    failure
}

fn suite(tag: &BytesStart<'_>) -> Result<Suite, String> {
    let count = |name| Ok::<_, String>(number::<u64>(tag, name)?.unwrap_or(0));
    Ok(Suite {
        name: attribute(tag, "name")?.unwrap_or_default(),
        claimed_tests: count("tests")?,
        claimed_failing: count("failures")?.saturating_add(count("errors")?),
        ..Suite::default()
    })
}

fn case(tag: &BytesStart<'_>) -> Result<Case, String> {
    let name = attribute(tag, "name")?.unwrap_or_default();
    let class = attribute(tag, "classname")?.filter(|class| !class.is_empty() && *class != name);
    let status = attribute(tag, "status")?;
    Ok(Case {
        // GoogleTest and CTest say by an attribute alone how a test ended.
        ending: match status.as_deref() {
            Some("notrun" | "disabled" | "skipped") => Ending::Skipped,
            Some("fail" | "failed") => Ending::Failed,
            _ => Ending::Passed,
        },
        decided: false,
        failure: TestFailure {
            name: class.map_or_else(|| name.clone(), |class| format!("{class}::{name}")),
            message: String::new(),
            path: attribute(tag, "file")?,
            line: number(tag, "line")?,
        },
        output: String::new(),
        milliseconds: number::<f64>(tag, "time")?.map(|seconds| seconds * 1000.0),
        flaky: false,
    })
}
#[cfg(test)]
mod tests {
    use super::*;

    fn read(mut bytes: &[u8]) -> Result<TestResults, String> {
        parse(&mut bytes)
    }

    #[test]
    fn cases_are_counted_by_how_they_ended() {
        let results = read(br#"<?xml version="1.0"?><testsuites><testsuite name="s" failures="1" errors="1">
            <testcase classname="a.b" name="ok"/>
            <testcase name="bad" file="t.py" line="7"><failure message="1 != 2">trace</failure></testcase>
            <testcase name="broken"><error><![CDATA[no module]]></error></testcase>
            <testcase name="later"><skipped/></testcase>
            </testsuite></testsuites>"#,
        )
        .unwrap();
        assert_eq!(
            (
                results.passed,
                results.failed,
                results.errors,
                results.skipped
            ),
            (1, 1, 1, 1)
        );
        assert_eq!(results.failures[0].message, "1 != 2");
        assert_eq!(results.failures[0].line, Some(7));
        assert_eq!(results.failures[1].message, "no module");
    }

    #[test]
    fn a_suite_that_did_not_load_counts_as_an_error() {
        let results = read(br#"<testsuite name="s" errors="1" tests="0"></testsuite>"#).unwrap();
        assert_eq!((results.errors, results.failures.len()), (1, 1));
    }

    #[test]
    fn what_is_cut_off_or_not_junit_is_refused() {
        assert!(read(b"<testsuite><testcase name='a'>").is_err());
        assert!(read(b"<html></html>").is_err());
        assert!(read(b"").is_err());
        assert!(read(b"{}").is_err());
    }
}
