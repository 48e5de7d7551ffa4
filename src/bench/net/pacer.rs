//! Which request comes next, and when.

use std::cell::Cell;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use super::timer::Timer;
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

/// Gives requests to the connections of one thread.
pub(super) struct Pacer<'l> {
    load: &'l Load,
    schedule: Option<(Schedule, Mutex<Timer>)>,
    begin: Instant,
    stop: &'l AtomicBool,
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
        stop: &'l AtomicBool,
    ) -> io::Result<Self> {
        let schedule = match schedule {
            Some(schedule) => Some((schedule, Mutex::new(Timer::new()?))),
            None => None,
        };
        Ok(Self {
            load,
            schedule,
            begin: Instant::now(),
            stop,
            next: Cell::new(0),
            given: Cell::new(0),
        })
    }

    /// When the warm-up is over.
    pub(super) fn counts_from(&self) -> Instant {
        self.begin + self.load.warmup
    }

    /// When nothing more is due.
    pub(super) fn end(&self) -> Option<Instant> {
        Some(self.counts_from() + self.load.duration?)
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Counted requests that were due up to a moment, whether or not they were given out.
    pub(super) fn due_by(&self, moment: Instant) -> u64 {
        let Some((schedule, _)) = &self.schedule else {
            return self.given.get();
        };
        let moment = self.end().map_or(moment, |end| end.min(moment));
        let until = schedule.before(moment.saturating_duration_since(self.begin));
        let due = until.saturating_sub(schedule.before(self.load.warmup));
        due.min(self.load.requests.unwrap_or(u64::MAX))
            .max(self.given.get())
    }

    /// The next request; `None` when there is none any more.
    pub(super) async fn next(&self) -> io::Result<Option<Turn>> {
        if self.is_stopped() {
            return Ok(None);
        }
        match &self.schedule {
            None => Ok(self.at_once()),
            Some((schedule, timer)) => self.when_due(schedule, timer).await,
        }
    }

    fn at_once(&self) -> Option<Turn> {
        let from = Instant::now();
        if self.end().is_some_and(|end| from >= end) {
            return None;
        }
        let counted = from >= self.counts_from();
        self.give(counted).then_some(Turn {
            from,
            counted,
            lateness: None,
        })
    }

    /// Connections queue for the timer, so one request is waited for at a time.
    async fn when_due(
        &self,
        schedule: &Schedule,
        timer: &Mutex<Timer>,
    ) -> io::Result<Option<Turn>> {
        let timer = timer.lock().await;
        let after = schedule.due(self.next.get());
        let due = self.begin + after;
        if self.end().is_some_and(|end| due >= end) || self.is_given_up() {
            return Ok(None);
        }
        let counted = after >= self.load.warmup;
        if !self.give(counted) {
            return Ok(None);
        }
        self.next.set(self.next.get() + 1);
        let waits = due > Instant::now();
        while Instant::now() < due {
            if self.is_stopped() {
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

    /// A backlog is sent after the end for as long as the measurement took, but no longer than
    /// an answer may take; what is left then is dropped.
    fn is_given_up(&self) -> bool {
        let patience = self.load.duration.map(|time| time.min(self.load.timeout));
        let limit = self
            .end()
            .zip(patience)
            .map(|(end, patience)| end + patience);
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
