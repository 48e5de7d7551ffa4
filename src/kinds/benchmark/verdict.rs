//! What the numbers mean for the node.

use super::Benchmark;
use super::engine::{Engine, OneRun};
use super::limit::{METRICS, Metric};
use super::resource;
use crate::bench::baseline::Run;
use crate::bench::resources::{self, Sampled};
use crate::bench::{BLOCKS, Summary, drawn};
use crate::event::{Finding, Grade, Measurement};
use crate::host::{Conclusion, Host};
use crate::sched::Outcome;

/// How a limit was met.
pub(super) enum Met {
    Held(String),
    Broken(String),
    Unknown(String),
}

/// What a node measured so far.
pub(super) struct Measured {
    /// A summary for each time that the load was sent.
    pub(super) summaries: Vec<Summary>,
    /// The same, as it is kept.
    pub(super) runs: Vec<Run>,
    /// What services used meanwhile, each time.
    pub(super) sampled: Vec<Vec<Sampled>>,
    /// What sent the load.
    pub(super) engine: Engine,
}

impl Measured {
    /// Nothing yet.
    pub(super) fn new(engine: Engine) -> Self {
        Self {
            summaries: Vec::new(),
            runs: Vec::new(),
            sampled: Vec::new(),
            engine,
        }
    }

    /// All runs together.
    fn together(&self) -> (Summary, Vec<Sampled>) {
        let sampled = resources::of_runs(self.sampled.clone());
        let summary = Summary::of_runs(&self.summaries).with_resources(&sampled);
        (summary, sampled)
    }
}

/// How the node ends if a run means nothing.
pub(super) fn invalid(host: &impl Host, run: &OneRun) -> Option<Conclusion> {
    let summary = &run.summary;
    if summary.is_measured() && !summary.saturated {
        return None;
    }
    measure(host, summary);
    resource::measure(host, &run.sampled);
    if !summary.is_measured() {
        return Some(too_few(summary));
    }
    let late = summary.lateness.p99.map_or(String::new(), |late| {
        format!(", begun {late:.1} ms late at p99")
    });
    let reason = format!(
        "the load could not be sent as it was due ({} of {} requests dropped{late})",
        summary.dropped(),
        summary.tally.due
    );
    let remedy = "raise `connections`, lower `rate`, or let nothing else run: `exclusive`";
    Some(Conclusion::new(Outcome::Error, "saturated", reason).remedy(remedy))
}

/// Reports what was measured, and draws it in the log.
pub(super) fn tell(host: &impl Host, measured: &Measured) {
    let (summary, sampled) = measured.together();
    measure(host, &summary);
    resource::measure(host, &sampled);
    host.note(&drawn(&summary, &BLOCKS));
}

/// Why runs of another revision are no measure: more of their requests failed than may.
pub(super) fn too_many_failures(node: &Benchmark, measured: &Measured) -> Option<String> {
    let (summary, sampled) = measured.together();
    let mut met = meet_all(node, &summary, &sampled).into_iter();
    met.find_map(|(name, met)| match met {
        Met::Broken(message) if name == Metric::ErrorRate.name() => Some(message),
        _ => None,
    })
}

/// Reports each limit with its margin, and says how the node ends.
pub(super) fn limits(node: &Benchmark, host: &impl Host, measured: &Measured) -> Conclusion {
    let (summary, sampled) = measured.together();
    let (mut broken, mut unknown) = (Vec::new(), Vec::new());
    for (name, met) in meet_all(node, &summary, &sampled) {
        let (grade, message) = match met {
            Met::Held(message) => (Grade::Info, message),
            Met::Broken(message) => {
                broken.push(message.clone());
                (Grade::High, message)
            }
            Met::Unknown(message) => {
                unknown.push(message.clone());
                (Grade::High, message)
            }
        };
        host.finding(Finding::new(name, grade, message));
    }
    match (broken.as_slice(), unknown.as_slice()) {
        ([], []) => Conclusion::passed(),
        ([], unknown) => Conclusion::new(Outcome::Error, "not-measured", first(unknown))
            .remedy("send more requests: raise `duration`, `rate` or `requests`"),
        (broken, _) => Conclusion::new(Outcome::Failed, "limit-exceeded", first(broken)),
    }
}

