//! Load that wrk sends: the real one, and programs that only say that they are.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod server;
mod support;

use serde_json::Value;
use server::{Answer, Server};
use support::{Finished, Project, Report, signal};

fn pipeline(url: &str, fields: &str) -> Project {
    Project::with(&format!(
        "benchmark \"api\" {{\n target url=\"{url}\"\n engine \"wrk\"\n {fields}\n}}\n"
    ))
}

fn run(server: &Server, fields: &str) -> Report {
    pipeline(&server.url(), fields).run()
}

/// A project in which `wrk` is this script.
fn played(script: &str) -> Report {
    let project = pipeline("http://127.0.0.1:1/", "load duration=\"1s\"");
    project
        .program("wrk", &format!("#!/bin/sh\n{script}\n"))
        .run()
}

/// A project on a machine without wrk.
fn without_wrk(url: &str, fields: &str) -> Report {
    let project = pipeline(url, fields);
    let mut command = project.command(&["run", "--format", "json"]);
    command.env("PATH", project.root());
    Report::of(&Finished(command.output().unwrap()))
}

/// How many requests came to a server.
fn seen(server: &Server) -> f64 {
    f64::from(u32::try_from(server.requests()).unwrap())
}

fn told(report: &Report, rule: &str) -> Vec<String> {
    let findings = report.node("api")["findings"].as_array().unwrap();
    let own = findings.iter().filter(|finding| finding["rule"] == rule);
    own.map(|finding| {
        let text = |field: &str| finding[field].as_str().unwrap().to_owned();
        format!("{}: {}", text("severity"), text("message"))
    })
    .collect()
}

#[test]
fn what_wrk_measures_is_held_against_the_limits() {
    let server = Server::new(|_| Answer::ok());
    let report = run(
        &server,
        "load duration=\"1s\" connections=3\n limit \"p95\" max=\"1m\"\n limit \"throughput\" min=\"1/s\"",
    );
    assert_eq!(report.outcome("api"), "passed", "{}", report.json);
    let sent = report.measured("api", "requests.ok").unwrap();
    assert!(sent > 100.0);
    for name in ["latency.p50", "latency.p95", "latency.p99", "throughput"] {
        assert!(report.measured("api", name).unwrap() > 0.0, "{name}");
    }
    // What is on its way in the end is told by neither.
    let seen = seen(&server);
    assert!(seen - sent <= 3.0, "{seen} {sent}");
    assert!(told(&report, "engine")[0].starts_with("info: measured by wrk"));
    let report = run(
        &server,
        "load duration=\"1s\"\n limit \"throughput\" min=\"100000000/s\"",
    );
    assert_eq!(report.outcome("api"), "failed");
}

#[test]
fn b85_what_wrk_met_is_counted_by_status_and_breaks() {
    let server = Server::new(|n| match n % 20 {
        0 => Answer::status(500),
        5 => Answer::status(301),
        10 => Answer::reset(),
        _ => Answer::ok(),
    });
    let report = run(&server, "load duration=\"1s\" connections=1");
    assert_eq!(report.outcome("api"), "failed", "{}", report.json);
    let failed = report.measured("api", "requests.failed").unwrap();
    let sent = report.measured("api", "requests.sent").unwrap();
    // Three of twenty, though wrk takes a redirection for a success.
    assert!((failed - sent * 0.15).abs() <= 3.0, "{failed} of {sent}");
    assert!(
        report.reason("api").starts_with("error-rate is 15."),
        "{}",
        report.reason("api")
    );
    let report = run(
        &Server::new(|_| Answer::status(500)),
        "load duration=\"1s\"",
    );
    assert_eq!(report.outcome("api"), "error");
    assert!(report.reason("api").contains("× status 500"));
    assert_eq!(report.measured("api", "latency.p50"), None);
}

