//! What load is asked for.

use std::time::Duration;

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

/// Which statuses are a success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expect {
    /// Any of 200 to 299.
    Success,
    /// One of these.
    OneOf(Vec<u16>),
}

impl Expect {
    /// Whether a status is a success.
    pub fn accepts(&self, status: u16) -> bool {
        match self {
            Expect::Success => (200..300).contains(&status),
            Expect::OneOf(statuses) => statuses.contains(&status),
        }
    }
}

/// A measurement as it is asked for.
#[derive(Debug, Clone)]
pub struct Load {
    /// What is asked, and of whom.
    pub target: Target,
    /// Connections that are open at once, at least one.
    pub connections: usize,
    /// When requests are sent.
    pub pace: Pace,
    /// Time at the beginning whose requests are not counted.
    pub warmup: Duration,
    /// How long requests are sent after the warm-up.
    pub duration: Option<Duration>,
    /// How many requests are sent after the warm-up, at most.
    pub requests: Option<u64>,
    /// How long an answer may take, from the sending of its request.
    pub timeout: Duration,
    /// Which answers are a success.
    pub expect: Expect,
}

impl Load {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_of_all_threads_are_the_whole() {
        let load = Load {
            target: Target::of("http://127.0.0.1:1/").build().unwrap(),
            connections: 7,
            pace: Pace::Closed,
            warmup: Duration::ZERO,
            duration: None,
            requests: Some(1003),
            timeout: Duration::from_secs(1),
            expect: Expect::Success,
        };
        let shares: Vec<Load> = (0..4).map(|thread| load.share(thread, 4)).collect();
        let requests: u64 = shares.iter().filter_map(|share| share.requests).sum();
        let connections: usize = shares.iter().map(|share| share.connections).sum();
        assert_eq!((requests, connections), (1003, 7));
    }
}
