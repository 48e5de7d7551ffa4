//! Whether a figure differs between two programs that were measured in turn.

use super::decide::{Change, Verdict, median, reach_of_pairs};

/// The fewest pairs of which all have to point the same way to show anything.
pub const FEWEST_PAIRS: usize = 7;
/// The most pairs.
pub const MOST_PAIRS: usize = 50;
/// How rarely so clear a difference may come by chance.
const BY_CHANCE: f64 = 0.01;

/// Holds the figures of a program against those of the one before it, measured in pairs;
/// logarithms, in which larger is worse. It is worse if the median of the differences is beyond
/// the tolerance, a share, and Wilcoxon's signed ranks do not come about by chance. `None` if there
/// are too few pairs.
pub fn paired(before: &[f64], now: &[f64], tolerance: f64) -> Option<Change> {
    let pairs = before.iter().zip(now);
    let differences: Vec<f64> = pairs.map(|(before, now)| now - before).collect();
    if differences.len() < FEWEST_PAIRS {
        return None;
    }
    let tolerated = tolerance.ln_1p();
    let change = median(&differences);
    let opposite: Vec<f64> = differences.iter().map(|difference| -difference).collect();
    let resolution = reach_of_pairs(&differences, differences.len()).max(tolerated);
    let is_worse = change > tolerated;
    let verdict = if is_worse && by_chance(&differences) < BY_CHANCE {
        Verdict::Regression
    } else if -change > tolerated && by_chance(&opposite) < BY_CHANCE {
        Verdict::Better
    } else if is_worse || resolution > tolerated {
        let shows = |pairs: &usize| reach_of_pairs(&differences, *pairs) <= tolerated;
        let enough = (differences.len()..=MOST_PAIRS).find(shows);
        let missing = enough.map(|pairs| pairs - differences.len());
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

/// How likely differences are that are at least so much above nothing, if there is no difference:
/// the signed-rank test of Wilcoxon, exact. Ranks are counted in halves, since equal differences
/// share theirs.
fn by_chance(differences: &[f64]) -> f64 {
    let mut present: Vec<f64> = differences.iter().copied().filter(|d| *d != 0.0).collect();
    present.sort_unstable_by(|a, b| a.abs().total_cmp(&b.abs()));
    let ranks: Vec<usize> = present
        .iter()
        .map(|difference| {
            let size = difference.abs();
            let below = present.iter().filter(|other| other.abs() < size).count();
            let upto = present.iter().filter(|other| other.abs() <= size).count();
            below + upto + 1
        })
        .collect();
    let positive = present.iter().zip(&ranks).filter(|(d, _)| **d > 0.0);
    let found: usize = positive.map(|(_, rank)| rank).sum();
    // How likely each sum of ranks is, if each has either sign.
    let mut likely = vec![0.0; ranks.iter().sum::<usize>() + 1];
    likely[0] = 1.0;
    for rank in ranks {
        for sum in (0..likely.len()).rev() {
            let with = sum.checked_sub(rank).map_or(0.0, |without| likely[without]);
            likely[sum] = f64::midpoint(likely[sum], with);
        }
    }
    likely[found..].iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signed_ranks_are_as_likely_as_tables_say() {
        let all_positive: Vec<f64> = (1..=10).map(f64::from).collect();
        assert!((by_chance(&all_positive) - 1.0 / 1024.0).abs() < 1e-12);
        // Of five differences, those of a rank sum of 14 or more come with 2 of 32.
        assert!((by_chance(&[-1.0, 2.0, 3.0, 4.0, 5.0]) - 2.0 / 32.0).abs() < 1e-12);
        assert!(
            (by_chance(&[1.0, -1.0]) - 0.75).abs() < 1e-12,
            "ties share a rank"
        );
        assert!((by_chance(&[0.0, 0.0]) - 1.0).abs() < 1e-12);
    }

    fn decide(factors: &[f64]) -> Verdict {
        let before: Vec<f64> = (0..factors.len()).map(|_| 0.0).collect();
        let now: Vec<f64> = factors.iter().map(|factor| factor.ln()).collect();
        paired(&before, &now, 0.1).unwrap().verdict
    }

    #[test]
    fn what_is_slower_in_nearly_every_pair_is_worse() {
        let slower = [1.2, 1.25, 1.18, 1.3, 1.22, 1.15, 1.2, 1.21, 1.19, 1.24];
        assert_eq!(decide(&slower), Verdict::Regression);
        let faster: Vec<f64> = slower.iter().map(|factor| 1.0 / factor).collect();
        assert_eq!(decide(&faster), Verdict::Better);
        let alike = [1.0, 1.01, 0.99, 1.02, 0.98, 1.0, 1.01, 0.99, 1.0, 1.0];
        assert_eq!(decide(&alike), Verdict::Same);
        let tolerated: Vec<f64> = alike.iter().map(|factor| factor * 1.08).collect();
        assert_eq!(decide(&tolerated), Verdict::Same);
    }

    #[test]
    fn pairs_that_contradict_each_other_are_inconclusive() {
        let noisy = [1.6, 0.7, 1.5, 0.8, 1.4, 0.9, 1.6, 0.7, 1.5, 0.8];
        assert!(matches!(decide(&noisy), Verdict::Inconclusive { .. }));
        assert_eq!(paired(&[0.0; 6], &[0.2; 6], 0.1), None, "too few");
    }
}
