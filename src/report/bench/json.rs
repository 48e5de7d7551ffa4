//! `sdd.bench/1`.

use serde::Serialize;

use crate::bench::{LatencySummary, Lateness, Summary, Throughput};

/// A measurement as `sdd bench --format json` prints it.
#[derive(Debug, Serialize)]
pub struct BenchReport {
    schema: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    engine: Option<&'static str>,
    requests: Requests,
    latency_ms: LatencySummary,
    throughput: Throughput,
    generator: Generator,
}

#[derive(Debug, Serialize)]
struct Requests {
    due: u64,
    sent: u64,
    dropped: u64,
    ok: u64,
    failed: Failed,
}

#[derive(Debug, Serialize)]
struct Failed {
    status: u64,
    connect: u64,
    reset: u64,
    timeout: u64,
}

#[derive(Debug, Serialize)]
struct Generator {
    lateness_ms: Lateness,
    saturated: bool,
}

impl BenchReport {
    /// The document of a measurement.
    pub fn new(summary: &Summary) -> Self {
        let tally = &summary.tally;
        Self {
            schema: "sdd.bench/1",
            engine: None,
            requests: Requests {
                due: tally.due,
                sent: tally.sent(),
                dropped: summary.dropped(),
                ok: tally.ok,
                failed: Failed {
                    status: tally.wrong_status(),
                    connect: tally.connect,
                    reset: tally.reset,
                    timeout: tally.timeout,
                },
            },
            latency_ms: summary.latency.clone(),
            throughput: summary.throughput.clone(),
            generator: Generator {
                lateness_ms: summary.lateness.clone(),
                saturated: summary.saturated,
            },
        }
    }

    /// Says that another engine than the builtin one measured.
    #[must_use]
    pub fn by(self, engine: &'static str) -> Self {
        Self {
            engine: Some(engine),
            ..self
        }
    }
}
