//! A measurement as a picture that stands alone: how the latencies lie, and how requests and
//! latencies went over the time.

use std::fmt::Write;

use crate::bench::{Bar, Summary};
use crate::report::plain;

/// Looks for light pages, then for dark ones.
const LOOKS: &str = include_str!("looks.css");
/// Classes of the histogram.
const CLASSES: i32 = 24;
const WIDTH: f64 = 720.0;
const MARGIN: f64 = 60.0;
/// Height of a chart, without what is written around it.
const CHART: f64 = 140.0;
/// From the top of a chart to that of the next.
const STRIDE: f64 = 210.0;
/// From the top of the picture to that of the first chart.
const HEAD: f64 = 90.0;

/// A text that a drawing grows in; writing to it can't fail.
type Drawing = String;

/// The picture of a measurement of `url`.
pub fn bench_svg(summary: &Summary, url: &str) -> String {
    let mut drawing = Drawing::new();
    let height = HEAD + 3.0 * STRIDE;
    draw(
        &mut drawing,
        format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
             width=\"{WIDTH}\" height=\"{height}\" role=\"img\">\n<style>{LOOKS}</style>\n\
             <rect class=\"page\" width=\"{WIDTH}\" height=\"{height}\"/>\n"
        ),
    );
    head(&mut drawing, summary, url);
    histogram(&mut drawing, HEAD, &summary.histogram(CLASSES));
    rates(&mut drawing, HEAD + STRIDE, summary);
    latencies(&mut drawing, HEAD + 2.0 * STRIDE, summary);
    drawing.push_str("</svg>\n");
    drawing
}

fn draw(drawing: &mut Drawing, what: std::fmt::Arguments<'_>) {
    // Writing to a text does not fail.
    let _ = drawing.write_fmt(what);
}

fn text(drawing: &mut Drawing, (x, y): (f64, f64), class: &str, anchor: &str, text: &str) {
    let escaped = plain(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    draw(
        drawing,
        format_args!(
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{escaped}\
             </text>\n"
        ),
    );
}

fn head(drawing: &mut Drawing, summary: &Summary, url: &str) {
    let tally = &summary.tally;
    let told = |name: &str, value: Option<f64>| match value {
        Some(value) => format!("{name} {value:.3} ms"),
        None => format!("{name} not measured"),
    };
    let latency = &summary.latency;
    let counts = format!(
        "{} of {} requests succeeded in {:.1} s, {:.1} a second",
        tally.ok,
        tally.due,
        tally.elapsed.as_secs_f64(),
        summary.throughput.successful_per_s
    );
    let percentiles = [
        told("p50", latency.p50),
        told("p95", latency.p95),
        told("p99", latency.p99),
        told("max", latency.max),
    ];
    text(drawing, (20.0, 26.0), "ink", "start", url);
    text(drawing, (20.0, 44.0), "faint", "start", &counts);
    let line = percentiles.join(" · ");
    text(drawing, (20.0, 60.0), "faint", "start", &line);
}

/// The frame of a chart with its name and the numbers at the ends of its axes.
fn frame(drawing: &mut Drawing, top: f64, name: &str, most: &str, ends: (&str, &str)) {
    let bottom = top + CHART;
    let right = WIDTH - 20.0;
    text(drawing, (MARGIN, top - 8.0), "ink", "start", name);
    text(drawing, (MARGIN - 6.0, top + 10.0), "faint", "end", most);
    text(drawing, (MARGIN - 6.0, bottom), "faint", "end", "0");
    text(drawing, (MARGIN, bottom + 16.0), "faint", "start", ends.0);
    text(drawing, (right, bottom + 16.0), "faint", "end", ends.1);
    draw(
        drawing,
        format_args!("<path class=\"axis line\" d=\"M{MARGIN} {top}V{bottom}H{right}\"/>\n"),
    );
}

fn histogram(drawing: &mut Drawing, top: f64, bars: &[Bar]) {
    let name = "how many requests took how long (classes of equal ratio)";
    let (Some(first), Some(last)) = (bars.first(), bars.last()) else {
        text(
            drawing,
            (MARGIN, top),
            "faint",
            "start",
            "no latency was measured",
        );
        return;
    };
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0);
    let ends = (
        format!("≤ {:.3} ms", first.up_to),
        format!("≤ {:.3} ms", last.up_to),
    );
    frame(drawing, top, name, &most.to_string(), (&ends.0, &ends.1));
    let counts: Vec<f64> = bars.iter().map(|bar| number(bar.count)).collect();
    columns(drawing, top, &counts, number(most), "bar");
}

