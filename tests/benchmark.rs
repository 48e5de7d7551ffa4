//! The kind `benchmark`: what is measured is held against limits.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod server;
mod support;

use std::fs;
use std::time::Duration;

use server::nginx::Nginx;
use server::{Answer, Server};
use support::{Finished, Project, Report};

fn pipeline(url: &str, fields: &str) -> Project {
    Project::with(&format!(
        "benchmark \"api\" {{\n target url=\"{url}\"\n {fields}\n}}\n"
    ))
}

fn run(server: &Server, fields: &str) -> Report {
    pipeline(&server.url(), fields).run()
}

/// The findings, each as its severity and its metric.
fn told(report: &Report) -> Vec<String> {
    let findings = report.node("api")["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| {
            let text = |field: &str| finding[field].as_str().unwrap().to_owned();
            format!("{} {}", text("severity"), text("rule"))
        })
        .collect()
}

fn refused(fields: &str) -> Finished {
    let finished = pipeline("http://127.0.0.1:1/", fields).sdd(&["check"]);
    assert_eq!(finished.code(), Some(2), "{fields}");
    finished
}

#[test]
fn limits_that_hold_pass_and_each_is_told_with_its_margin() {
    let server = Server::new(|_| Answer::ok());
    let report = run(
        &server,
        "load requests=400\n limit \"p95\" max=\"1m\"\n limit \"throughput\" min=\"1/h\"",
    );
    assert_eq!(report.outcome("api"), "passed", "{}", report.reason("api"));
    assert_eq!(
        told(&report),
        ["info p95", "info throughput", "info error-rate"]
    );
    assert_eq!(report.measured("api", "requests.due"), Some(400.0));
    assert_eq!(report.measured("api", "requests.ok"), Some(400.0));
    assert_eq!(report.measured("api", "error-rate"), Some(0.0));
    assert!(report.measured("api", "latency.p99").unwrap() > 0.0);
    assert_eq!(report.measured("api", "latency.p99.9"), None);
    assert_eq!(server.requests(), 400);
}

#[test]
fn a_limit_that_is_broken_fails_and_the_others_are_told_too() {
    let server = Server::new(|_| Answer::ok().after(Duration::from_millis(30)));
    let report = run(
        &server,
        "load requests=200\n limit \"p50\" max=\"20ms\"\n limit \"p95\" max=\"1m\"",
    );
    assert_eq!(report.outcome("api"), "failed");
    assert_eq!(told(&report), ["high p50", "info p95", "info error-rate"]);
    let reason = report.reason("api");
    assert!(reason.starts_with("p50 is "), "{reason}");
    assert!(reason.contains("above 20.000 ms (+"), "{reason}");
}

#[test]
fn b84_a_limit_on_a_percentile_that_few_requests_can_not_tell_is_an_error() {
    let server = Server::new(|_| Answer::ok());
    let report = run(&server, "load requests=50\n limit \"p99\" max=\"1m\"");
    assert_eq!(report.outcome("api"), "error");
    assert_eq!(
        report.reason("api"),
        "p99 can't be told from so few requests"
    );
}

#[test]
fn b85_a_server_that_answers_everything_with_500_is_an_error_whatever_the_limits() {
    let server = Server::new(|_| Answer::status(500));
    for limits in [
        "",
        "limit \"error-rate\" max=\"100%\"",
        "limit \"p95\" max=\"1m\"",
    ] {
        let report = run(&server, &format!("load requests=100\n {limits}"));
        assert_eq!(report.outcome("api"), "error", "{limits}");
        let reason = report.reason("api");
        assert!(reason.contains("100 × status 500"), "{reason}");
        assert_eq!(report.measured("api", "latency.p50"), None);
    }
}

#[test]
fn b85_failures_count_though_no_limit_names_them() {
    let server = Server::new(|n| Answer::status(if n % 20 == 0 { 500 } else { 200 }));
    let report = run(&server, "load requests=200\n limit \"p95\" max=\"1m\"");
    assert_eq!(report.outcome("api"), "failed");
    assert_eq!(report.measured("api", "error-rate"), Some(5.0));
    let reason = report.reason("api");
    assert!(
        reason.starts_with("error-rate is 5.00 %, above 1.00 %"),
        "{reason}"
    );
    let report = run(
        &server,
        "load requests=200\n limit \"error-rate\" max=\"6%\"",
    );
    assert_eq!(report.outcome("api"), "passed", "{}", report.reason("api"));
}

#[test]
fn b86_a_server_that_is_not_there_is_an_error() {
    let report = pipeline("http://127.0.0.1:1/", "load requests=10").run();
    assert_eq!(report.outcome("api"), "error");
    let reason = report.reason("api");
    assert!(reason.contains("10 × no connection"), "{reason}");
}

#[test]
fn b93_quantities_without_their_unit_are_refused_before_anything_runs() {
    for fields in [
        "load duration=15",
        "load duration=\"15 parsecs\"",
        "load rate=500",
        "load rate=\"0/s\"",
        "limit \"p95\" max=\"500\"",
        "limit \"p95\" max=\"100/s\"",
        "limit \"throughput\" min=\"1s\"",
        "limit \"error-rate\" max=\"1\"",
        "limit \"p95\"",
        "limit \"p96\" max=\"1s\"",
        "load requests=0",
    ] {
        refused(fields);
    }
    let unknown = refused("limit \"p9\" max=\"1s\"");
    assert!(unknown.stderr().contains("nothing measured is called `p9`"));
}

#[test]
fn b94_a_benchmark_without_a_target_is_refused() {
    let finished = Project::with("benchmark \"api\" { load requests=1; }").sdd(&["check"]);
    assert_eq!(finished.code(), Some(2));
    assert!(
        finished.stderr().contains("target"),
        "{}",
        finished.stderr()
    );
    for url in ["127.0.0.1:8000", "ftp://127.0.0.1/"] {
        assert_eq!(pipeline(url, "").sdd(&["check"]).code(), Some(2), "{url}");
    }
}

