//! What load is asked for.

use std::time::Duration;

use super::schedule::{Ramp, Schedule};
use super::target::Target;

/// How long load is sent if nothing else is said.
pub const USUAL_DURATION: Duration = Duration::from_secs(10);
/// How long an answer may take if nothing else is said.
pub const USUAL_TIMEOUT: Duration = Duration::from_secs(10);
/// The highest rate that can be asked for, in requests per second.
pub const HIGHEST_RATE: f64 = 1e7;

/// When requests are sent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// Each connection sends its next request when the last one is answered.
    Closed,
    /// So many requests a second are due, whatever the answers do. A latency counts from the
    /// moment that the request was due, so a stall is charged to every request that it delays.
    Open(f64),
}

/// How requests travel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Protocol {
    /// HTTP/1.1, one request at a time on each connection.
    #[default]
    Http1,
    /// HTTP/2, without negotiation on `http://` and by ALPN on `https://`.
    Http2,
}

/// A measurement as it is asked for. Its time is that of `ramp_up`, `warmup`, `duration` and
/// `ramp_down`, in this order; only what is sent during `duration` counts.
#[derive(Debug, Clone)]
pub struct Load {
    /// What is asked, and of whom; at least one. Each gets its share by its weight.
    pub targets: Vec<Target>,
    /// How requests travel.
    pub protocol: Protocol,
    /// Who vouches for the servers of `https://`, as certificates in PEM; those that this machine
    /// trusts, if nothing else is said.
    pub trusted: Option<Vec<u8>>,
    /// Connections that are open at once, at least one.
    pub connections: usize,
    /// When requests are sent.
    pub pace: Pace,
    /// Time in which the load rises evenly from nothing: in rate, or in connections.
    pub ramp_up: Duration,
    /// Time at the full load whose requests are not counted.
    pub warmup: Duration,
    /// How long requests count.
    pub duration: Option<Duration>,
    /// Time in which the load falls evenly to nothing; only with a `duration`.
    pub ramp_down: Duration,
    /// How many requests are counted, at most.
    pub requests: Option<u64>,
    /// How long an answer may take, from the sending of its request.
    pub timeout: Duration,
}

impl Load {
    /// The usual load on a target.
    pub fn on(target: Target) -> Self {
        Self {
            targets: vec![target],
            protocol: Protocol::default(),
            trusted: None,
            connections: 16,
            pace: Pace::Closed,
            ramp_up: Duration::ZERO,
            warmup: Duration::ZERO,
            duration: Some(USUAL_DURATION),
            ramp_down: Duration::ZERO,
            requests: None,
            timeout: USUAL_TIMEOUT,
        }
    }

    /// How long all of it takes, if that is known beforehand.
    pub fn whole(&self) -> Option<Duration> {
        Some(self.counts_after() + self.duration? + self.ramp_down)
    }

    /// How long passes before requests count.
    pub fn counts_after(&self) -> Duration {
        self.ramp_up + self.warmup
    }

    /// The share of one of several threads: what is counted is divided, the rest is the same.
    pub(super) fn share(&self, of: usize, threads: usize) -> Self {
        let part = |whole: u64| {
            let (of, threads) = (of as u64, threads as u64);
            whole / threads + u64::from(of < whole % threads)
        };
        Self {
            connections: usize::try_from(part(self.connections as u64)).unwrap_or(usize::MAX),
            requests: self.requests.map(part),
            ..self.clone()
        }
    }

    /// When the requests of one of several threads are due, in an open loop.
    pub(super) fn schedule(&self, thread: usize, threads: usize) -> Option<Schedule> {
        let Pace::Open(rate) = self.pace else {
            return None;
        };
        Some(Schedule {
            ramp: Ramp {
                rate,
                up: self.ramp_up,
                stay: self.duration.map(|duration| self.warmup + duration),
                down: self.ramp_down,
            },
            thread,
            threads,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_of_all_threads_are_the_whole() {
        let load = Load {
            connections: 7,
            duration: None,
            requests: Some(1003),
            ..Load::on(Target::of("http://127.0.0.1:1/").build().unwrap())
        };
        let shares: Vec<Load> = (0..4).map(|thread| load.share(thread, 4)).collect();
        let requests: u64 = shares.iter().filter_map(|share| share.requests).sum();
        let connections: usize = shares.iter().map(|share| share.connections).sum();
        assert_eq!((requests, connections), (1003, 7));
    }
}
