//! A measurement drawn with characters.

use std::fmt::{self, Write};

use super::series::Step;
use super::summary::Summary;

/// Classes of the histogram.
const CLASSES: i32 = 12;
/// Columns of the longest bar.
const LONGEST_BAR: u64 = 40;

/// What is drawn with.
#[derive(Debug)]
pub struct Signs {
    bar: &'static str,
    at_most: &'static str,
    /// From the lowest to the highest.
    heights: &'static [char],
}

/// Signs that every terminal knows.
pub const ASCII: Signs = Signs {
    bar: "#",
    at_most: "<",
    heights: &['_', '.', ':', '|'],
};
/// Signs of Unicode.
pub const BLOCKS: Signs = Signs {
    bar: "█",
    at_most: "≤",
    heights: &['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
};

/// The latency with its histogram, and how it went over the time.
pub fn drawn(summary: &Summary, signs: &Signs) -> String {
    let mut text = String::new();
    // Writing to a text does not fail.
    let _ = percentiles(summary, &mut text)
        .and_then(|()| histogram(summary, signs, &mut text))
        .and_then(|()| series(summary, signs, &mut text));
    text
}

fn percentiles(summary: &Summary, out: &mut String) -> fmt::Result {
    let latency = &summary.latency;
    let rows = [
        ("p50", latency.p50),
        ("p75", latency.p75),
        ("p90", latency.p90),
        ("p95", latency.p95),
        ("p99", latency.p99),
        ("p99.9", latency.p999),
        ("max", latency.max),
        ("mean", latency.mean),
    ];
    writeln!(out, "latency")?;
    for (name, value) in rows {
        match value {
            Some(value) => writeln!(out, "  {name:<6} {value:>10.3} ms")?,
            None => writeln!(out, "  {name:<6} not measured: too few requests")?,
        }
    }
    Ok(())
}

fn histogram(summary: &Summary, signs: &Signs, out: &mut String) -> fmt::Result {
    let bars = summary.histogram(CLASSES);
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(1).max(1);
    writeln!(out)?;
    for bar in bars {
        // A class with anything in it is seen.
        let length = (bar.count * LONGEST_BAR).div_ceil(most);
        let drawn = signs.bar.repeat(usize::try_from(length).unwrap_or(0));
        let at_most = signs.at_most;
        let line = format!(
            "  {at_most} {:>10.3} ms {:>9}  {drawn}",
            bar.up_to, bar.count
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Requests per second and latency over the time, a line each.
fn series(summary: &Summary, signs: &Signs, out: &mut String) -> fmt::Result {
    let steps = summary.tally.series.steps();
    if steps.len() < 2 {
        return Ok(());
    }
    let median = |step: &Step| {
        let time = step.latencies.percentile(500);
        time.or_else(|| step.latencies.max())
            .map(|time| time.as_secs_f64() * 1e3)
    };
    let length = summary.tally.series.length().as_secs_f64();
    let rate = |step: &Step| Some(number(step.ok) / length);
    let rates: Vec<Option<f64>> = steps.iter().map(rate).collect();
    let medians: Vec<Option<f64>> = steps.iter().map(median).collect();
    writeln!(out)?;
    for (name, values, unit) in [("ok", rates, "/s"), ("p50", medians, " ms")] {
        let found = || values.iter().flatten().copied();
        let (least, most) = (
            found().fold(f64::INFINITY, f64::min),
            found().fold(0.0, f64::max),
        );
        if least.is_finite() {
            let line = spark(&values, most, signs);
            writeln!(out, "  {name:<4} {line}  {least:.1} to {most:.1}{unit}")?;
        }
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a chart has few digits")]
fn number(count: u64) -> f64 {
    count as f64
}

/// A chart of one line; a gap where there is no value.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a height is a small number"
)]
fn spark(values: &[Option<f64>], most: f64, signs: &Signs) -> String {
    let signs = signs.heights;
    let heights = values.iter().map(|value| {
        let Some(value) = value else { return ' ' };
        let height = (value / most.max(f64::MIN_POSITIVE) * number(signs.len() as u64)).ceil();
        signs[(height.max(1.0) as usize - 1).min(signs.len() - 1)]
    });
    heights.collect()
}
