//! What a coverage tool measured.
//!
//! Paths are written with `/` and without a leading `./`; nothing else of them is changed.

mod cobertura;
mod coverage_py;
mod go_cover;
mod istanbul;
mod istanbul_summary;
mod lcov;
mod llvm_cov;
mod marks;

super::formats! {
    /// Formats of coverage.
    pub enum CoverageFormat of Coverage {
        Lcov = "lcov", "LCOV tracefiles: cargo llvm-cov, c8, Jest, gcov", lcov::parse;
        CoveragePy = "coverage-py", "the JSON of coverage.py: `coverage json`, `pytest --cov-report=json`", coverage_py::parse;
        IstanbulSummary = "istanbul-summary", "`coverage-summary.json`: Jest, Vitest, nyc, c8", istanbul_summary::parse;
        Istanbul = "istanbul", "`coverage-final.json`: Jest, Vitest, nyc, c8", istanbul::parse;
        Cobertura = "cobertura", "Cobertura XML: coverage.py, gcovr, cargo-tarpaulin", cobertura::parse;
        LlvmCov = "llvm-cov", "the JSON of `llvm-cov export` and `cargo llvm-cov --json`", llvm_cov::parse;
        GoCover = "go-cover", "Go's cover profile, by statements", go_cover::parse;
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

    /// Two counts that a tool wrote, of which one can't be more than the other.
    fn checked(covered: u64, total: u64) -> Result<Self, String> {
        if covered <= total {
            Ok(Self { covered, total })
        } else {
            Err(format!("it says that {covered} of {total} were covered"))
        }
    }

    fn add(&mut self, other: Self) {
        self.covered = self.covered.saturating_add(other.covered);
        self.total = self.total.saturating_add(other.total);
    }

    /// Itself, or what is claimed where it counts nothing.
    fn or(self, claimed: Self) -> Self {
        if self.total > 0 { self } else { claimed }
    }

    /// The larger counts of two records of the same thing.
    fn larger(self, other: Self) -> Self {
        Self {
            covered: self.covered.max(other.covered),
            total: self.total.max(other.total),
        }
    }

    /// `None` where there is nothing to count, which tools also write for what they don't measure.
    fn measured(self) -> Option<Self> {
        (self.total > 0).then_some(self)
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
