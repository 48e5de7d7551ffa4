use super::*;
use crate::chance::Chance;

/// Seven runs within two hundredths.
const QUIET: [f64; 7] = [0.0, 0.01, -0.01, 0.005, -0.005, 0.008, -0.008];

fn decide(stored: &[f64], factors: &[f64]) -> Change {
    let new: Vec<f64> = factors.iter().map(|factor| factor.ln()).collect();
    let evidence = Evidence {
        stored,
        new: &new,
        tolerance: 0.1,
    };
    evidence.decide().unwrap()
}

#[test]
fn what_is_hardly_worse_passes_at_once_and_what_is_worse_asks_for_two_more_runs() {
    assert_eq!(decide(&QUIET, &[1.0]).verdict, Verdict::Same);
    assert_eq!(decide(&QUIET, &[1.049]).verdict, Verdict::Same);
    assert_eq!(
        decide(&QUIET, &[1.06]).verdict,
        Verdict::InDoubt { more: 2 }
    );
    assert_eq!(
        decide(&QUIET, &[1.5, 1.5]).verdict,
        Verdict::InDoubt { more: 1 }
    );
}

#[test]
fn nine_percent_are_tolerated_and_eleven_are_not() {
    assert_eq!(decide(&QUIET, &[1.09; 3]).verdict, Verdict::Same);
    let change = decide(&QUIET, &[1.11; 3]);
    assert_eq!(change.verdict, Verdict::Regression);
    assert!((change.change - 0.11).abs() < 1e-9, "{change:?}");
    assert!((change.resolution - 0.1).abs() < 1e-9, "{change:?}");
}

#[test]
fn one_bad_run_of_three_is_no_regression() {
    assert_eq!(decide(&QUIET, &[1.2, 1.0, 1.01]).verdict, Verdict::Same);
}

#[test]
fn what_is_much_better_is_told() {
    assert_eq!(decide(&QUIET, &[0.7]).verdict, Verdict::Better);
    assert_eq!(decide(&QUIET, &[0.95]).verdict, Verdict::Same);
}

#[test]
fn b92_runs_that_spread_too_much_say_that_they_can_not_tell() {
    let noisy: Vec<f64> = QUIET.iter().map(|value| value * 10.0).collect();
    let change = decide(&noisy, &[1.08, 1.15, 1.22]);
    assert!(
        matches!(change.verdict, Verdict::Inconclusive { .. }),
        "{change:?}"
    );
    assert!(change.resolution > 0.1);
    // What lies far outside is told all the same.
    assert_eq!(decide(&noisy, &[1.8; 3]).verdict, Verdict::Regression);
    let wild: Vec<f64> = QUIET.iter().map(|value| value * 20.0).collect();
    let change = decide(&wild, &[1.0]);
    let missing = None;
    assert_eq!(change.verdict, Verdict::Inconclusive { missing });
    let somewhat: Vec<f64> = QUIET.iter().map(|value| value * 6.0).collect();
    let change = decide(&somewhat, &[1.07; 3]);
    let missing = Some(2);
    assert_eq!(change.verdict, Verdict::Inconclusive { missing });
}

#[test]
fn what_is_near_passes_where_a_change_of_three_times_the_tolerance_would_have_been_shown() {
    let noisy: Vec<f64> = QUIET.iter().map(|value| value * 10.0).collect();
    let change = decide(&noisy, &[1.04]);
    assert_eq!(change.verdict, Verdict::Same);
    assert!(
        change.resolution > 0.1 && change.resolution < 0.3,
        "{change:?}"
    );
}

#[test]
fn too_few_stored_runs_decide_nothing() {
    let evidence = Evidence {
        stored: &QUIET[..4],
        new: &[1.0],
        tolerance: 0.1,
    };
    assert_eq!(evidence.decide(), None);
}

/// Runs of a program that does not change by itself.
struct Runs(Chance);

impl Runs {
    /// The figure of a run: the median of ten windows, 7 % between runs, 10 % between windows, and
    /// one in twenty windows disturbed.
    fn run(&mut self, change: f64) -> f64 {
        let own = change.ln() + 0.07 * self.0.normal();
        let windows: Vec<f64> = (0..10)
            .map(|_| {
                let spike = if self.0.uniform() < 0.05 {
                    self.0.uniform()
                } else {
                    0.0
                };
                own + 0.1 * self.0.normal() + spike
            })
            .collect();
        median(&windows)
    }

    /// Of four thousand baselines of so many runs, the share whose next run is called a regression.
    fn claimed(&mut self, stored: usize, change: f64) -> f64 {
        let claims = (0..4000).filter(|_| {
            let stored: Vec<f64> = (0..stored).map(|_| self.run(1.0)).collect();
            let mut new = vec![self.run(change)];
            loop {
                let evidence = Evidence {
                    stored: &stored,
                    new: &new,
                    tolerance: 0.1,
                };
                match evidence.decide().unwrap().verdict {
                    Verdict::InDoubt { more } => {
                        new.extend((0..more).map(|_| self.run(change)));
                    }
                    verdict => break verdict == Verdict::Regression,
                }
            }
        });
        count(claims.count()) / 4000.0
    }
}

#[test]
fn b92_at_usual_noise_hardly_anything_is_claimed_that_is_not_there_and_most_that_is() {
    let mut runs = Runs(Chance::of(1, ""));
    for stored in [7, 20] {
        let wrong = runs.claimed(stored, 1.0);
        assert!(wrong <= 0.01, "{wrong}");
    }
    let found = [runs.claimed(7, 1.3), runs.claimed(20, 1.3)];
    assert!(found[0] >= 0.9 && found[1] >= 0.98, "{found:?}");
}
