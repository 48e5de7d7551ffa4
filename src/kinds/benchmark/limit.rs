//! What can be limited, and how a limit is written.

use super::resource::{self, Used};
use crate::bench::Summary;
use crate::diag::Diagnostic;
use crate::span::{Span, Spanned};
use crate::spec::{Decoder, parse_duration, parse_rate};

crate::spec! {
    /// What has to hold for a metric, in its unit; at least one of the two.
    pub struct Bound = "limit" {
        /// The most that it may be.
        "max" max: Option<Spanned<String>>,
        /// The least that it may be.
        "min" min: Option<Spanned<String>>,
    }
}

/// What can be limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Metric {
    P50,
    P75,
    P90,
    P95,
    P99,
    P999,
    Max,
    Mean,
    Throughput,
    ErrorRate,
    CpuPerRequest,
}

pub(super) const METRICS: &[(&str, Metric)] = &[
    ("p50", Metric::P50),
    ("p75", Metric::P75),
    ("p90", Metric::P90),
    ("p95", Metric::P95),
    ("p99", Metric::P99),
    ("p99.9", Metric::P999),
    ("max", Metric::Max),
    ("mean", Metric::Mean),
    ("throughput", Metric::Throughput),
    ("error-rate", Metric::ErrorRate),
    ("cpu-per-request", Metric::CpuPerRequest),
];

impl Metric {
    pub(super) fn named(name: &str) -> Option<Self> {
        let found = METRICS.iter().find(|(known, _)| *known == name);
        found.map(|(_, metric)| *metric)
    }

    pub(super) fn name(self) -> &'static str {
        let found = METRICS.iter().find(|(_, metric)| *metric == self);
        found.map_or("", |(name, _)| name)
    }

    /// Its value in its unit; `None` if it was not measured.
    pub(super) fn value(self, summary: &Summary) -> Option<f64> {
        let latency = &summary.latency;
        match self {
            Metric::P50 => latency.p50,
            Metric::P75 => latency.p75,
            Metric::P90 => latency.p90,
            Metric::P95 => latency.p95,
            Metric::P99 => latency.p99,
            Metric::P999 => latency.p999,
            Metric::Max => latency.max,
            Metric::Mean => latency.mean,
            Metric::Throughput => Some(summary.throughput.successful_per_s),
            Metric::ErrorRate => summary.error_rate().map(|rate| rate * 100.0),
            Metric::CpuPerRequest => summary.cpu_per_request,
        }
    }

    /// The unit as measurements name it.
    pub(super) fn unit(self) -> &'static str {
        match self {
            Metric::Throughput => "per-second",
            Metric::ErrorRate => "percent",
            Metric::CpuPerRequest => "us",
            _ => "ms",
        }
    }

    /// A value as people read it.
    pub(super) fn print(self, value: f64) -> String {
        match self {
            Metric::Throughput => format!("{value:.1}/s"),
            Metric::ErrorRate => format!("{value:.2} %"),
            Metric::CpuPerRequest => format!("{value:.1} µs"),
            _ => format!("{value:.3} ms"),
        }
    }

    /// Reads a value with its unit.
    pub(super) fn parse(self, text: &str) -> Option<f64> {
        match self {
            Metric::Throughput => parse_rate(text),
            Metric::ErrorRate => {
                let percent: f64 = text.trim().strip_suffix('%')?.trim().parse().ok()?;
                (0.0..=100.0).contains(&percent).then_some(percent)
            }
            Metric::CpuPerRequest => parse_duration(text).map(|time| time.as_secs_f64() * 1e6),
            _ => parse_duration(text).map(|time| time.as_secs_f64() * 1e3),
        }
    }

    fn example(self) -> &'static str {
        match self {
            Metric::Throughput => "a rate, for instance \"100/s\"",
            Metric::ErrorRate => "a percentage, for instance \"1%\"",
            _ => "a time, for instance \"500ms\"",
        }
    }
}

impl Bound {
    pub(super) fn at_most(text: &str) -> Self {
        Self {
            max: Some(Spanned::new(text.to_owned(), Span::default())),
            min: None,
        }
    }

    /// Its numbers, as they are read, each with whether it is the most.
    pub(super) fn limits(
        &self,
        parse: &dyn Fn(&str) -> Option<f64>,
    ) -> impl Iterator<Item = (f64, bool)> {
        let read = |text: &Option<Spanned<String>>| parse(text.as_ref()?);
        let max = read(&self.max).map(|limit| (limit, true));
        let min = read(&self.min).map(|limit| (limit, false));
        max.into_iter().chain(min)
    }

    /// Reports a metric that there is not, a limit without a number, and numbers of another unit.
    pub(super) fn check(&self, name: &Spanned<String>, decoder: &mut Decoder<'_>) {
        if let Some(used) = Used::named(name) {
            return used.check(name, self, decoder);
        }
        let Some(metric) = Metric::named(name) else {
            let names: Vec<&str> = METRICS.iter().map(|(known, _)| *known).collect();
            let help = resource::meant(name, &names).unwrap_or_else(|| {
                format!(
                    "one of `{}`, or a resource of what is sampled: `{}`",
                    names.join("`, `"),
                    resource::names().join("`, `")
                )
            });
            decoder.diags.push(
                Diagnostic::new(
                    "unknown-choice",
                    format!("nothing measured is called `{}`", **name),
                )
                .at(name.span, "no metric")
                .help(help),
            );
            return;
        };
        self.check_numbers(name, metric.example(), &|text| metric.parse(text), decoder);
    }

    /// Reports a limit without a number, and numbers of another unit.
    pub(super) fn check_numbers(
        &self,
        name: &Spanned<String>,
        example: &str,
        parse: &dyn Fn(&str) -> Option<f64>,
        decoder: &mut Decoder<'_>,
    ) {
        if self.max.is_none() && self.min.is_none() {
            decoder.diags.push(
                Diagnostic::new(
                    "missing-field",
                    format!("the limit `{}` has no number", **name),
                )
                .at(name.span, "needs `max` or `min`")
                .help(format!("as `max` or `min`, {example}")),
            );
        }
        for written in [&self.max, &self.min].into_iter().flatten() {
            if parse(written).is_none() {
                decoder.diags.push(
                    Diagnostic::new(
                        "wrong-unit",
                        format!("`{}` can't be `{}`", **name, **written),
                    )
                    .at(written.span, "not in its unit")
                    .help(example),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b83_every_metric_is_read_in_its_own_unit_and_in_no_other() {
        assert_eq!(Metric::P95.parse("635us"), Some(0.635));
        assert_eq!(Metric::P95.parse("1.10m"), Some(66_000.0));
        assert_eq!(Metric::Throughput.parse("120/m"), Some(2.0));
        assert_eq!(Metric::ErrorRate.parse("0.5 %"), Some(0.5));
        for (_, metric) in METRICS {
            for text in ["", "5", "-1ms", "Nonems", "101%", "NaN%"] {
                assert_eq!(metric.parse(text), None, "{metric:?} {text}");
            }
        }
        assert_eq!(Metric::P95.parse("100/s"), None);
        assert_eq!(Metric::Throughput.parse("1s"), None);
    }
}