#[test]
fn b86_a_wrk_that_fails_or_says_nothing_is_an_error() {
    let report = pipeline("http://127.0.0.1:1/", "load duration=\"1s\"").run();
    assert_eq!(report.outcome("api"), "error");
    let reason = report.reason("api");
    assert!(
        reason.contains("wrk exited with 1: unable to connect"),
        "{reason}"
    );
    for script in [
        "true",
        "echo 'Usage: wrk <options> <url>'",
        "echo '  10 requests in 1.00s, 1.00KB read'",
        "echo 'Requests/sec: 100000.00'; exit 3",
        "kill -SEGV $$",
    ] {
        let report = played(script);
        assert_eq!(report.outcome("api"), "error", "{script}");
        assert_eq!(report.measured("api", "throughput"), None, "{script}");
    }
}

#[test]
fn b86_without_wrk_nothing_is_measured_and_it_is_said_how_to_install_it() {
    let report = without_wrk("http://127.0.0.1:1/", "load duration=\"1s\"");
    assert_eq!(report.outcome("api"), "error");
    assert_eq!(report.node("api")["code"], "tool-missing");
    let remedy = report.node("api")["remedy"].to_string();
    assert!(remedy.contains("apt-get install wrk"), "{remedy}");
    assert!(remedy.contains("fallback"), "{remedy}");
    let fields = "load duration=\"1s\"\n on-missing \"skip\"";
    let report = without_wrk("http://127.0.0.1:1/", fields);
    assert_eq!(report.outcome("api"), "skipped");
}

#[test]
fn b90_the_fallback_is_never_silent() {
    let server = Server::new(|_| Answer::ok());
    let fields = "load duration=\"1s\"\n fallback \"builtin\"";
    let report = without_wrk(&server.url(), fields);
    assert_eq!(report.outcome("api"), "passed", "{}", report.json);
    let told = told(&report, "engine").join("\n");
    assert!(
        told.starts_with("medium: wrk is not installed: the builtin engine"),
        "{told}"
    );
    // Where wrk is there, it is wrk that measures.
    let report = run(&server, fields);
    let told = self::told(&report, "engine").join("\n");
    assert!(told.starts_with("info: measured by wrk"), "{told}");
}

#[test]
fn the_request_reaches_the_server_as_it_is_written() {
    let server = Server::new(|_| Answer::status(201));
    let project = Project::with(&format!(
        r#"var {{ name "o\"ne" }}
benchmark "api" {{
    target {{
        url "{}orders"
        method "POST"
        headers {{ X-Name "{{{{var.name}}}}"; host "other" }}
        body "{{{{var.name}}}} \n ü"
        expect 201
    }}
    load duration="1s" warmup="1s" connections=1 runs=2
    engine "wrk"
    limit "error-rate" max="0%"
}}
"#,
        server.url()
    ));
    let report = project.run();
    assert_eq!(report.outcome("api"), "passed", "{}", report.json);
    let text = server.last_request();
    assert!(text.starts_with("POST /orders HTTP/1.1\r\n"), "{text}");
    let lower = text.to_lowercase();
    assert!(lower.contains("\r\nx-name: o\"ne\r\n"), "{text}");
    assert_eq!(lower.matches("\r\nhost: ").count(), 1, "{text}");
    assert!(lower.contains("\r\nhost: other\r\n"), "{text}");
    assert!(text.ends_with("\r\n\r\no\"ne \n ü"), "{text}");
    assert_eq!(told(&report, "engine").len(), 1);
    let counted = report.measured("api", "requests.sent").unwrap();
    assert!(seen(&server) > counted + 10.0, "the warm-up counts");
}

