//! A measurement for people.

use std::io::{self, Write};

use crate::bench::{Step, Summary};
use crate::report::{Style, plain};

/// Classes of the histogram.
const CLASSES: i32 = 12;
/// Columns of the longest bar.
const LONGEST_BAR: u64 = 40;

/// Writes the counts, the latency with its histogram, and what to doubt.
pub fn bench_human(summary: &Summary, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    counts(summary, out)?;
    rates(summary, out)?;
    if summary.is_measured() {
        percentiles(summary, out)?;
        histogram(summary, style, out)?;
        series(summary, style, out)?;
    } else {
        let (ok, due) = (summary.tally.ok, summary.tally.due);
        writeln!(
            out,
            "\nlatency   not measured: {ok} of {due} requests succeeded, fewer than half"
        )?;
    }
    doubts(summary, out)
}

fn counts(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    let tally = &summary.tally;
    let (due, sent, dropped) = (tally.due, tally.sent(), summary.dropped());
    writeln!(out, "requests  {due} due, {sent} sent, {dropped} dropped")?;
    let failed = sent - tally.ok;
    let rate = summary
        .error_rate()
        .map_or(String::new(), |rate| format!(" ({:.2} %)", rate * 100.0));
    writeln!(out, "answers   {} ok, {failed} failed{rate}", tally.ok)?;
    for (status, count) in &tally.statuses {
        writeln!(out, "          {count} × status {status}")?;
    }
    let ways = [
        ("answer", "another answer", tally.answer),
        ("connect", "no connection", tally.connect),
        ("reset", "connection broke", tally.reset),
        ("timeout", "no answer in time", tally.timeout),
    ];
    for (way, words, count) in ways.into_iter().filter(|(_, _, count)| *count > 0) {
        let message = tally.messages.get(way);
        let message = message.map_or(String::new(), |message| format!(": {}", plain(message)));
        writeln!(out, "          {count} × {words}{message}")?;
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a rate has few digits")]
fn rates(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    let seconds = summary.tally.elapsed.as_secs_f64();
    let rates = &summary.throughput;
    writeln!(
        out,
        "rate      {:.1} sent/s, {:.1} ok/s in {seconds:.1} s",
        rates.attempted_per_s, rates.successful_per_s
    )?;
    let bytes = summary.tally.bytes;
    let per_second = if seconds > 0.0 {
        bytes as f64 / seconds / 1024.0
    } else {
        0.0
    };
    writeln!(out, "bodies    {bytes} bytes, {per_second:.1} KiB/s")
}

fn percentiles(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
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
    writeln!(out, "\nlatency")?;
    for (name, value) in rows {
        match value {
            Some(value) => writeln!(out, "  {name:<6} {value:>10.3} ms")?,
            None => writeln!(out, "  {name:<6} not measured: too few requests")?,
        }
    }
    Ok(())
}

fn histogram(summary: &Summary, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let bars = summary.histogram(CLASSES);
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(1).max(1);
    let sign = if style.ascii { "#" } else { "█" };
    writeln!(out)?;
    for bar in bars {
        // A class with anything in it is seen.
        let length = (bar.count * LONGEST_BAR).div_ceil(most);
        let drawn = sign.repeat(usize::try_from(length).unwrap_or(0));
        let line = format!("  ≤ {:>10.3} ms {:>9}  {drawn}", bar.up_to, bar.count);
        let line = if style.ascii {
            line.replace('≤', "<")
        } else {
            line
        };
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Requests per second and latency over the time, a line each.
fn series(summary: &Summary, style: &Style, out: &mut dyn Write) -> io::Result<()> {
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
    let ok: Vec<Option<f64>> = steps
        .iter()
        .map(|step| Some(count(step.ok) / length))
        .collect();
    let medians: Vec<Option<f64>> = steps.iter().map(median).collect();
    writeln!(out)?;
    for (name, values, unit) in [("ok", ok, "/s"), ("p50", medians, " ms")] {
        let found = || values.iter().flatten().copied();
        let (least, most) = (
            found().fold(f64::INFINITY, f64::min),
            found().fold(0.0, f64::max),
        );
        if least.is_finite() {
            let line = spark(&values, most, style);
            writeln!(out, "  {name:<4} {line}  {least:.1} to {most:.1}{unit}")?;
        }
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a chart has few digits")]
fn count(count: u64) -> f64 {
    count as f64
}

/// A chart of one line; a gap where there is no value.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a height is a small number"
)]
fn spark(values: &[Option<f64>], most: f64, style: &Style) -> String {
    let signs: &[char] = if style.ascii {
        &['_', '.', ':', '|']
    } else {
        &['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']
    };
    let heights = values.iter().map(|value| {
        let Some(value) = value else { return ' ' };
        let height = (value / most.max(f64::MIN_POSITIVE) * count(signs.len() as u64)).ceil();
        signs[(height.max(1.0) as usize - 1).min(signs.len() - 1)]
    });
    heights.collect()
}

fn doubts(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    if let (Some(p50), Some(p99)) = (summary.lateness.p50, summary.lateness.p99) {
        writeln!(
            out,
            "\nstarted   {p50:.3} ms late at p50, {p99:.3} ms at p99"
        )?;
    }
    if summary.saturated {
        writeln!(
            out,
            "\nsaturated: the requests could not be sent as they were due, so this is not the load \
             that was asked for; lower --rate or raise --connections"
        )?;
    }
    Ok(())
}
