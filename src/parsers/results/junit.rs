//! `JUnit` XML, as pytest, Jest, cargo-nextest, Surefire and others write it.
//!
//! Cases are counted one by one. A suite whose attributes claim more failures or errors than its
//! cases show (a suite that did not load) adds the difference.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{TestFailure, TestResults};

/// Reads a results file; the error says why it is none.
pub(super) fn parse(input: &mut dyn std::io::BufRead) -> Result<TestResults, String> {
    let mut text = Vec::new();
    std::io::Read::read_to_end(input, &mut text).map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&text);
    let mut reader = Reader::from_str(&text);
    let mut fold = Fold::default();
    let mut depth = 0usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                depth += 1;
                fold.open(&tag)?;
            }
            Ok(Event::Empty(tag)) => {
                fold.open(&tag)?;
                fold.close(tag.name().as_ref());
            }
            Ok(Event::End(tag)) => {
                depth -= 1;
                fold.close(tag.name().as_ref());
            }
            Ok(Event::Text(text)) => fold.text(text.as_ref()),
            Ok(Event::CData(text)) => fold.text(text.as_ref()),
            Ok(Event::Eof) if depth > 0 => return Err("it ends in the middle".to_owned()),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                return Err(format!("at byte {}: {error}", reader.error_position()));
            }
        }
    }
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
    cases: u64,
    claimed_failures: u64,
    claimed_errors: u64,
    failures: u64,
    errors: u64,
}

struct Case {
    ending: Ending,
    failure: TestFailure,
}

impl Fold {
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        match tag.name().as_ref() {
            "testsuites" => self.seen_root = true,
            "testsuite" => {
                self.seen_root = true;
                self.suites.push(Suite {
                    name: attribute(tag, "name")?.unwrap_or_default(),
                    claimed_tests: number(tag, "tests")?,
                    claimed_failures: number(tag, "failures")?,
                    claimed_errors: number(tag, "errors")?,
                    ..Suite::default()
                });
            }
            "testcase" => self.case = Some(case(tag)?),
            "failure" => self.end_case(Ending::Failed, tag)?,
            "error" => self.end_case(Ending::Error, tag)?,
            "skipped" => self.end_case(Ending::Skipped, tag)?,
            _ => {}
        }
        Ok(())
    }

    fn end_case(&mut self, ending: Ending, tag: &BytesStart<'_>) -> Result<(), String> {
        let Some(case) = &mut self.case else {
            return Ok(());
        };
        // A case may hold both a failure and an error of its clean-up: the first one counts.
        if case.ending == Ending::Passed || case.ending == Ending::Skipped {
            case.ending = ending;
            case.failure.message = attribute(tag, "message")?.unwrap_or_default();
            self.in_failure = ending != Ending::Skipped;
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some(case) = self.case.as_mut().filter(|_| self.in_failure)
            && case.failure.message.trim().is_empty()
        {
            text.trim().clone_into(&mut case.failure.message);
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "failure" | "error" => self.in_failure = false,
            "testcase" => self.close_case(),
            "testsuite" => self.close_suite(),
            _ => {}
        }
    }

    fn close_case(&mut self) {
        let Some(case) = self.case.take() else { return };
        let count = match case.ending {
            Ending::Passed => &mut self.results.passed,
            Ending::Failed => &mut self.results.failed,
            Ending::Error => &mut self.results.errors,
            Ending::Skipped => &mut self.results.skipped,
        };
        *count += 1;
        for suite in &mut self.suites {
            suite.cases += 1;
            suite.failures += u64::from(case.ending == Ending::Failed);
            suite.errors += u64::from(case.ending == Ending::Error);
        }
        if matches!(case.ending, Ending::Failed | Ending::Error) {
            self.results.failures.push(case.failure);
        }
    }

    fn close_suite(&mut self) {
        let Some(suite) = self.suites.pop() else {
            return;
        };
        let claims_failures = suite.claimed_failures + suite.claimed_errors > 0;
        if suite.claimed_tests > 0 && suite.cases == 0 && !claims_failures {
            self.hollow = Some(suite.name.clone());
        }
        let claimed = suite.claimed_failures + suite.claimed_errors;
        let unseen = claimed.saturating_sub(suite.failures + suite.errors);
        if unseen == 0 {
            return;
        }
        self.results.errors += unseen;
        for outer in &mut self.suites {
            outer.errors += unseen;
        }
        self.results.failures.push(TestFailure {
            message: format!("{unseen} failures or errors outside of its tests"),
            name: suite.name,
            ..TestFailure::default()
        });
    }
}

fn case(tag: &BytesStart<'_>) -> Result<Case, String> {
    let name = attribute(tag, "name")?.unwrap_or_default();
    let class = attribute(tag, "classname")?.filter(|class| !class.is_empty());
    let status = attribute(tag, "status")?;
    Ok(Case {
        // GoogleTest and others mark what did not run by an attribute alone.
        ending: match status.as_deref() {
            Some("notrun" | "disabled") => Ending::Skipped,
            _ => Ending::Passed,
        },
        failure: TestFailure {
            name: class.map_or_else(|| name.clone(), |class| format!("{class}::{name}")),
            message: String::new(),
            path: attribute(tag, "file")?,
            line: attribute(tag, "line")?.and_then(|line| line.parse().ok()),
        },
    })
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, String> {
    match tag.try_get_attribute(name) {
        Ok(Some(attribute)) => {
            let raw = attribute.value.into_owned();
            let value =
                quick_xml::escape::unescape(&raw).map_or(raw.clone(), std::borrow::Cow::into_owned);
            Ok(Some(value))
        }
        Ok(None) => Ok(None),
        Err(error) => Err(format!("an attribute can't be read: {error}")),
    }
}

fn number(tag: &BytesStart<'_>, name: &str) -> Result<u64, String> {
    Ok(attribute(tag, name)?
        .and_then(|text| text.parse().ok())
        .unwrap_or(0))
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
