//! The numbers of a measurement.

use std::time::Duration;

use serde::Serialize;

use super::latency::{Latencies, PERCENTILES};
use super::resources::{Sampled, cpu_per_request};
use super::tally::Tally;

/// A generator that begins one in a hundred requests so much later than due did not keep up. Less is
/// part of the latency, which counts from when a request was due, and is told.
const LATE: Duration = Duration::from_millis(50);
/// A thread that is so busy sends what it can, not what is due.
const BUSY: f64 = 0.9;

/// Times in milliseconds; what was not measured, or not by enough requests, is absent.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct LatencySummary {
    /// Half of the requests took at most so long.
    pub p50: Option<f64>,
    /// Three quarters.
    pub p75: Option<f64>,
    /// 90 %.
    pub p90: Option<f64>,
    /// 95 %.
    pub p95: Option<f64>,
    /// 99 %.
    pub p99: Option<f64>,
    /// 99.9 %.
    #[serde(rename = "p99.9")]
    pub p999: Option<f64>,
    /// The longest.
    pub max: Option<f64>,
    /// The mean.
    pub mean: Option<f64>,
}

impl LatencySummary {
    fn of(latencies: &Latencies) -> Self {
        let [p50, p75, p90, p95, p99, p999] =
            PERCENTILES.map(|thousandths| latencies.percentile(thousandths).map(ms));
        Self {
            p50,
            p75,
            p90,
            p95,
            p99,
            p999,
            max: latencies.max().map(ms),
            mean: latencies.mean().map(ms),
        }
    }
}

/// Requests per second.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Throughput {
    /// Of those that were sent.
    pub attempted_per_s: f64,
    /// Of those that succeeded.
    pub successful_per_s: f64,
}

/// How much later than due requests were begun, in milliseconds; absent where none was due.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lateness {
    /// Half of them at most.
    pub p50: Option<f64>,
    /// 99 % of them at most.
    pub p99: Option<f64>,
}

/// One class of a histogram of latencies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// The longest time of the class, in milliseconds.
    pub up_to: f64,
    /// Successes in the class.
    pub count: u64,
}

/// How a measurement went.
#[derive(Debug, Clone)]
pub struct Summary {
    /// The counts.
    pub tally: Tally,
    /// Latency of successes; all absent if too few requests succeeded.
    pub latency: LatencySummary,
    /// Requests per second.
    pub throughput: Throughput,
    /// How well the generator kept its times.
    pub lateness: Lateness,
    /// Whether the requests could not be sent as they were due.
    pub saturated: bool,
    /// Microseconds of a processor that all that was sampled needed for a success.
    pub cpu_per_request: Option<f64>,
}

impl Summary {
    /// Works out the numbers. `open` says that requests were due at fixed times.
    pub fn new(tally: Tally, open: bool) -> Self {
        let latency = if is_measured(&tally) {
            LatencySummary::of(&tally.latencies)
        } else {
            LatencySummary::default()
        };
        let lateness = |thousandths| tally.lateness.percentile(thousandths);
        Self {
            latency,
            throughput: Throughput {
                attempted_per_s: per_second(tally.sent(), tally.elapsed),
                successful_per_s: per_second(tally.ok, tally.elapsed),
            },
            lateness: Lateness {
                p50: lateness(500).map(ms),
                p99: lateness(990).map(ms),
            },
            saturated: open && is_saturated(&tally),
            cpu_per_request: None,
            tally,
        }
    }

    /// The numbers of several runs, one after the other, together; how it went over the time is that
    /// of the last one.
    pub fn of_runs(runs: &[Summary]) -> Self {
        let mut whole = Tally::default();
        for run in runs {
            whole.follow(run.tally.clone());
        }
        if let Some(last) = runs.last() {
            // Runs laid over each other would be as many times too fast.
            whole.series = last.tally.series.clone();
        }
        let saturated = runs.iter().any(|run| run.saturated);
        Self {
            saturated,
            ..Self::new(whole, false)
        }
    }

    /// Adds what the services used meanwhile.
    #[must_use]
    pub fn with_resources(self, sampled: &[Sampled]) -> Self {
        let per_second = self.throughput.successful_per_s;
        Self {
            cpu_per_request: cpu_per_request(sampled, per_second).filter(|_| self.is_measured()),
            ..self
        }
    }

    /// Whether enough requests succeeded for the measurement to mean anything: at least half.
    pub fn is_measured(&self) -> bool {
        is_measured(&self.tally)
    }

    /// Requests that were due and whose end is not known: no connection was free for them in
    /// time, or the measurement was called off.
    pub fn dropped(&self) -> u64 {
        self.tally.due.saturating_sub(self.tally.sent())
    }

