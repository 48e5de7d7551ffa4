//! Which request comes next, and when.

use std::cell::Cell;
use std::io;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use super::timer::Timer;
use super::watch::Watch;
use crate::bench::load::Load;
use crate::bench::schedule::Schedule;

/// How often a wait looks whether the measurement was called off.
const GLANCE: Duration = Duration::from_millis(50);

/// A request that is to be sent now.
pub(super) struct Turn {
    /// From when its latency counts.
    pub(super) from: Instant,
    /// Whether it counts; not during the warm-up.
    pub(super) counted: bool,
    /// How much later than due it is, if a connection was idle and waited for it.
    pub(super) lateness: Option<Duration>,
}

/// Gives requests to the users of one thread.
pub(super) struct Pacer<'l> {
    load: &'l Load,
    schedule: Option<(Schedule, Mutex<Timer>)>,
    begin: Instant,
    watch: &'l Watch,
    /// The next request of the schedule.
    next: Cell<u64>,
    /// Counted requests that were given out.
    given: Cell<u64>,
}

impl<'l> Pacer<'l> {
    /// Begins now.
    pub(super) fn new(
        load: &'l Load,
        schedule: Option<Schedule>,
        watch: &'l Watch,
    ) -> io::Result<Self> {
        let schedule = match schedule {
            Some(schedule) => Some((schedule, Mutex::new(Timer::new()?))),
            None => None,
        };
        let begin = Instant::now();
        watch.begin(begin);
        Ok(Self {
            load,
            schedule,
            begin,
            watch,
            next: Cell::new(0),
            given: Cell::new(0),
        })
    }

    /// From when requests count.
    pub(super) fn counts_from(&self) -> Instant {
        self.begin + self.load.counts_after()
    }

    /// When requests no longer count.
    pub(super) fn end(&self) -> Option<Instant> {
        Some(self.counts_from() + self.load.duration?)
    }

    /// Tells whoever watches of an answer that counts.
    pub(super) fn told(&self, success: bool) {
        self.watch.count(success);
    }

    /// Counted requests that were due up to a moment, whether or not they were given out.
    pub(super) fn due_by(&self, moment: Instant) -> u64 {
        let Some((schedule, _)) = &self.schedule else {
            return self.given.get();
        };
        let moment = self.end().map_or(moment, |end| end.min(moment));
        let until = schedule.before(moment.saturating_duration_since(self.begin));
        let due = until.saturating_sub(schedule.before(self.load.counts_after()));
        due.min(self.load.requests.unwrap_or(u64::MAX))
            .max(self.given.get())
    }

    /// The next request of a user; `None` when there is none any more.
    pub(super) async fn next(&self, user: usize) -> io::Result<Option<Turn>> {
        if self.watch.is_called_off() {
            return Ok(None);
        }
        match &self.schedule {
            None => Ok(self.at_once(user).await),
            Some((schedule, timer)) => self.when_due(schedule, timer).await,
        }
    }

    /// Users come one after the other while the load rises, and go so while it falls.
    async fn at_once(&self, user: usize) -> Option<Turn> {
        let first = self.begin + self.part_of(self.load.ramp_up, user);
        while Instant::now() < first {
            if self.watch.is_called_off() {
                return None;
            }
            tokio::time::sleep_until(first.min(Instant::now() + GLANCE).into()).await;
        }
        let from = Instant::now();
        let last = |end| end + self.part_of(self.load.ramp_down, user);
        if self.end().is_some_and(|end| from >= last(end)) {
            return None;
        }
        let counted = self.counts(from);
        self.give(counted).then_some(Turn {
            from,
            counted,
            lateness: None,
        })
    }

    /// The share of a time that passes before a user comes or goes.
    fn part_of(&self, time: Duration, user: usize) -> Duration {
        let users = u32::try_from(self.load.connections.max(1)).unwrap_or(u32::MAX);
        time / users * u32::try_from(user).unwrap_or(u32::MAX)
    }

    fn counts(&self, moment: Instant) -> bool {
        moment >= self.counts_from() && self.end().is_none_or(|end| moment < end)
    }

    /// Users queue for the timer, so one request is waited for at a time.
    async fn when_due(
        &self,
        schedule: &Schedule,
        timer: &Mutex<Timer>,
    ) -> io::Result<Option<Turn>> {
        let timer = timer.lock().await;
        let Some(after) = schedule.due(self.next.get()) else {
            return Ok(None);
        };
        let due = self.begin + after;
        if self.is_over(due) || self.is_given_up() {
            return Ok(None);
        }
        let counted = self.counts(due);
        if !self.give(counted) {
            return Ok(None);
        }
        self.next.set(self.next.get() + 1);
        let waits = due > Instant::now();
        while Instant::now() < due {
            if self.watch.is_called_off() {
                self.take_back(counted);
                return Ok(None);
            }
            timer.until(due.min(Instant::now() + GLANCE)).await?;
        }
        Ok(Some(Turn {
            from: due,
            counted,
            lateness: waits.then(|| Instant::now().saturating_duration_since(due)),
        }))
    }

    /// Whether a moment lies behind the whole measurement.
    fn is_over(&self, moment: Instant) -> bool {
        let last = self.end().map(|end| end + self.load.ramp_down);
        last.is_some_and(|last| moment >= last)
    }

    /// A backlog is sent after the end for as long as the measurement took, but no longer than
    /// an answer may take; what is left then is dropped.
    fn is_given_up(&self) -> bool {
        let patience = self.load.duration.map(|time| time.min(self.load.timeout));
        let limit = self
            .end()
            .zip(patience)
            .map(|(end, patience)| end + self.load.ramp_down + patience);
        limit.is_some_and(|limit| Instant::now() >= limit)
    }

    /// Whether one more request may be given out.
    fn give(&self, counted: bool) -> bool {
        if !counted {
            return true;
        }
        let given = self.given.get();
        if self.load.requests.is_some_and(|most| given >= most) {
            return false;
        }
        self.given.set(given + 1);
        true
    }

    fn take_back(&self, counted: bool) {
        self.given.set(self.given.get() - u64::from(counted));
    }
}
