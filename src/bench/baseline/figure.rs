//! What is compared of runs: one number a run.

use super::decide::{Change, Evidence, Verdict, mean, median, spread};
use super::run::{Run, Window};
use crate::bench::latency::Latencies;

/// A number of a run that can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// The latency that so many thousandths of successes do not exceed.
    Percentile(u64),
    /// Successes a second.
    Throughput,
    /// Processor time of what is under load, for each success.
    CpuPerRequest,
}

/// What can be compared, with its name.
pub const FIGURES: &[(&str, Figure)] = &[
    ("p50", Figure::Percentile(500)),
    ("p75", Figure::Percentile(750)),
    ("p90", Figure::Percentile(900)),
    ("p95", Figure::Percentile(950)),
    ("p99", Figure::Percentile(990)),
    ("throughput", Figure::Throughput),
    ("cpu-per-request", Figure::CpuPerRequest),
];

/// The numbers of runs, as logarithms in which larger is worse.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// Of the stored runs.
    pub stored: Vec<f64>,
    /// Of the new ones.
    pub new: Vec<f64>,
    /// Whether each is set against the machine's speed at its time.
    pub by_yardstick: bool,
    /// The numbers seen the other way, of the stored runs and of the new ones, if there is one.
    pub other: Option<(Vec<f64>, Vec<f64>)>,
}

impl Figure {
    /// The figure of that name.
    pub fn named(name: &str) -> Option<Self> {
        let found = FIGURES.iter().find(|(known, _)| *known == name);
        found.map(|(_, figure)| *figure)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        let found = FIGURES.iter().find(|(_, figure)| *figure == self);
        found.map_or("", |(name, _)| name)
    }

    /// The highest percentile that every window of all these runs supports, and p50 if there is
    /// none.
    pub fn highest(runs: &[&Run]) -> Self {
        let percentiles = FIGURES.iter().rev().map(|(_, figure)| *figure);
        let mut supported = percentiles.filter(|figure| {
            matches!(figure, Figure::Percentile(_)) && figure.together(runs).is_ok()
        });
        supported.next().unwrap_or(Figure::Percentile(500))
    }

    /// How many windows are taken as one, so that each holds enough of every run: alike for all, or
    /// they would not be comparable. The error says why no number would do.
    fn together(self, runs: &[&Run]) -> Result<usize, String> {
        let mut last = Ok(1);
        for together in TOGETHER {
            let mut of = runs.iter().map(|run| self.of(run, together));
            last = of.try_for_each(|value| value.map(drop)).map(|()| together);
            if last.is_ok() {
                break;
            }
        }
        last
    }

    /// The value in one run, in nanoseconds, a second, or microseconds; the error says why there
    /// is none.
    fn of(self, run: &Run, together: usize) -> Result<f64, String> {
        let value = match self {
            Figure::Percentile(thousandths) => percentile_of(&run.windows, thousandths, together)?,
            Figure::Throughput => run.per_second,
            Figure::CpuPerRequest => run
                .cpu_us
                .ok_or("no `resources` were looked at while it ran")?,
        };
        let is_number = value.is_finite() && value > 0.0;
        let value = is_number.then_some(value);
        value.ok_or_else(|| "nothing was measured".to_owned())
    }

    /// The value of the machine's yardstick at the time of a run.
    fn of_yardstick(self, run: &Run) -> Option<f64> {
        let yardstick = run.yardstick.as_ref()?;
        match self {
            Figure::Percentile(thousandths) => {
                let found = yardstick.latencies().percentile(thousandths)?;
                Some(found.as_secs_f64() * 1e9)
            }
            Figure::Throughput => Some(yardstick.per_second),
            Figure::CpuPerRequest => None,
        }
    }

