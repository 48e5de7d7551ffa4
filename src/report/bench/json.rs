//! `sdd.bench/1`.

use serde::Serialize;

use crate::bench::{LatencySummary, Lateness, Series, Summary, Throughput};

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
    /// Bytes of the bodies of whole answers.
    bytes: u64,
    /// How long requests were counted.
    elapsed_s: f64,
    /// How it went, in equal steps of time.
    series: Vec<StepReport>,
}

#[derive(Debug, Serialize)]
struct StepReport {
    from_s: f64,
    ok: u64,
    failed: u64,
    p50_ms: Option<f64>,
    p99_ms: Option<f64>,
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
    answer: u64,
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
                    answer: tally.answer,
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
            bytes: tally.bytes,
            elapsed_s: tally.elapsed.as_secs_f64(),
            series: steps(&tally.series),
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

fn steps(series: &Series) -> Vec<StepReport> {
    let length = series.length().as_secs_f64();
    let steps = (0u32..).zip(series.steps());
    let reports = steps.map(|(place, step)| {
        let percentile = |thousandths| {
            let time = step.latencies.percentile(thousandths);
            time.map(|time| time.as_secs_f64() * 1e3)
        };
        StepReport {
            from_s: f64::from(place) * length,
            ok: step.ok,
            failed: step.failed,
            p50_ms: percentile(500),
            p99_ms: percentile(990),
        }
    });
    reports.collect()
}
