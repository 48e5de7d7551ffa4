//! What a coverage tool measured.

mod lcov;

super::formats! {
    /// Formats of coverage.
    pub enum CoverageFormat of Coverage {
        Lcov = "lcov", "LCOV tracefiles: cargo llvm-cov, c8, Jest, gcov", lcov::parse;
    }
}

/// What was covered of what could be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many ran.
    pub covered: u64,
    /// How many there are.
    pub total: u64,
}

impl Tally {
    /// The share in percent. `None` if there is nothing to cover, which is no share at all.
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of lines stay far below 2^52"
    )]
    pub fn percent(self) -> Option<f64> {
        (self.total > 0).then(|| self.covered as f64 * 100.0 / self.total as f64)
    }
}

/// What a coverage tool measured.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Coverage {
    /// Lines, or statements where the tool counts those.
    pub lines: Tally,
    /// Branches, if they were measured.
    pub branches: Option<Tally>,
    /// Functions, if they were measured.
    pub functions: Option<Tally>,
    /// The number that the tool itself calls the total and judges by, in percent, where it is not
    /// that of the lines: coverage.py counts lines and branches together.
    pub total: Option<f64>,
    /// Single lines, by file; empty if the format does not say.
    pub files: Vec<FileCoverage>,
}

/// The lines of one file that can run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileCoverage {
    /// The file, as the tool writes it.
    pub path: String,
    /// Lines that ran, from 1, rising.
    pub covered: Vec<u32>,
    /// Lines that did not, from 1, rising.
    pub missed: Vec<u32>,
}
