//! How a measurement went over its time.

use std::time::Duration;

use super::latency::Latencies;

/// The most steps that are kept.
const MOST: usize = 60;
/// The shortest step.
const SHORTEST: Duration = Duration::from_millis(100);

/// What happened in one step of time.
#[derive(Debug, Clone)]
pub struct Step {
    /// Requests with the expected answer.
    pub ok: u64,
    /// Requests that failed.
    pub failed: u64,
    /// How long successes took, to two digits.
    pub latencies: Latencies,
}

impl Default for Step {
    fn default() -> Self {
        Self {
            ok: 0,
            failed: 0,
            latencies: Latencies::coarse(),
        }
    }
}

impl Step {
    /// Adds what happened in another.
    pub fn merge(&mut self, other: &Step) {
        self.ok += other.ok;
        self.failed += other.failed;
        self.latencies.merge(&other.latencies);
    }
}

/// Equal steps of time, in a memory that does not grow with their number: when there are too many,
/// two become one.
#[derive(Debug, Clone)]
pub struct Series {
    length: Duration,
    steps: Vec<Step>,
}

impl Series {
    /// For a measurement of that length, if it is known beforehand.
    pub fn new(duration: Option<Duration>) -> Self {
        let part = duration.map_or(SHORTEST, |duration| {
            let part = duration.as_nanos().div_ceil(MOST as u128);
            Duration::from_nanos(u64::try_from(part).unwrap_or(u64::MAX)).max(SHORTEST)
        });
        Self {
            length: part,
            steps: Vec::new(),
        }
    }

    /// How long a step is.
    pub fn length(&self) -> Duration {
        self.length
    }

    /// The steps, from the first.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Counts a request that was sent or due at a moment; without a latency it failed.
    pub fn record(&mut self, moment: Duration, latency: Option<Duration>) {
        let step = self.at(moment);
        match latency {
            Some(latency) => {
                step.ok += 1;
                step.latencies.record(latency);
            }
            None => step.failed += 1,
        }
    }

    fn at(&mut self, moment: Duration) -> &mut Step {
        while self.place(moment) >= MOST {
            self.halve();
        }
        let place = self.place(moment);
        if place >= self.steps.len() {
            self.steps.resize_with(place + 1, Step::default);
        }
        &mut self.steps[place]
    }

    fn place(&self, moment: Duration) -> usize {
        let place = moment.as_nanos() / self.length.as_nanos().max(1);
        usize::try_from(place).unwrap_or(usize::MAX)
    }

    fn halve(&mut self) {
        self.length *= 2;
        self.steps = merged(&self.steps, 2);
    }

    /// Adds the steps of another thread.
    pub fn merge(&mut self, mut other: Series) {
        if self.steps.is_empty() {
            *self = other;
            return;
        }
        while self.length < other.length {
            self.halve();
        }
        while other.length < self.length {
            other.halve();
        }
        let most = self.steps.len().max(other.steps.len());
        self.steps.resize_with(most, Step::default);
        for (step, more) in self.steps.iter_mut().zip(&other.steps) {
            step.merge(more);
        }
    }

    /// The steps as so many windows of equal length, or as fewer if there are fewer steps.
    pub fn windows(&self, count: usize) -> Vec<Step> {
        let steps = self.steps.len();
        let mut windows: Vec<Step> = Vec::new();
        windows.resize_with(count.min(steps), Step::default);
        for (place, step) in self.steps.iter().enumerate() {
            let window = place * windows.len() / steps;
            windows[window].merge(step);
        }
        windows
    }
}

/// So many steps as one.
fn merged(steps: &[Step], count: usize) -> Vec<Step> {
    let parts = steps.chunks(count).map(|part| {
        let mut whole = Step::default();
        for step in part {
            whole.merge(step);
        }
        whole
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_measurement_of_unknown_length_keeps_few_steps_and_loses_nothing() {
        let mut series = Series::new(None);
        for second in 0..3600 {
            series.record(seconds(second), Some(Duration::from_millis(1)));
            series.record(seconds(second), None);
        }
        assert!(series.steps().len() <= MOST);
        let (ok, failed) = series.steps().iter().fold((0, 0), |(ok, failed), step| {
            assert_eq!(step.latencies.count(), step.ok);
            (ok + step.ok, failed + step.failed)
        });
        assert_eq!((ok, failed), (3600, 3600));
    }

    #[test]
    fn threads_that_saw_different_times_are_added_up_step_by_step() {
        let mut short = Series::new(None);
        let mut long = Series::new(None);
        for second in 0..600 {
            long.record(seconds(second), Some(Duration::from_millis(1)));
        }
        short.record(seconds(1), None);
        short.merge(long.clone());
        assert_eq!(short.length(), long.length());
        assert_eq!(short.steps()[0].failed, 1);
        assert_eq!(short.steps().iter().map(|step| step.ok).sum::<u64>(), 600);
    }

    #[test]
    fn windows_are_of_equal_length_and_hold_everything() {
        let mut series = Series::new(Some(seconds(10)));
        for tenth in 0..100 {
            series.record(Duration::from_millis(tenth * 100 + 50), Some(seconds(1)));
        }
        let windows = series.windows(10);
        let counts: Vec<u64> = windows.iter().map(|window| window.ok).collect();
        assert_eq!(counts, [10; 10]);
        assert_eq!(series.windows(100).len(), 60, "as many as there are steps");
        assert!(Series::new(None).windows(10).is_empty());
    }
}
