//! What a test suite says of its tests.

mod go_test;
mod jest;
mod junit;
mod libtest;
mod message;
mod tap;
mod unittest;

super::formats! {
    /// Formats of test results.
    pub enum ResultsFormat of TestResults {
        Junit = "junit", "`JUnit` XML, which most runners write", junit::parse;
        Jest = "jest", "the JSON document of Jest and Vitest", jest::parse;
        Libtest = "libtest", "what `cargo test` prints on stdout", libtest::parse;
        GoTest = "go-test", "the lines of `go test -json`", go_test::parse;
        Tap = "tap", "TAP 13 and 14: node, Vitest, prove, bats", tap::parse;
        Unittest = "unittest", "what Python's unittest prints on standard error", unittest::parse;
    }
}

/// What a test suite says of its tests.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TestResults {
    /// Tests that ran and passed; those that were expected to fail and did count here.
    pub passed: u64,
    /// Tests that ran and failed; those that were expected to fail and passed count here if the
    /// runner says so.
    pub failed: u64,
    /// Tests, or whole suites, that could not run.
    pub errors: u64,
    /// Tests that were left out.
    pub skipped: u64,
    /// Names of tests that passed, as far as the format tells them; at most [`MOST_NAMES`].
    pub passed_names: Vec<String>,
    /// What failed, in the order of the file.
    pub failures: Vec<TestFailure>,
    /// Tests that failed and then passed when they were tried again: these passed.
    pub flaky: Vec<String>,
    /// The slowest tests, the slowest first, at most [`SLOWEST`]: name and milliseconds.
    pub slowest: Vec<(String, f64)>,
}

/// How many names of tests that passed are kept: far more than a suite of scenarios has.
pub const MOST_NAMES: usize = 10_000;

/// How many of the slowest tests are kept.
pub const SLOWEST: usize = 5;

/// A test that failed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestFailure {
    /// Its full name.
    pub name: String,
    /// What it says of the failure, in a line: all of it stands in the log.
    pub message: String,
    /// Its file, as the tool writes it.
    pub path: Option<String>,
    /// The line, from 1.
    pub line: Option<u64>,
}

impl TestResults {
    /// Counts a test that ran and passed.
    fn pass(&mut self, name: impl Into<String>) {
        self.passed += 1;
        if self.passed_names.len() < MOST_NAMES {
            self.passed_names.push(name.into());
        }
    }

    /// Counts a test that ran and failed.
    fn fail(&mut self, failure: TestFailure) {
        self.failed += 1;
        self.keep(failure);
    }

    /// Counts a test, or a whole suite, that could not run.
    fn error(&mut self, failure: TestFailure) {
        self.errors += 1;
        self.keep(failure);
    }

    fn keep(&mut self, failure: TestFailure) {
        let line = failure.message.lines().find(|line| !line.trim().is_empty());
        self.failures.push(TestFailure {
            // A copy has the room that it needs; what was read has that of the whole text.
            message: line.unwrap_or_default().trim().to_owned(),
            ..failure
        });
    }

    /// The names of all tests that ran; `None` if one that passed has none.
    pub fn ran(&self) -> Option<Vec<String>> {
        let failed = self.failures.iter().map(|failure| &failure.name);
        let all_named = self.passed_names.len() as u64 >= self.passed;
        all_named.then(|| self.passed_names.iter().chain(failed).cloned().collect())
    }

    /// Takes note of how long a test took.
    pub fn took(&mut self, name: &str, milliseconds: f64) {
        let at = self
            .slowest
            .partition_point(|(_, other)| *other >= milliseconds);
        if at < SLOWEST {
            self.slowest.truncate(SLOWEST - 1);
            self.slowest.insert(at, (name.to_owned(), milliseconds));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_test_that_passed_is_named_by_what_real_runners_wrote() {
        for (format, sample) in [
            (ResultsFormat::Junit, "pytest/fail-9.xml"),
            (ResultsFormat::Junit, "node-test/22-failed.xml"),
            (ResultsFormat::Jest, "jest/30-failed.json"),
            (ResultsFormat::Jest, "vitest/4-passed.json"),
            (ResultsFormat::Libtest, "cargo-test/failed.txt"),
            (ResultsFormat::GoTest, "go-test/fail-1.19.out"),
        ] {
            let bytes = std::fs::read(format!("templates/tools/samples/{sample}")).unwrap();
            let results = (format.row().parse)(&mut bytes.as_slice()).unwrap();
            assert!(results.passed > 0, "{sample}");
            let names = &results.passed_names;
            assert_eq!(names.len() as u64, results.passed, "{sample}: {names:?}");
            let failed = |name: &String| results.failures.iter().any(|one| one.name == *name);
            assert!(!names.iter().any(failed), "{sample}: {names:?}");
        }
    }
}
