//! What is counted while load is sent.

use std::collections::BTreeMap;
use std::time::Duration;

use super::latency::Latencies;
use super::series::Series;

/// Why a request did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The answer was whole, but its status was another than expected.
    Status(u16),
    /// The answer was whole and its status right, but its body was another than expected.
    Answer(String),
    /// There was no connection.
    Connect(String),
    /// The connection broke before the answer was whole, or what came was no HTTP.
    Reset(String),
    /// The answer was not whole in time.
    Timeout,
}

/// The counts of a thread, or of all of them.
#[derive(Debug, Clone)]
pub struct Tally {
    /// Requests that were due, or that a free connection began.
    pub due: u64,
    /// Requests with the expected answer.
    pub ok: u64,
    /// Answers with another status, by status.
    pub statuses: BTreeMap<u16, u64>,
    /// Answers with the right status and another body.
    pub answer: u64,
    /// Requests that found no connection.
    pub connect: u64,
    /// Requests whose connection broke.
    pub reset: u64,
    /// Requests without an answer in time.
    pub timeout: u64,
    /// One message for each way that requests failed.
    pub messages: BTreeMap<&'static str, String>,
    /// Bytes of the bodies of whole answers.
    pub bytes: u64,
    /// How long successes took.
    pub latencies: Latencies,
    /// How it went over the time that counts.
    pub series: Series,
    /// How much later than due an idle connection began a request.
    pub lateness: Latencies,
    /// From the end of the warm-up to the last answer, or to the end if that was later.
    pub elapsed: Duration,
    /// The share of that time that the busiest thread needed a processor for, from 0 to 1.
    pub busy: f64,
}

impl Default for Tally {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Tally {
    /// Nothing yet, of a measurement of that length, if it is known beforehand.
    pub fn new(duration: Option<Duration>) -> Self {
        Self {
            due: 0,
            ok: 0,
            statuses: BTreeMap::new(),
            answer: 0,
            connect: 0,
            reset: 0,
            timeout: 0,
            messages: BTreeMap::new(),
            bytes: 0,
            latencies: Latencies::default(),
            series: Series::new(duration),
            lateness: Latencies::default(),
            elapsed: Duration::ZERO,
            busy: 0.0,
        }
    }

    /// Counts a whole answer or what came instead, of a request that was sent or due at a moment.
    pub fn record(&mut self, outcome: Result<u64, Failure>, moment: Duration, latency: Duration) {
        let latency_of_success = outcome.is_ok().then_some(latency);
        self.series.record(moment, latency_of_success);
        match outcome {
            Ok(bytes) => {
                self.ok += 1;
                self.bytes += bytes;
                self.latencies.record(latency);
            }
            Err(Failure::Status(status)) => *self.statuses.entry(status).or_default() += 1,
            Err(Failure::Answer(message)) => {
                self.answer += 1;
                self.messages.entry("answer").or_insert(message);
            }
            Err(Failure::Connect(message)) => {
                self.connect += 1;
                self.messages.entry("connect").or_insert(message);
            }
            Err(Failure::Reset(message)) => {
                self.reset += 1;
                self.messages.entry("reset").or_insert(message);
            }
            Err(Failure::Timeout) => self.timeout += 1,
        }
    }

    /// Whole answers with another status than expected.
    pub fn wrong_status(&self) -> u64 {
        self.statuses.values().sum()
    }

    /// Requests that were begun and whose end is known.
    pub fn sent(&self) -> u64 {
        self.ok + self.wrong_status() + self.answer + self.connect + self.reset + self.timeout
    }

    /// Adds the counts of a later run.
    pub fn follow(&mut self, later: Tally) {
        let elapsed = self.elapsed + later.elapsed;
        self.merge(later);
        self.elapsed = elapsed;
    }

    /// Adds the counts of another thread.
    pub fn merge(&mut self, other: Tally) {
        self.due += other.due;
        self.ok += other.ok;
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
        self.answer += other.answer;
        self.connect += other.connect;
        self.reset += other.reset;
        self.timeout += other.timeout;
        for (way, message) in other.messages {
            self.messages.entry(way).or_insert(message);
        }
        self.bytes += other.bytes;
        self.latencies.merge(&other.latencies);
        self.series.merge(other.series);
        self.lateness.merge(&other.lateness);
        self.elapsed = self.elapsed.max(other.elapsed);
        self.busy = self.busy.max(other.busy);
    }
}