#[test]
fn b93_what_wrk_can_not_do_is_refused_before_anything_runs() {
    for (fields, part) in [
        ("load rate=\"500/s\"", "`rate`"),
        ("load ramp-up=\"1s\"", "`ramp-up`"),
        ("load protocol=\"http2\"", "HTTP/2"),
        ("target url=\"http://127.0.0.1:2/\"", "second `target`"),
        ("target url=\"https://127.0.0.1:2/\"", "`https://`"),
        ("load requests=10", "`requests`"),
        ("load duration=\"1500ms\"", "`duration`"),
        ("load warmup=\"500ms\"", "`warmup`"),
        ("load timeout=\"300ms\"", "`timeout`"),
        ("load timeout=\"5m\"", "a minute"),
    ] {
        let finished = pipeline("http://127.0.0.1:1/", fields).sdd(&["check"]);
        assert_eq!(finished.code(), Some(2), "{fields}");
        assert!(finished.stderr().contains(part), "{}", finished.stderr());
    }
    let builtin = "benchmark \"api\" { target url=\"http://127.0.0.1:1/\"; fallback \"builtin\"; }";
    assert_eq!(Project::with(builtin).sdd(&["check"]).code(), Some(2));
}

#[test]
fn wrk_ends_with_the_time_of_its_node() {
    let server = Server::new(|_| Answer::ok());
    let project = pipeline(&server.url(), "load duration=\"10m\"\n timeout \"1s\"");
    let report = project.run();
    assert_eq!(report.outcome("api"), "timed-out");
    project.assert_nothing_left();
}

#[test]
fn the_command_line_knows_wrk_too() {
    let server = Server::new(|n| Answer::status(if n % 10 == 0 { 500 } else { 200 }));
    let bench = |words: &[&str]| {
        let url = server.url();
        let call = [&["bench", &url, "--engine", "wrk"], words].concat();
        Project::new().sdd(&call)
    };
    let finished = bench(&["-d", "1s", "-c", "2", "--format", "json"]);
    assert_eq!(finished.code(), Some(0), "{}", finished.stderr());
    let json: Value = serde_json::from_slice(&finished.0.stdout).unwrap();
    assert_eq!(json["engine"], "wrk");
    let count = |path: &str| json["requests"].pointer(path).unwrap().as_u64().unwrap();
    assert!(
        count("/failed/status").abs_diff(count("/sent") / 10) <= 2,
        "{json}"
    );
    assert!(json["latency_ms"]["p95"].as_f64().unwrap() > 0.0);
    let finished = bench(&["-d", "1s"]);
    let text = finished.stdout();
    assert!(text.starts_with("engine    wrk: "), "{text}");
    assert!(text.contains("× status 500"), "{text}");
    for words in [["--rate", "5/s"], ["-n", "5"], ["-d", "1500ms"]] {
        assert_eq!(bench(&words).code(), Some(2), "{words:?}");
    }
}

#[test]
fn b86_the_command_line_says_what_wrk_said_and_how_to_get_it() {
    let project = Project::new();
    let words = [
        "bench",
        "http://127.0.0.1:1/",
        "-d",
        "1s",
        "--engine",
        "wrk",
    ];
    let refused = project.sdd(&words);
    assert_eq!(refused.code(), Some(2));
    assert!(
        refused.stderr().contains("unable to connect"),
        "{}",
        refused.stderr()
    );
    let mut command = project.command(&words);
    let missing = Finished(command.env("PATH", project.root()).output().unwrap());
    assert_eq!(missing.code(), Some(2));
    assert!(
        missing.stderr().contains("apt-get install wrk"),
        "{}",
        missing.stderr()
    );
}

#[test]
fn ctrl_c_ends_wrk_with_what_was_measured_so_far() {
    let server = Server::new(|_| Answer::ok());
    let project = Project::new();
    let url = server.url();
    let words = [
        "bench", &url, "-d", "10m", "--engine", "wrk", "--format", "json",
    ];
    let running = project.start(&words);
    support::wait_until("some are answered", || server.requests() > 300);
    signal(running.pid(), "INT");
    let finished = running.finish();
    assert_eq!(finished.code(), Some(130), "{}", finished.stderr());
    let json: Value = serde_json::from_slice(&finished.0.stdout).unwrap();
    assert!(json["requests"]["ok"].as_u64().unwrap() > 200, "{json}");
}
