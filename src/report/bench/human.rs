//! A measurement for people.

use std::io::{self, Write};

use crate::bench::{ASCII, BLOCKS, Summary, drawn};
use crate::report::{Style, plain};

/// Writes the counts, the latency with its histogram, and what to doubt.
pub fn bench_human(summary: &Summary, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    counts(summary, out)?;
    rates(summary, out)?;
    if summary.is_measured() {
        let signs = if style.ascii { &ASCII } else { &BLOCKS };
        write!(out, "\n{}", drawn(summary, signs))?;
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
