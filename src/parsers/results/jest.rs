//! The JSON document of Jest (`--json`) and Vitest (`--reporter=json`).

use std::io::BufRead;

use serde::Deserialize;

use super::{TestFailure, TestResults, message};
use crate::parsers::json;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    test_results: Vec<Suite>,
    success: Option<bool>,
    #[serde(default)]
    was_interrupted: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Suite {
    /// Its file.
    name: String,
    status: Option<String>,
    #[serde(default)]
    message: String,
    assertion_results: Vec<Assertion>,
    test_exec_error: Option<ExecError>,
}

#[derive(Deserialize)]
struct ExecError {
    message: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Assertion {
    full_name: Option<String>,
    title: String,
    status: String,
    duration: Option<f64>,
    #[serde(default)]
    failure_messages: Vec<String>,
    location: Option<Location>,
    invocations: Option<u64>,
}

#[derive(Deserialize)]
struct Location {
    line: Option<u64>,
}

/// Reads a document; the error says why it is none.
pub(super) fn parse(input: &mut dyn BufRead) -> Result<TestResults, String> {
    let document: Document = json::read(input)?;
    let mut results = TestResults::default();
    for suite in document.test_results {
        count(suite, &mut results)?;
    }
    let stopped = if document.was_interrupted {
        Some("it was interrupted")
    } else if document.success == Some(false) && results.failures.is_empty() {
        Some("it did not succeed, and names no test that failed")
    } else {
        None
    };
    if let Some(reason) = stopped {
        results.error(TestFailure {
            name: "the run".to_owned(),
            message: reason.to_owned(),
            ..TestFailure::default()
        });
    }
    Ok(results)
}

fn count(suite: Suite, results: &mut TestResults) -> Result<(), String> {
    let before = results.failures.len();
    for test in suite.assertion_results {
        let name = test.full_name.clone().unwrap_or_else(|| test.title.clone());
        if let Some(milliseconds) = test.duration {
            results.took(&name, milliseconds);
        }
        match test.status.as_str() {
            "passed" => {
                results.pass(name.as_str());
                // What an attempt before said is kept; a test expected to fail has none.
                if test.invocations.unwrap_or(1) > 1 || !test.failure_messages.is_empty() {
                    results.flaky.push(name);
                }
            }
            "failed" => results.fail(explain(name, &suite.name, &test)),
            "pending" | "skipped" | "todo" | "disabled" => results.skipped += 1,
            unknown => return Err(format!("`{name}` has the unknown status `{unknown}`")),
        }
    }
    let told = results.failures.len() > before;
    let broken = suite.test_exec_error.is_some() || suite.status.as_deref() == Some("failed");
    if broken && !told {
        results.error(TestFailure {
            message: suite_message(&suite.message, suite.test_exec_error),
            line: line_in(&suite.name, &suite.message),
            path: Some(suite.name.clone()),
            name: suite.name,
        });
    }
    Ok(())
}

/// What a suite says that did not load, without the heading that Jest prints above it.
fn suite_message(text: &str, error: Option<ExecError>) -> String {
    let text = message::tidy(text);
    let heading = "● Test suite failed to run";
    let said = text.strip_prefix(heading).unwrap_or(&text).trim();
    if said.is_empty() {
        message::tidy(&error.and_then(|error| error.message).unwrap_or_default())
    } else {
        said.to_owned()
    }
}

fn explain(name: String, file: &str, test: &Assertion) -> TestFailure {
    let output = test.failure_messages.join("\n");
    let told = line_in(file, &output);
    TestFailure {
        name,
        message: message::tidy(&output),
        path: Some(file.to_owned()),
        line: told.or_else(|| test.location.as_ref()?.line),
    }
}

/// The first line of the suite's own file that a stack names.
fn line_in(file: &str, stack: &str) -> Option<u64> {
    let after = stack.split(file).nth(1)?.strip_prefix(':')?;
    let digits = after.find(|letter: char| !letter.is_ascii_digit());
    after[..digits.unwrap_or(after.len())].parse().ok()
}