fn rates(drawing: &mut Drawing, top: f64, summary: &Summary) {
    let (length, steps) = steps_of(summary);
    let ok: Vec<f64> = steps.iter().map(|step| number(step.ok) / length).collect();
    let failed: Vec<f64> = steps
        .iter()
        .map(|step| number(step.failed) / length)
        .collect();
    let most = ok.iter().chain(&failed).copied().fold(0.0, f64::max);
    let end = format!("{:.1} s", length * number(steps.len() as u64));
    let name = "requests a second: succeeded, and failed in red";
    frame(drawing, top, name, &format!("{most:.0}"), ("0 s", &end));
    columns(drawing, top, &ok, most, "bar");
    columns(drawing, top, &failed, most, "lost");
}

fn latencies(drawing: &mut Drawing, top: f64, summary: &Summary) {
    let (length, steps) = steps_of(summary);
    let of = |thousandths| -> Vec<Option<f64>> {
        let percentile = |step: &crate::bench::Step| {
            let time = step.latencies.percentile(thousandths);
            time.map(|time| time.as_secs_f64() * 1e3)
        };
        steps.iter().map(percentile).collect()
    };
    let (median, slow) = (of(500), of(990));
    let found = median.iter().chain(&slow).flatten();
    let most = found.copied().fold(0.0, f64::max);
    let end = format!("{:.1} s", length * number(steps.len() as u64));
    let name = "latency in ms: p50 in green, p99 in orange";
    frame(drawing, top, name, &format!("{most:.1}"), ("0 s", &end));
    line(drawing, top, &median, most, "mid");
    line(drawing, top, &slow, most, "slow");
}

fn steps_of(summary: &Summary) -> (f64, &[crate::bench::Step]) {
    let series = &summary.tally.series;
    (series.length().as_secs_f64(), series.steps())
}

fn columns(drawing: &mut Drawing, top: f64, values: &[f64], most: f64, class: &str) {
    let wide = (WIDTH - 20.0 - MARGIN) / number(values.len().max(1) as u64);
    let mut x = MARGIN;
    for value in values {
        let height = value / most.max(f64::MIN_POSITIVE) * CHART;
        if height > 0.0 {
            let y = top + CHART - height;
            let width = (wide - 1.0).max(0.5);
            draw(
                drawing,
                format_args!(
                    "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" \
                     height=\"{height:.1}\"/>\n"
                ),
            );
        }
        x += wide;
    }
}

/// A line through the values; broken where there is none.
fn line(drawing: &mut Drawing, top: f64, values: &[Option<f64>], most: f64, class: &str) {
    let wide = (WIDTH - 20.0 - MARGIN) / number(values.len().max(1) as u64);
    let mut path = String::new();
    let mut x = MARGIN + wide / 2.0;
    let mut is_drawing = false;
    for value in values {
        if let Some(value) = value {
            let y = top + CHART - value / most.max(f64::MIN_POSITIVE) * CHART;
            draw(
                &mut path,
                format_args!("{}{x:.1} {y:.1}", if is_drawing { 'L' } else { 'M' }),
            );
        }
        is_drawing = value.is_some();
        x += wide;
    }
    draw(
        drawing,
        format_args!("<path class=\"{class} line\" d=\"{path}\"/>\n"),
    );
}

#[expect(clippy::cast_precision_loss, reason = "a picture has few digits")]
fn number(count: u64) -> f64 {
    count as f64
}