    /// The share of the requests sent that failed, from 0 to 1; absent if none was sent.
    #[expect(clippy::cast_precision_loss, reason = "a share has few digits")]
    pub fn error_rate(&self) -> Option<f64> {
        let sent = self.tally.sent();
        (sent > 0).then(|| (sent - self.tally.ok) as f64 / sent as f64)
    }

    /// The latencies in classes of equal ratio, from the shortest to the longest; none if there
    /// is no latency.
    pub fn histogram(&self, classes: i32) -> Vec<Bar> {
        let mut steps = self.tally.latencies.steps().peekable();
        let (Some(first), Some(longest)) = (steps.peek(), self.latency.max) else {
            return Vec::new();
        };
        let shortest = ms(first.0).min(longest).max(1e-3);
        let ratio = (longest / shortest).max(1.0).powf(1.0 / f64::from(classes));
        let mut bars: Vec<Bar> = (1..=classes)
            .map(|class| Bar {
                up_to: shortest * ratio.powi(class),
                count: 0,
            })
            .collect();
        for (time, count) in steps {
            let fits = bars.iter().position(|bar| ms(time) <= bar.up_to);
            let class = fits.unwrap_or(bars.len() - 1);
            bars[class].count += count;
        }
        bars
    }
}

fn is_measured(tally: &Tally) -> bool {
    tally.ok > 0 && tally.ok.saturating_mul(2) >= tally.due
}

fn is_saturated(tally: &Tally) -> bool {
    let dropped = tally.due.saturating_sub(tally.sent());
    let late = tally.lateness.percentile(990);
    dropped > tally.due / 100 || late.is_some_and(|late| late > LATE) || tally.busy > BUSY
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

#[expect(clippy::cast_precision_loss, reason = "a rate has few digits")]
fn per_second(count: u64, elapsed: Duration) -> f64 {
    if elapsed.is_zero() {
        return 0.0;
    }
    count as f64 / elapsed.as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::Failure;

    fn tally(ok: u64, failed: u64, dropped: u64) -> Tally {
        let mut tally = Tally {
            due: ok + failed + dropped,
            elapsed: Duration::from_secs(2),
            ..Tally::default()
        };
        for place in 0..ok {
            tally.record(Ok(10), Duration::ZERO, Duration::from_millis(1 + place));
        }
        for _ in 0..failed {
            tally.record(
                Err(Failure::Status(500)),
                Duration::ZERO,
                Duration::from_micros(1),
            );
        }
        tally
    }

    #[test]
    fn b85_when_most_requests_fail_there_is_no_latency() {
        let summary = Summary::new(tally(40, 60, 0), false);
        assert!(!summary.is_measured());
        assert_eq!(summary.latency, LatencySummary::default());
        assert!(Summary::new(tally(60, 40, 0), false).latency.p50.is_some());
        assert!(!Summary::new(tally(40, 0, 60), true).is_measured());
        assert!(!Summary::new(tally(0, 0, 0), false).is_measured());
    }

    #[test]
    fn b90_fast_failures_do_not_better_the_latency() {
        let without = Summary::new(tally(100, 0, 0), false);
        let with = Summary::new(tally(100, 90, 0), false);
        assert_eq!(without.latency, with.latency);
        assert_eq!(with.error_rate(), Some(90.0 / 190.0));
        assert!(with.throughput.attempted_per_s > with.throughput.successful_per_s);
    }

    #[test]
    fn a_generator_that_drops_requests_or_has_no_time_says_so() {
        assert!(!Summary::new(tally(1000, 0, 9), true).saturated);
        assert!(Summary::new(tally(1000, 0, 20), true).saturated);
        let busy = Tally {
            busy: 0.99,
            ..tally(1000, 0, 0)
        };
        assert!(Summary::new(busy.clone(), true).saturated);
        assert!(!Summary::new(busy, false).saturated, "nothing was due");
        let mut late = tally(1000, 0, 0);
        for _ in 0..100 {
            late.lateness.record(Duration::from_millis(60));
        }
        assert!(Summary::new(late, true).saturated);
    }

    #[test]
    fn every_success_is_in_one_class_of_the_histogram() {
        let summary = Summary::new(tally(500, 3, 0), false);
        let bars = summary.histogram(12);
        assert_eq!(bars.iter().map(|bar| bar.count).sum::<u64>(), 500);
        assert!(bars.is_sorted_by(|a, b| a.up_to < b.up_to));
        assert!(bars[0].count < bars[11].count);
    }
}