    /// The numbers of all runs. They are set against the yardstick if every run has one and the
    /// stored runs are closer together with it: what is disturbed the same way is disturbed less.
    /// The error says why there is nothing to compare.
    pub fn compare(self, stored: &[Run], new: &[Run]) -> Result<Compared, String> {
        let all: Vec<&Run> = stored.iter().chain(new).collect();
        let together = self.together(&all)?;
        let values = |runs: &[Run]| -> Result<Vec<f64>, String> {
            runs.iter()
                .map(|run| Ok(self.of(run, together)?.ln() * self.worse()))
                .collect()
        };
        let plain = Compared {
            stored: values(stored)?,
            new: values(new)?,
            by_yardstick: false,
            other: None,
        };
        let yardsticks = |runs: &[Run]| -> Option<Vec<f64>> {
            let of = runs.iter().map(|run| self.of_yardstick(run));
            of.map(|value| Some(value.filter(|value| *value > 0.0)?.ln() * self.worse()))
                .collect()
        };
        let (Some(of_stored), Some(of_new)) = (yardsticks(stored), yardsticks(new)) else {
            return Ok(plain);
        };
        let against = |values: &[f64], yardsticks: &[f64]| -> Vec<f64> {
            let pairs = values.iter().zip(yardsticks);
            pairs.map(|(value, yardstick)| value - yardstick).collect()
        };
        let ratio = Compared {
            stored: against(&plain.stored, &of_stored),
            new: against(&plain.new, &of_new),
            by_yardstick: true,
            other: None,
        };
        let is_closer = spread(&ratio.stored) < spread(&plain.stored);
        let (best, other) = if is_closer {
            (ratio, plain)
        } else {
            (plain, ratio)
        };
        Ok(Compared {
            other: Some((other.stored, other.new)),
            ..best
        })
    }

    /// Whether more of it is worse.
    fn worse(self) -> f64 {
        match self {
            Figure::Throughput => -1.0,
            Figure::Percentile(_) | Figure::CpuPerRequest => 1.0,
        }
    }
}

impl Compared {
    /// What the numbers say of a change beyond a tolerance, a share. A regression has to be seen
    /// with the yardstick and without it: where the machine itself was slower meanwhile, nothing is
    /// known of what was measured on it. `None` if there are too few stored runs.
    pub fn decide(&self, tolerance: f64) -> Option<Change> {
        let evidence = Evidence {
            stored: &self.stored,
            new: &self.new,
            tolerance,
        };
        let change = evidence.decide()?;
        let other = self.other.as_ref();
        let is_unseen =
            other.is_some_and(|(stored, new)| mean(new) - median(stored) <= tolerance.ln_1p());
        Some(if change.verdict == Verdict::Regression && is_unseen {
            let missing = Some(0);
            Change {
                verdict: Verdict::Inconclusive { missing },
                ..change
            }
        } else {
            change
        })
    }
}

/// How many windows may be taken as one.
const TOGETHER: [usize; 3] = [1, 2, 5];

/// The median over the windows of each one's percentile, in nanoseconds, with so many windows taken
/// as one.
fn percentile_of(windows: &[Window], thousandths: u64, together: usize) -> Result<f64, String> {
    let groups = windows.chunks(together).map(|group| {
        let mut whole = Latencies::coarse();
        for window in group {
            whole.merge(&window.latencies());
        }
        percentile(&whole, thousandths)
    });
    let found: Result<Vec<f64>, String> = groups.collect();
    found.and_then(|found| match found.as_slice() {
        [] => Err("nothing was measured".to_owned()),
        found => Ok(median(found)),
    })
}