/// The first of several messages, and how many more there are.
fn first(messages: &[String]) -> String {
    match messages {
        [first, rest @ ..] if !rest.is_empty() => format!("{first}, and {} more", rest.len()),
        messages => messages.concat(),
    }
}

/// How each limit is met, with its name.
fn meet_all(node: &Benchmark, summary: &Summary, sampled: &[Sampled]) -> Vec<(String, Met)> {
    let metrics = node.bounds().into_iter().flat_map(|(metric, bound)| {
        let value = metric.value(summary);
        let limits: Vec<_> = bound.limits(&|text| metric.parse(text)).collect();
        let limits = limits.into_iter();
        limits.map(move |limit| (metric.name().to_owned(), meet(metric, value, limit)))
    });
    metrics.chain(node.meet_on_resources(sampled)).collect()
}

fn meet(metric: Metric, value: Option<f64>, limit: (f64, bool)) -> Met {
    let name = metric.name();
    match value {
        Some(value) => hold(name, value, limit, &|value| metric.print(value)),
        None if metric == Metric::CpuPerRequest => Met::Unknown(format!(
            "{name} can't be told: not all of what it counts could be sampled"
        )),
        None => Met::Unknown(format!("{name} can't be told from so few requests")),
    }
}

/// Holds a value against a limit, which is the most that it may be or the least.
pub(super) fn hold(
    name: &str,
    value: f64,
    (limit, is_max): (f64, bool),
    print: &dyn Fn(f64) -> String,
) -> Met {
    let (shown, limit_shown) = (print(value), print(limit));
    let holds = if is_max {
        value <= limit
    } else {
        value >= limit
    };
    let margin = if limit > 0.0 {
        format!(" ({:+.1} %)", (value / limit - 1.0) * 100.0)
    } else {
        String::new()
    };
    let at = if is_max { "at most" } else { "at least" };
    if holds {
        return Met::Held(format!(
            "{name} is {shown}, {at} {limit_shown} is asked{margin}"
        ));
    }
    let side = if is_max { "above" } else { "below" };
    Met::Broken(format!("{name} is {shown}, {side} {limit_shown}{margin}"))
}

fn too_few(summary: &Summary) -> Conclusion {
    let tally = &summary.tally;
    let mut ways: Vec<String> = tally
        .statuses
        .iter()
        .map(|(status, count)| format!("{count} × status {status}"))
        .collect();
    let broken = [
        ("answer", "another answer", tally.answer),
        ("connect", "no connection", tally.connect),
        ("reset", "connection broke", tally.reset),
        ("timeout", "no answer in time", tally.timeout),
        ("dropped", "not sent", summary.dropped()),
    ];
    for (way, words, count) in broken.into_iter().filter(|(_, _, count)| *count > 0) {
        let message = tally.messages.get(way);
        let message = message.map_or(String::new(), |message| format!(" ({message})"));
        ways.push(format!("{count} × {words}{message}"));
    }
    let reason = format!(
        "only {} of {} requests succeeded, so nothing was measured: {}",
        tally.ok,
        tally.due,
        ways.join(", ")
    );
    Conclusion::new(Outcome::Error, "not-measured", reason)
}

fn measure(host: &impl Host, summary: &Summary) {
    let tally = &summary.tally;
    for (name, count) in [
        ("requests.due", tally.due),
        ("requests.sent", tally.sent()),
        ("requests.dropped", summary.dropped()),
        ("requests.ok", tally.ok),
        ("requests.failed", tally.sent() - tally.ok),
    ] {
        host.measure(Measurement::count(name, count));
    }
    for (name, metric) in METRICS {
        let Some(value) = metric.value(summary) else {
            continue;
        };
        let name = match metric {
            Metric::Throughput | Metric::ErrorRate | Metric::CpuPerRequest => (*name).to_owned(),
            _ => format!("latency.{name}"),
        };
        host.measure(Measurement {
            name,
            value,
            unit: metric.unit().to_owned(),
        });
    }
    if let Some(value) = summary.lateness.p99 {
        host.measure(Measurement {
            name: "generator.lateness.p99".to_owned(),
            value,
            unit: "ms".to_owned(),
        });
    }
}
