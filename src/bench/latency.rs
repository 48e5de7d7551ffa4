//! How long answers took.

use std::time::Duration;

use hdrhistogram::Histogram;

/// The percentiles that are told, in thousandths.
pub const PERCENTILES: [u64; 6] = [500, 750, 900, 950, 990, 999];

/// The longest time that is told apart, in nanoseconds: an hour.
const LONGEST: u64 = 3_600_000_000_000;

/// Times, kept in a memory that does not grow with their number, to three digits if nothing else is
/// said. The longest and the mean are exact.
#[derive(Debug, Clone)]
pub struct Latencies {
    histogram: Histogram<u64>,
    longest: Duration,
    total: Duration,
}

impl Default for Latencies {
    fn default() -> Self {
        Self::to_digits(3)
    }
}

impl Latencies {
    /// Times to two digits, in a tenth of the memory.
    pub fn coarse() -> Self {
        Self::to_digits(2)
    }

    fn to_digits(digits: u8) -> Self {
        Self {
            histogram: Histogram::new_with_bounds(1, LONGEST, digits)
                .expect("the bounds are in order and up to five digits are allowed"),
            longest: Duration::ZERO,
            total: Duration::ZERO,
        }
    }

    /// Adds a time.
    pub fn record(&mut self, time: Duration) {
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.histogram.saturating_record(nanoseconds);
        self.longest = self.longest.max(time);
        self.total += time;
    }

    /// Adds a time that occurred so often.
    pub fn record_many(&mut self, time: Duration, count: u64) {
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.histogram.saturating_record_n(nanoseconds, count);
        self.longest = self.longest.max(time);
        let total = time.as_nanos().saturating_mul(u128::from(count));
        self.total += Duration::from_nanos(u64::try_from(total).unwrap_or(u64::MAX));
    }

    /// Adds all times of another.
    pub fn merge(&mut self, other: &Self) {
        self.histogram
            .add(&other.histogram)
            .expect("both have the same bounds");
        self.longest = self.longest.max(other.longest);
        self.total += other.total;
    }

    /// How many times there are.
    pub fn count(&self) -> u64 {
        self.histogram.len()
    }

    /// The time that so many thousandths of all times do not exceed, by nearest rank. `None` if
    /// the sample is too small for it: no time lies beyond, so all that is known is the longest.
    pub fn percentile(&self, thousandths: u64) -> Option<Duration> {
        let rank = supported_rank(self.count(), thousandths)?;
        let mut seen = 0;
        let step = self.histogram.iter_recorded().find(|step| {
            seen += u128::from(step.count_since_last_iteration());
            seen >= rank
        })?;
        Some(Duration::from_nanos(step.value_iterated_to()).min(self.longest))
    }

    /// The longest time.
    pub fn max(&self) -> Option<Duration> {
        (self.count() > 0).then_some(self.longest)
    }

    /// The mean of all times.
    pub fn mean(&self) -> Option<Duration> {
        let count = self.count();
        if count == 0 {
            return None;
        }
        let mean = self.total.as_nanos() / u128::from(count);
        Some(Duration::from_nanos(
            u64::try_from(mean).unwrap_or(u64::MAX),
        ))
    }

    /// Every time that occurred, rounded to its digits, with how often it did.
    pub fn steps(&self) -> impl Iterator<Item = (Duration, u64)> {
        let steps = self.histogram.iter_recorded();
        steps.map(|step| {
            let time = Duration::from_nanos(step.value_iterated_to());
            (time, step.count_since_last_iteration())
        })
    }
}

/// The rank of a percentile; `None` if no time lies beyond it.
fn supported_rank(count: u64, thousandths: u64) -> Option<u128> {
    let count = u128::from(count);
    let rank = (count * u128::from(thousandths)).div_ceil(1000);
    (rank > 0 && rank < count).then_some(rank)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn of(milliseconds: impl IntoIterator<Item = u64>) -> Latencies {
        let mut latencies = Latencies::default();
        for time in milliseconds {
            latencies.record(Duration::from_millis(time));
        }
        latencies
    }

    fn near(found: Option<Duration>, milliseconds: f64) -> bool {
        found.is_some_and(|found| {
            (found.as_secs_f64() * 1e3 - milliseconds).abs() <= milliseconds * 0.001
        })
    }

    #[test]
    fn b91_the_ninety_ninth_percentile_of_one_to_a_hundred_is_ninety_nine() {
        let latencies = of(1..=100);
        assert!(near(latencies.percentile(990), 99.0));
        assert!(near(latencies.percentile(500), 50.0));
        assert!(near(latencies.percentile(950), 95.0));
    }

    #[test]
    fn b81_each_percentile_is_its_own_number() {
        let latencies = of(1..=10_000);
        let told: Vec<_> = PERCENTILES.map(|q| latencies.percentile(q)).into();
        assert!(told.iter().all(Option::is_some));
        assert!(told.is_sorted_by(|a, b| a < b), "{told:?}");
    }

    #[test]
    fn b82_what_a_percentile_is_does_not_depend_on_the_digits_of_other_numbers() {
        // Three quarters of the times lie in 93.75 % of the range.
        let latencies = of([1; 75].into_iter().chain([9375; 25]));
        assert!(near(latencies.percentile(750), 1.0));
        assert!(near(latencies.percentile(900), 9375.0));
    }

    #[test]
    fn b83_times_of_every_magnitude_are_told_in_one_unit() {
        for nanoseconds in [635_910, 1_230_000, 66_000_000_000] {
            let mut latencies = Latencies::default();
            for _ in 0..10 {
                latencies.record(Duration::from_nanos(nanoseconds));
            }
            let median = latencies.percentile(500).unwrap().as_nanos();
            assert!(median.abs_diff(u128::from(nanoseconds)) <= u128::from(nanoseconds) / 1000);
        }
    }

    #[test]
    fn a_percentile_needs_a_time_beyond_it() {
        assert_eq!(of(1..=99).percentile(990), None);
        assert!(of(1..=100).percentile(990).is_some());
        assert_eq!(of(1..=999).percentile(999), None);
        assert!(of(1..=1000).percentile(999).is_some());
        assert_eq!(of([7]).percentile(500), None);
        assert_eq!(of([]).max(), None);
        assert_eq!(of([]).mean(), None);
    }

    proptest! {
        #[test]
        fn b84_percentiles_are_those_of_the_sorted_times(
            parts in vec(vec(1u64..=5_000_000_000, 0..400), 1..4)
        ) {
            let mut whole = Latencies::default();
            for part in &parts {
                let mut latencies = Latencies::default();
                for time in part {
                    latencies.record(Duration::from_nanos(*time));
                }
                whole.merge(&latencies);
            }
            let mut sorted = parts.concat();
            sorted.sort_unstable();
            for thousandths in PERCENTILES {
                let rank = (0..=sorted.len())
                    .find(|rank| *rank as u64 * 1000 >= sorted.len() as u64 * thousandths)
                    .unwrap();
                let found = whole.percentile(thousandths).map(|time| time.as_nanos());
                if rank == 0 || rank == sorted.len() {
                    prop_assert_eq!(found, None);
                } else {
                    let truth = u128::from(sorted[rank - 1]);
                    let found = found.unwrap();
                    prop_assert!(found.abs_diff(truth) <= truth / 1000, "{} {}", found, truth);
                }
            }
            let longest = sorted.last().copied().map(Duration::from_nanos);
            prop_assert_eq!(whole.max(), longest);
            let mean = sorted.iter().sum::<u64>().checked_div(sorted.len() as u64);
            prop_assert_eq!(whole.mean(), mean.map(Duration::from_nanos));
        }
    }
}