/// A percentile of a window, in nanoseconds. A hundred times lie beyond it, so that it stands for
/// the window and not for a few requests.
fn percentile(latencies: &Latencies, thousandths: u64) -> Result<f64, String> {
    let needed = 100_000 / (1000 - thousandths).max(1);
    let count = latencies.count();
    let found = latencies.percentile(thousandths);
    match found {
        Some(found) if count >= needed => Ok(found.as_secs_f64() * 1e9),
        _ => Err(format!(
            "a window of a run has {count} successes, and {needed} are needed"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::baseline::run::Yardstick;

    /// A run whose windows each hold so many times of that many microseconds.
    fn run(microseconds: u64, count: u64, machine: Option<u64>) -> Run {
        let of = |microseconds: u64| vec![(microseconds * 1000, count), (1_000_000_000, 1)];
        Run {
            at: String::new(),
            run: String::new(),
            sent: count * 10,
            failed: 0,
            per_second: 1e6 / f64::from(u32::try_from(microseconds).unwrap()),
            cpu_us: None,
            windows: (0..10)
                .map(|_| Window {
                    latencies_ns: of(microseconds),
                })
                .collect(),
            yardstick: machine.map(|microseconds| Yardstick {
                per_second: 1e6 / f64::from(u32::try_from(microseconds).unwrap()),
                latencies_ns: of(microseconds),
            }),
        }
    }

    #[test]
    fn a_slower_run_is_worse_in_every_figure() {
        for figure in [Figure::Percentile(500), Figure::Throughput] {
            let compared = figure
                .compare(&[run(100, 1000, None)], &[run(120, 1000, None)])
                .unwrap();
            let change = (compared.new[0] - compared.stored[0]).exp();
            assert!((change - 1.2).abs() < 0.02, "{figure:?} {change}");
        }
    }

    #[test]
    fn b84_a_percentile_that_windows_do_not_support_is_not_compared() {
        let few = [run(100, 999, None)];
        assert!(Figure::Percentile(900).compare(&few, &few).is_ok());
        let reason = Figure::Percentile(990).compare(&few, &few).unwrap_err();
        assert!(
            reason.contains("5000 successes, and 10000 are needed"),
            "{reason}"
        );
        assert_eq!(Figure::highest(&[&few[0]]), Figure::Percentile(950));
        let fewer = [run(100, 499, None)];
        let compared = Figure::Percentile(900).compare(&few, &fewer).unwrap();
        assert_eq!(compared.new, compared.stored, "two windows as one");
        let reason = Figure::CpuPerRequest.compare(&few, &few).unwrap_err();
        assert!(reason.contains("resources"), "{reason}");
    }

    #[test]
    fn a_machine_that_is_slower_as_a_whole_does_not_make_a_run_slower() {
        let stored = [100, 150, 120, 200, 110].map(|time| run(time, 1000, Some(time / 10)));
        let compared = Figure::Throughput
            .compare(&stored, &[run(200, 1000, Some(20))])
            .unwrap();
        assert!(compared.by_yardstick);
        assert!((compared.new[0] - median(&compared.stored)).abs() < 0.01);
    }

    #[test]
    fn b92_where_the_machine_was_slower_meanwhile_nothing_is_claimed() {
        let stored = [100, 101, 99, 100, 102].map(|time| run(time, 1000, Some(10)));
        let slower = [130, 131, 129].map(|time| run(time, 1000, Some(10)));
        let compared = Figure::Throughput.compare(&stored, &slower).unwrap();
        let verdict = compared.decide(0.1).unwrap().verdict;
        assert_eq!(verdict, Verdict::Regression);
        let machine = [130, 131, 129].map(|time| run(time, 1000, Some(13)));
        let compared = Figure::Throughput.compare(&stored, &machine).unwrap();
        let verdict = compared.decide(0.1).unwrap().verdict;
        assert!(
            matches!(verdict, Verdict::Inconclusive { .. }),
            "{verdict:?}"
        );
    }

    #[test]
    fn a_yardstick_that_only_adds_noise_is_left_out() {
        let yardsticks = [10, 20, 15, 30, 12];
        let stored = yardsticks.map(|yardstick| run(100, 1000, Some(yardstick)));
        let compared = Figure::Throughput
            .compare(&stored, &[run(100, 1000, Some(25))])
            .unwrap();
        assert!(!compared.by_yardstick);
        let without = [run(100, 1000, None)];
        assert!(
            !Figure::Throughput
                .compare(&stored, &without)
                .unwrap()
                .by_yardstick
        );
    }
}
