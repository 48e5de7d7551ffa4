//! One run of a benchmark as it is kept.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::bench::latency::Latencies;
use crate::bench::series::Step;
use crate::bench::summary::Summary;

/// Windows of equal length that a run is divided into.
const WINDOWS: usize = 10;

/// A run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// When it ended, in UTC.
    pub at: String,
    /// The run of the pipeline that it was a part of.
    pub run: String,
    /// Requests that were sent.
    pub sent: u64,
    /// Requests that failed.
    pub failed: u64,
    /// Successes a second.
    pub per_second: f64,
    /// Microseconds of processor time of what was under load, for each success.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_us: Option<f64>,
    /// Equal parts of its time.
    pub windows: Vec<Window>,
    /// How fast the machine was at that time: the same load on a server that does nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yardstick: Option<Yardstick>,
}

/// A part of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// Latencies of successes to two digits, in nanoseconds, each with how often it occurred.
    pub latencies_ns: Vec<(u64, u64)>,
}

/// What a server that does nothing answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Yardstick {
    /// Successes a second.
    pub per_second: f64,
    /// Their latencies, as in [`Window`].
    pub latencies_ns: Vec<(u64, u64)>,
}

impl Run {
    /// A run that was measured.
    pub fn new(summary: &Summary, yardstick: Option<Yardstick>, (at, run): (&str, &str)) -> Self {
        let tally = &summary.tally;
        let windows = tally.series.windows(WINDOWS);
        Self {
            at: at.to_owned(),
            run: run.to_owned(),
            sent: tally.sent(),
            failed: tally.sent() - tally.ok,
            per_second: summary.throughput.successful_per_s,
            cpu_us: summary.cpu_per_request,
            windows: windows.iter().map(Window::of).collect(),
            yardstick,
        }
    }

    /// All latencies together.
    pub fn latencies(&self) -> Latencies {
        let mut whole = Latencies::coarse();
        for window in &self.windows {
            whole.merge(&read(&window.latencies_ns));
        }
        whole
    }
}

impl Window {
    fn of(step: &Step) -> Self {
        Self {
            latencies_ns: written(&step.latencies),
        }
    }

    pub(super) fn latencies(&self) -> Latencies {
        read(&self.latencies_ns)
    }
}

impl Yardstick {
    /// What was measured of that server.
    pub fn of(summary: &Summary) -> Self {
        let mut coarse = Latencies::coarse();
        for (time, count) in summary.tally.latencies.steps() {
            coarse.record_many(time, count);
        }
        Self {
            per_second: summary.throughput.successful_per_s,
            latencies_ns: written(&coarse),
        }
    }

    pub(super) fn latencies(&self) -> Latencies {
        read(&self.latencies_ns)
    }
}

fn written(latencies: &Latencies) -> Vec<(u64, u64)> {
    let steps = latencies.steps();
    let steps = steps.map(|(time, count)| {
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        (nanoseconds, count)
    });
    steps.collect()
}

fn read(written: &[(u64, u64)]) -> Latencies {
    let mut latencies = Latencies::coarse();
    for (nanoseconds, count) in written {
        latencies.record_many(Duration::from_nanos(*nanoseconds), *count);
    }
    latencies
}
