//! When the requests of an open loop are due.

use std::time::Duration;

/// How the rate changes over the time of a measurement: it rises evenly, stays, and falls evenly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ramp {
    /// Requests per second of all threads while the rate stays.
    pub(super) rate: f64,
    /// How long the rate rises.
    pub(super) up: Duration,
    /// How long it stays; for ever, if nothing is said.
    pub(super) stay: Option<Duration>,
    /// How long it falls.
    pub(super) down: Duration,
}

impl Ramp {
    /// When the request of that place in the whole sequence is due, from 0; `None` if it never is.
    /// It is the moment by which the area under the rate is that place.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a year at a million a second has fewer digits"
    )]
    fn due(&self, place: u64) -> Option<Duration> {
        let (place, rate) = (place as f64, self.rate);
        let (up, down) = (self.up.as_secs_f64(), self.down.as_secs_f64());
        let risen = rate * up / 2.0;
        if place < risen {
            return seconds((2.0 * up * place / rate).sqrt());
        }
        let after = (place - risen) / rate;
        let Some(stay) = self.stay.map(|stay| stay.as_secs_f64()) else {
            return seconds(up + after);
        };
        if after < stay {
            return seconds(up + after);
        }
        let falling = (after - stay) * rate;
        let left = down * down - 2.0 * down * falling / rate;
        if left <= 0.0 {
            return None;
        }
        seconds(up + stay + down - left.sqrt())
    }
}

/// A moment; none if it is so far away that no clock has to come there: a year.
fn seconds(seconds: f64) -> Option<Duration> {
    const YEAR: Duration = Duration::from_hours(366 * 24);
    let moment = Duration::try_from_secs_f64(seconds).ok()?;
    (moment <= YEAR).then_some(moment)
}

/// The requests of one thread: every so many of the whole sequence. All moments are fixed
/// beforehand and count from the beginning.
#[derive(Debug, Clone, Copy)]
pub(super) struct Schedule {
    /// How the rate changes.
    pub(super) ramp: Ramp,
    /// Which thread, from 0.
    pub(super) thread: usize,
    /// How many threads there are.
    pub(super) threads: usize,
}

impl Schedule {
    /// When a request of this thread is due; `None` if it never is.
    pub(super) fn due(&self, index: u64) -> Option<Duration> {
        self.ramp
            .due(index * self.threads as u64 + self.thread as u64)
    }

    /// How many requests are due before a moment.
    pub(super) fn before(&self, moment: Duration) -> u64 {
        let is_before = |index| self.due(index).is_some_and(|due| due < moment);
        let mut most = 1;
        while is_before(most) {
            most *= 2;
        }
        // The moments only grow with the index.
        let (mut low, mut high) = (0, most);
        while low < high {
            let middle = low + (high - low) / 2;
            if is_before(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn steady(rate: f64) -> Ramp {
        Ramp {
            rate,
            up: Duration::ZERO,
            stay: None,
            down: Duration::ZERO,
        }
    }

    #[test]
    fn threads_share_the_moments_evenly_and_none_twice() {
        let schedule = |thread| Schedule {
            ramp: steady(300.0),
            thread,
            threads: 3,
        };
        let mut moments: Vec<Duration> = (0..3)
            .flat_map(|thread| (0..100).filter_map(move |index| schedule(thread).due(index)))
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
                ramp: steady(rate),
                thread: 0,
                threads: 1,
            };
            let moment = Duration::from_secs(10);
            let count = schedule.before(moment);
            assert!(schedule.due(count).unwrap() >= moment);
            assert!(schedule.due(count - 1).unwrap() < moment);
        }
    }

    #[test]
    fn half_as_many_are_due_while_the_rate_rises_or_falls_as_while_it_stays() {
        let schedule = Schedule {
            ramp: Ramp {
                rate: 100.0,
                up: Duration::from_secs(4),
                stay: Some(Duration::from_secs(2)),
                down: Duration::from_secs(6),
            },
            thread: 0,
            threads: 1,
        };
        let before = |seconds| schedule.before(Duration::from_secs(seconds));
        assert_eq!(before(4), 200);
        assert_eq!(before(6) - before(4), 200);
        assert_eq!(before(12) - before(6), 300);
        assert_eq!(before(1000), before(12));
        // While it rises, a quarter of the requests are due in the first half of the time.
        assert_eq!(before(2), 50);
        assert_eq!(schedule.due(before(12)), None);
    }

    proptest! {
        #[test]
        fn moments_only_grow(
            rate in 0.1f64..10_000.0,
            up in 0u64..5_000,
            stay in 0u64..5_000,
            down in 0u64..5_000,
        ) {
            let schedule = Schedule {
                ramp: Ramp {
                    rate,
                    up: Duration::from_millis(up),
                    stay: Some(Duration::from_millis(stay)),
                    down: Duration::from_millis(down),
                },
                thread: 1,
                threads: 2,
            };
            let moments: Vec<Duration> = (0..2000).map_while(|index| schedule.due(index)).collect();
            prop_assert!(moments.is_sorted());
            let whole = Duration::from_millis(up + stay + down);
            prop_assert!(moments.iter().all(|moment| *moment <= whole));
        }
    }
}
