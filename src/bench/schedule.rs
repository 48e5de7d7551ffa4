//! When the requests of an open loop are due.

use std::time::Duration;

/// The requests of one thread: every so many of a sequence with even gaps. All moments are fixed
/// beforehand and count from the beginning.
#[derive(Debug, Clone, Copy)]
pub(super) struct Schedule {
    /// Requests per second of all threads.
    pub(super) rate: f64,
    /// Which thread, from 0.
    pub(super) thread: usize,
    /// How many threads there are.
    pub(super) threads: usize,
}

impl Schedule {
    /// When a request of this thread is due.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a year at a million a second has fewer digits"
    )]
    pub(super) fn due(&self, index: u64) -> Duration {
        let place = index * self.threads as u64 + self.thread as u64;
        let seconds = place as f64 / self.rate;
        Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
    }

    /// How many requests are due before a moment.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a guess, which is then corrected by counting"
    )]
    pub(super) fn before(&self, moment: Duration) -> u64 {
        let guess = (moment.as_secs_f64() * self.rate / self.threads as f64) as u64;
        let mut count = guess.saturating_sub(2);
        while self.due(count) < moment {
            count += 1;
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_share_the_moments_evenly_and_none_twice() {
        let schedule = |thread| Schedule {
            rate: 300.0,
            thread,
            threads: 3,
        };
        let mut moments: Vec<Duration> = (0..3)
            .flat_map(|thread| (0..100).map(move |index| schedule(thread).due(index)))
            .collect();
        moments.sort_unstable();
        for (place, moment) in (0u32..).zip(&moments) {
            let truth = f64::from(place) / 300.0;
            assert!((moment.as_secs_f64() - truth).abs() < 1e-6);
        }
        let second = Duration::from_secs(1);
        let due: u64 = (0..3).map(|thread| schedule(thread).before(second)).sum();
        assert_eq!(due, 300);
    }

    #[test]
    fn as_many_are_due_as_rate_and_time_say() {
        for rate in [0.5, 1.0, 7.0, 500.0, 33_333.0] {
            let schedule = Schedule {
                rate,
                thread: 0,
                threads: 1,
            };
            let count = schedule.before(Duration::from_secs(10));
            assert!(schedule.due(count) >= Duration::from_secs(10));
            assert!(schedule.due(count - 1) < Duration::from_secs(10));
        }
    }
}
