//! Whether the numbers are those of servers whose behaviour is known.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::goal::Row;
use crate::meter::told;
use crate::server::{Answer, Server, stall_left};
use crate::support::Project;

const MOMENT: Duration = Duration::from_millis(1);

pub(crate) fn measure() -> Result<Vec<Row>, String> {
    let mut rows = stall()?;
    rows.push(two_speeds()?);
    rows.extend(failures()?);
    Ok(rows)
}

/// A server that stands still for a second of every five, and 500 requests due each second.
fn stall() -> Result<Vec<Row>, String> {
    let begun = Instant::now();
    let server = Server::new(move |_| Answer::ok().after(stall_left(begun)));
    let words = ["--rate", "500/s", "-d", "20s", "-c", "700"];
    let json = bench(&server, &words)?;
    let latency = |name: &str| number(&json, &format!("/latency_ms/{name}"));
    let lateness = number(&json, "/generator/lateness_ms/p50")?;
    let (due, sent) = (
        count(&json, "/requests/due")?,
        count(&json, "/requests/sent")?,
    );
    let dropped = count(&json, "/requests/dropped")?;
    Ok(vec![
        Row::near(
            "stall of 1 s in 5 s, 500/s: p90",
            3.0,
            latency("p90")?,
            500.0,
        ),
        Row::near(
            "stall of 1 s in 5 s, 500/s: p99",
            3.0,
            latency("p99")?,
            950.0,
        ),
        Row::near(
            "stall of 1 s in 5 s, 500/s: p99.9",
            3.0,
            latency("p99.9")?,
            995.0,
        ),
        Row::at_most("open loop: p50 above the truth", 0.3, latency("p50")?, "ms"),
        Row::at_most("open loop: lateness of the start, p50", 0.1, lateness, "ms"),
        Row::exactly(
            "requests that are due are sent or dropped",
            due,
            sent + dropped,
        ),
    ])
}

/// One answer in fifty takes 50 ms, all others one.
fn two_speeds() -> Result<Row, String> {
    let server =
        Server::new(|n| Answer::ok().after(if n % 50 == 0 { 50 * MOMENT } else { MOMENT }));
    let json = bench(&server, &["-d", "5s", "-c", "16"])?;
    let p90 = number(&json, "/latency_ms/p90")?;
    Ok(Row::at_most(
        "2 % take 50 ms, others 1 ms: p90",
        1.5,
        p90,
        "ms",
    ))
}

/// Failures that the server counted.
fn failures() -> Result<Vec<Row>, String> {
    let server = Server::new(|n| match n % 100 {
        0 | 20 | 40 | 60 | 80 => Answer::status(500),
        10 | 70 => Answer::reset(),
        _ => Answer::ok(),
    });
    let json = bench(&server, &["-n", "20000", "-c", "16"])?;
    let seen = server.requests();
    Ok(vec![
        Row::exactly(
            "requests, as the server counted",
            seen,
            count(&json, "/requests/sent")?,
        ),
        Row::exactly(
            "answers with 500, as the server counted",
            seen / 20,
            count(&json, "/requests/failed/status")?,
        ),
        Row::exactly(
            "broken connections, as the server counted",
            seen / 50,
            count(&json, "/requests/failed/reset")?,
        ),
    ])
}

fn bench(server: &Server, words: &[&str]) -> Result<Value, String> {
    let url = server.url();
    let call = [&["bench", &url, "--format", "json"], words].concat();
    let project = Project::new();
    let mut command = project.command(&call);
    if let Some(own) = std::env::var_os("SDD_BIN") {
        let mut other = std::process::Command::new(own);
        other.args(&call);
        command = other;
    }
    let output = command.output().map_err(told)?;
    serde_json::from_slice(&output.stdout).map_err(told)
}

fn number(json: &Value, path: &str) -> Result<f64, String> {
    let found = json.pointer(path).and_then(Value::as_f64);
    found.ok_or_else(|| format!("{path} was not measured: {json}"))
}

fn count(json: &Value, path: &str) -> Result<u64, String> {
    let found = json.pointer(path).and_then(Value::as_u64);
    found.ok_or_else(|| format!("{path} was not measured: {json}"))
}
