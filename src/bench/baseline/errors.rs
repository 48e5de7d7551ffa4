//! Whether more requests fail than before.

use super::run::Run;
use statrs::distribution::{Binomial, DiscreteCDF};

/// Share of requests by which more have to fail before anybody speaks of it.
const AT_LEAST: f64 = 0.001;
/// How rarely so many may fail by chance.
const BY_CHANCE: f64 = 0.01;

/// Requests that failed, of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Failures {
    /// How many failed.
    pub failed: u64,
    /// How many were sent.
    pub sent: u64,
}

impl Failures {
    /// Those of some runs.
    pub fn of(runs: &[Run]) -> Self {
        Self {
            failed: runs.iter().map(|run| run.failed).sum(),
            sent: runs.iter().map(|run| run.sent).sum(),
        }
    }

    /// The share that failed.
    #[expect(clippy::cast_precision_loss, reason = "a share has few digits")]
    pub fn share(self) -> f64 {
        self.failed as f64 / self.sent.max(1) as f64
    }

    /// Whether more fail than before: by more than one in a thousand, and by more than chance
    /// explains (exact binomial test).
    pub fn are_more_than(self, before: Failures) -> bool {
        if self.share() <= before.share() + AT_LEAST {
            return false;
        }
        // One failure that did not occur is granted: a share of nothing predicts nothing.
        let granted = Failures {
            failed: (before.failed + 1).min(before.sent),
            ..before
        };
        let by_chance = Binomial::new(granted.share().clamp(0.0, 1.0), self.sent)
            .map_or(1.0, |binomial| binomial.sf(self.failed.saturating_sub(1)));
        by_chance < BY_CHANCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(failed: u64, sent: u64) -> Failures {
        Failures { failed, sent }
    }

    #[test]
    fn b85_more_failures_than_before_are_noticed_unless_chance_explains_them() {
        assert!(of(200, 10_000).are_more_than(of(0, 70_000)));
        assert!(of(200, 10_000).are_more_than(of(700, 70_000)));
        assert!(!of(5, 10_000).are_more_than(of(0, 70_000)), "hardly any");
        assert!(!of(2, 100).are_more_than(of(7, 700)), "by chance");
        assert!(!of(100, 10_000).are_more_than(of(700, 70_000)), "as many");
        assert!(!of(0, 0).are_more_than(of(0, 0)));
    }
}
