//! Whether a figure of a benchmark changed, as far as runs that were stored can show it.
//!
//! Runs of the same program differ: between runs more than within one. So a figure is a logarithm
//! of one number a run, and what a baseline can show follows from how its runs spread: a new mean
//! is a change if it lies outside of what the stored runs predict (Student's t, one-sided, 1 in
//! 100).

use statrs::distribution::{ContinuousCDF, StudentsT};

/// The fewest runs that predict anything.
pub const FEWEST: usize = 5;
/// The most runs that are stored.
pub const MOST: usize = 20;
/// How many new runs decide about a doubt.
pub const RUNS_IN_DOUBT: usize = 3;
/// A run that is worse than the stored ones by less than this needs no others: 5 %.
const AT_ONCE: f64 = 0.05;
/// What is so near passes if a change of so many times the tolerance would have been shown. At usual
/// noise hardly any baseline shows one of 10 % itself; what passes would have been found at 30 %.
const FAR: f64 = 3.0;
/// How sure a regression has to be.
const SURE: f64 = 0.99;

/// What is known of one figure; logarithms, in which larger is worse.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'e> {
    /// Of the stored runs.
    pub stored: &'e [f64],
    /// Of the new runs, at least one.
    pub new: &'e [f64],
    /// The change that has to be seen, as a share: 0.1 is 10 %.
    pub tolerance: f64,
}

/// What became of a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// What it means.
    pub verdict: Verdict,
    /// How much worse it is than the stored runs, as a share; negative if it is better.
    pub change: f64,
    /// The smallest change for the worse that these runs could have shown, as a share.
    pub resolution: f64,
}

/// What a change of a figure means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It did not become worse by more than is tolerated.
    Same,
    /// It became better by more than is tolerated.
    Better,
    /// It became worse by more than is tolerated.
    Regression,
    /// The runs spread too much to tell.
    Inconclusive {
        /// How many more stored runs would settle it, if any number does; 0 if it is the new runs
        /// that differ too much.
        missing: Option<usize>,
    },
    /// It is worse; so many more new runs have to be made before anything is claimed.
    InDoubt {
        /// How many.
        more: usize,
    },
}

impl Evidence<'_> {
    /// Says what the evidence carries. `None` if there are too few stored runs, or no new one.
    pub fn decide(&self) -> Option<Change> {
        if self.stored.len() < FEWEST || self.new.is_empty() {
            return None;
        }
        let tolerated = self.tolerance.ln_1p();
        let change = mean(self.new) - median(self.stored);
        let beyond = mean(self.new) - mean(self.stored);
        let by_stored = Spread::of(&[self.stored]);
        let by_all = Spread::of(&[self.stored, self.new]);
        let (stored, new) = (self.stored.len(), self.new.len());
        let resolution = by_stored.reach(stored, RUNS_IN_DOUBT).max(tolerated);
        let is_in_doubt = change > AT_ONCE.min(self.tolerance).ln_1p();
        let is_worse = is_in_doubt && change > tolerated;
        let verdict = if is_in_doubt && new < RUNS_IN_DOUBT {
            let more = RUNS_IN_DOUBT - new;
            Verdict::InDoubt { more }
        } else if is_worse && beyond > by_all.reach(stored, new) {
            Verdict::Regression
        } else if -change > tolerated && -beyond > by_all.reach(stored, new) {
            Verdict::Better
        } else if !is_settled(change, resolution, self.tolerance) {
            let missing = by_stored.missing(stored, tolerated);
            Verdict::Inconclusive { missing }
        } else {
            Verdict::Same
        };
        Some(Change {
            verdict,
            change: change.exp_m1(),
            resolution: resolution.exp_m1(),
        })
    }
}

/// Whether a change that is not shown to be one may pass: it lies within the tolerance, and a change
/// of that size would have been shown, or it is near nothing, and a change of some times that size
/// would have been. Changes are logarithms, the tolerance is a share.
pub(super) fn is_settled(change: f64, resolution: f64, tolerance: f64) -> bool {
    let is_near = change <= AT_ONCE.min(tolerance).ln_1p();
    let shown = if is_near { FAR * tolerance } else { tolerance };
    // What is rounded in the last digit is still within.
    change <= tolerance.ln_1p() && resolution <= shown.ln_1p() + 1e-12
}

/// How runs of the same program spread.
struct Spread {
    deviation: f64,
    freedom: f64,
}

impl Spread {
    /// As it is seen in some groups of runs, each around its own mean.
    fn of(groups: &[&[f64]]) -> Self {
        let freedom: f64 = groups.iter().map(|group| count(group.len() - 1)).sum();
        let squares: f64 = groups.iter().map(|group| squares(group)).sum();
        Self {
            deviation: (squares / freedom).sqrt(),
            freedom,
        }
    }

    /// How far the mean of so many new runs may lie from that of so many stored ones by chance.
    fn reach(&self, stored: usize, new: usize) -> f64 {
        self.reach_of_mean(1.0 / count(stored) + 1.0 / count(new))
    }

    /// The same for a number whose variance is so many times that of a run.
    fn reach_of_mean(&self, variance: f64) -> f64 {
        // The parameters are a location, a positive scale and at least four degrees of freedom.
        let student = StudentsT::new(0.0, 1.0, self.freedom);
        let factor = student.map_or(f64::INFINITY, |student| student.inverse_cdf(SURE));
        factor * self.deviation * variance.sqrt()
    }

    /// How many more stored runs that spread alike would show a change of that size.
    fn missing(&self, stored: usize, size: f64) -> Option<usize> {
        let shows = |runs: &usize| {
            let spread = Self {
                freedom: count(runs - 1),
                ..*self
            };
            spread.reach(*runs, RUNS_IN_DOUBT) <= size
        };
        (stored..=MOST).find(shows).map(|runs| runs - stored)
    }
}

/// How far the mean of so many differences may lie from nothing by chance, if they spread as these
/// do.
pub(super) fn reach_of_pairs(differences: &[f64], pairs: usize) -> f64 {
    let spread = Spread {
        freedom: count(pairs.max(2) - 1),
        ..Spread::of(&[differences])
    };
    spread.reach_of_mean(1.0 / count(pairs))
}

/// How runs of the same program spread, as a standard deviation.
pub(super) fn spread(runs: &[f64]) -> f64 {
    if runs.len() < 2 {
        return 0.0;
    }
    Spread::of(&[runs]).deviation
}

/// The middle of some numbers, at least one.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let half = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) {
        f64::midpoint(sorted[half - 1], sorted[half])
    } else {
        sorted[half]
    }
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / count(values.len())
}

/// The squares of how far the numbers lie from their mean, added up.
fn squares(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(2)).sum()
}

#[expect(clippy::cast_precision_loss, reason = "there are few runs")]
fn count(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
