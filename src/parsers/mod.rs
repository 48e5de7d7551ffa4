//! What tools write → findings and counts. One file a format.

mod junit;

pub use junit::junit;

/// What a test suite says of its tests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestResults {
    /// Tests that ran and passed.
    pub passed: u64,
    /// Tests that ran and failed.
    pub failed: u64,
    /// Tests, or whole suites, that could not run.
    pub errors: u64,
    /// Tests that were left out.
    pub skipped: u64,
    /// What failed, in the order of the file.
    pub failures: Vec<TestFailure>,
}

/// A test that failed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestFailure {
    /// Its full name.
    pub name: String,
    /// What it says of the failure.
    pub message: String,
    /// Its file, as the tool writes it.
    pub path: Option<String>,
    /// The line, from 1.
    pub line: Option<u64>,
}