#[test]
fn b96_a_rate_that_could_not_be_offered_is_an_error() {
    let server = Server::new(|_| Answer::ok().after(Duration::from_millis(20)));
    // One connection serves at most 50 a second. Whether or not half of the 80 that are due get
    // through on a slow machine, it may not pass.
    let report = run(
        &server,
        "load rate=\"80/s\" duration=\"1s\" connections=1 timeout=\"100ms\"",
    );
    assert_eq!(report.outcome("api"), "error", "{}", report.reason("api"));
    assert!(report.measured("api", "requests.dropped").unwrap() > 0.0);
    let dropped = report.measured("api", "requests.dropped").unwrap();
    let sent = report.measured("api", "requests.sent").unwrap();
    assert_eq!(report.measured("api", "requests.due"), Some(sent + dropped));
}

#[test]
fn the_request_is_sent_as_it_is_written() {
    let server = Server::new(|_| Answer::status(404));
    let project = Project::with(&format!(
        r#"var {{ name "one" }}
benchmark "api" {{
    target {{
        url "{}orders"
        method "POST"
        headers {{ X-Name "{{{{var.name}}}}" }}
        body "{{{{var.name}}}} two"
        expect 404
    }}
    load requests=1 connections=1
    limit "error-rate" max="0%"
}}
"#,
        server.url()
    ));
    let report = project.run();
    assert_eq!(report.outcome("api"), "passed", "{}", report.reason("api"));
    let text = server.last_request();
    assert!(text.starts_with("POST /orders HTTP/1.1\r\n"), "{text}");
    assert!(
        text.to_lowercase().contains("\r\nx-name: one\r\n"),
        "{text}"
    );
    assert!(text.ends_with("\r\n\r\none two"), "{text}");
}

#[test]
fn a_measurement_ends_with_the_time_of_its_node() {
    let server = Server::new(|_| Answer::ok());
    let report = run(&server, "load duration=\"10m\"\n timeout \"1s\"");
    assert_eq!(report.outcome("api"), "timed-out");
    assert_eq!(report.measured("api", "latency.p50"), None);
}

#[test]
fn several_targets_get_their_shares_by_weight_and_each_its_own_expectation() {
    let nginx = Nginx::new();
    let project = Project::with(&format!(
        r#"benchmark "api" {{
            target url="{0}" weight=3 expect-body="hello"
            target url="{0}json" {{ expect-json {{ "/items/0/id" "7" }} }}
            target url="{1}missing" expect=404
            load requests=100 connections=1 ca="ca.pem"
        }}"#,
        nginx.plain(),
        nginx.tls(),
    ))
    .file("ca.pem", fs::read_to_string(nginx.certificate()).unwrap());
    let report = project.run();
    assert_eq!(report.outcome("api"), "passed", "{}", report.reason("api"));
    assert_eq!(report.measured("api", "requests.ok"), Some(100.0));
    let requests = nginx.requests();
    let of = |path: &str| requests.iter().filter(|line| line.ends_with(path)).count();
    assert_eq!((of(" /"), of("/json"), of("/missing")), (60, 20, 20));
}

#[test]
fn an_answer_with_another_value_is_a_failed_request() {
    let nginx = Nginx::new();
    let target = format!("{}json", nginx.plain());
    let project = pipeline(&target, "load requests=20");
    let text = project.read("pipelines/end-of-session.kdl");
    let text = text.replace("\"\n", "\" { expect-json { \"/items/0/id\" \"8\" } }\n");
    let report = project.file("pipelines/end-of-session.kdl", text).run();
    assert_eq!(report.outcome("api"), "error");
    let reason = report.reason("api");
    assert!(reason.contains("`/items/0/id` is 7 and not 8"), "{reason}");
}

#[test]
fn several_runs_are_told_together() {
    let server = Server::new(|_| Answer::ok());
    let report = run(&server, "load requests=50 runs=3");
    assert_eq!(report.outcome("api"), "passed", "{}", report.reason("api"));
    assert_eq!(report.measured("api", "requests.due"), Some(150.0));
    assert_eq!(server.requests(), 150);
}

#[test]
fn a_body_is_read_from_a_file() {
    let server = Server::new(|_| Answer::ok());
    let project = Project::with(&format!(
        "benchmark \"api\" {{ target url=\"{}\" method=\"POST\" body-file=\"order.json\"; load requests=1 }}",
        server.url()
    ))
    .file("order.json", "{\"id\":1}");
    let report = project.run();
    assert_eq!(report.outcome("api"), "passed", "{}", report.reason("api"));
    assert!(server.last_request().ends_with("{\"id\":1}"));
}

#[test]
fn a_target_names_the_port_of_a_service_that_the_node_needs() {
    let project = Project::with(
        r#"service "web" {
            run "python3" "-m" "http.server" "{{node.web.port}}"
            ready tcp="127.0.0.1:{{node.web.port}}"
        }
        benchmark "api" {
            needs "web"
            target url="http://127.0.0.1:{{node.web.port}}/"
            load requests=20 connections=2
        }"#,
    );
    let report = project.run();
    assert_eq!(report.outcome("api"), "passed", "{}", report.reason("api"));
    let log = project.sdd(&["logs", "api"]).stdout();
    assert!(log.contains("latency\n  p50 "), "{log}");
    let unknown = project.file(
        "pipelines/end-of-session.kdl",
        "benchmark \"api\" { target url=\"http://127.0.0.1:{{node.web.port}}/\" }",
    );
    assert_eq!(unknown.sdd(&["check"]).code(), Some(2));
}
