//! What services use while they are under load.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod support;

use support::{Finished, Project, Report};

/// A server that burns processor time for each request, in itself or in a child, and that holds
/// memory. Its arguments: milliseconds of its own, milliseconds of a child, MiB.
const SERVER: &str = r#"
import os, subprocess, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

own, child, memory = (int(word) for word in sys.argv[1:4])
held = bytearray(os.urandom(1 << 20) * memory)

def burn(ms):
    until = time.thread_time() + ms / 1000
    while time.thread_time() < until:
        pass

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        if self.path == "/die":
            os._exit(7)
        if self.path != "/ready":
            burn(own)
            if child:
                spend = "import time\nwhile time.process_time() < %d / 1000: pass" % child
                subprocess.run([sys.executable, "-S", "-c", spend])
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass

ThreadingHTTPServer(("127.0.0.1", int(os.environ["SDD_PORT"])), Handler).serve_forever()
"#;

/// The server with these arguments and a benchmark with these fields. It is started by a shell, so
/// what is measured is a child of the process that was started.
fn project(server: &str, path: &str, fields: &str) -> Project {
    Project::with(&format!(
        r#"service "server" {{
    shell "python3 server.py {server}; true"
    ready http="http://127.0.0.1:{{{{node.server.port}}}}/ready"
}}
benchmark "api" {{
    needs "server"
    target url="http://127.0.0.1:{{{{node.server.port}}}}{path}"
    resources "server"
    limit "error-rate" max="0%"
    {fields}
}}
"#
    ))
    .file("server.py", SERVER)
}

fn run(server: &str, fields: &str) -> Report {
    project(server, "/", fields).run()
}

fn measured(report: &Report, name: &str) -> f64 {
    let found = report.measured("api", name);
    found.unwrap_or_else(|| panic!("{name} is not there: {}", report.json))
}

fn told(report: &Report, rule: &str) -> Vec<String> {
    let findings = report.node("api")["findings"].as_array().unwrap();
    let own = findings.iter().filter(|finding| finding["rule"] == rule);
    own.map(|finding| finding["message"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn b89_a_busy_server_is_seen_while_the_load_is_on() {
    let load = "load rate=\"50/s\" duration=\"2s\" warmup=\"500ms\"";
    let report = run("4 0 1", load);
    assert_eq!(report.outcome("api"), "passed", "{}", report.json);
    // Four milliseconds fifty times a second are a fifth of a processor. Something is lost at the
    // edges of the time, and the rest of the server costs something.
    let cpu = measured(&report, "resources.server.cpu.mean");
    assert!((15.0..100.0).contains(&cpu), "{cpu}");
    assert!(measured(&report, "resources.server.cpu.max") >= cpu);
    let per_request = measured(&report, "cpu-per-request");
    assert!((3000.0..20_000.0).contains(&per_request), "{per_request}");
    // A server that does nothing is told apart from it.
    let idle = run("0 0 1", load);
    assert!(measured(&idle, "cpu-per-request") < per_request - 2000.0);
}

#[test]
fn b89_the_processor_time_of_children_that_are_over_counts() {
    let report = run("0 30 1", "load rate=\"10/s\" duration=\"2s\" connections=4");
    assert_eq!(report.outcome("api"), "passed", "{}", report.json);
    let per_request = measured(&report, "cpu-per-request");
    assert!(per_request >= 25_000.0, "{per_request}");
}

#[test]
fn b89_memory_is_a_number_with_a_unit_that_a_limit_holds_against() {
    let load = "load rate=\"20/s\" duration=\"1s\"";
    let limits = "limit \"memory.max\" max=\"48MiB\"\n limit \"server.memory.mean\" max=\"1GiB\"";
    let report = run("0 0 64", &format!("{load}\n {limits}"));
    assert_eq!(report.outcome("api"), "failed", "{}", report.json);
    let memory = measured(&report, "resources.server.memory.max");
    assert!((64.0..300.0).contains(&(memory / 1_048_576.0)), "{memory}");
    let reason = report.reason("api");
    assert!(reason.starts_with("server.memory.max is "), "{reason}");
    assert!(reason.contains("MiB, above 48.0 MiB (+"), "{reason}");
    let held = told(&report, "server.memory.mean");
    assert!(held[0].contains("at most 1.0 GiB is asked (-"), "{held:?}");
}

#[test]
fn b89_a_limit_on_the_processor_fails_a_server_that_needs_more() {
    let load = "load rate=\"50/s\" duration=\"1s\"";
    let limits = "limit \"cpu.mean\" max=\"1%\"\n limit \"cpu-per-request\" max=\"1h\"";
    let report = run("4 0 1", &format!("{load}\n {limits}"));
    assert_eq!(report.outcome("api"), "failed");
    let reason = report.reason("api");
    assert!(reason.contains(" %, above 1.0 % (+"), "{reason}");
    assert!(told(&report, "cpu-per-request")[0].contains(" µs, at most "));
}

#[test]
fn b89_what_was_not_sampled_is_an_error_with_its_reason() {
    let load = "load rate=\"20/s\" duration=\"1s\"";
    let report = run(
        "0 0 1",
        &format!("{load}\n limit \"network.sent.max\" max=\"1GiB/s\""),
    );
    assert_eq!(report.outcome("api"), "error");
    let reason = report.reason("api");
    assert!(
        reason.contains("the network of a process is not counted apart"),
        "{reason}"
    );
    let short = "load requests=1 connections=1\n limit \"cpu.mean\" max=\"100%\"";
    let report = run("0 0 1", short);
    assert_eq!(report.outcome("api"), "error", "{}", report.json);
    assert!(
        report.reason("api").contains("too short"),
        "{}",
        report.reason("api")
    );
}

#[test]
fn b89_a_service_that_ends_during_the_load_is_not_measured() {
    let fields =
        "load rate=\"20/s\" duration=\"1s\" timeout=\"1s\"\n limit \"cpu.mean\" max=\"100%\"";
    let report = project("0 0 1", "/die", fields).run();
    assert_eq!(report.outcome("api"), "error", "{}", report.json);
    let said = told(&report, "resources").join("\n");
    assert!(said.contains("ended during the load"), "{said}");
}

#[test]
fn wrk_is_sampled_as_well() {
    let report = run(
        "1 0 1",
        "load duration=\"1s\" connections=2\n engine \"wrk\"",
    );
    assert_eq!(report.outcome("api"), "passed", "{}", report.json);
    assert!(measured(&report, "resources.server.cpu.mean") > 10.0);
    assert!(measured(&report, "cpu-per-request") > 500.0);
}

#[test]
fn several_runs_are_sampled_together() {
    let report = run("1 0 1", "load rate=\"50/s\" duration=\"1s\" runs=2");
    assert_eq!(report.outcome("api"), "passed", "{}", report.json);
    assert!(measured(&report, "cpu-per-request") > 500.0);
}

fn refused(fields: &str) -> Finished {
    let pipeline = format!(
        r#"service "server" {{ run "true"; ready tcp="127.0.0.1:1"; }}
service "other" {{ run "true"; ready tcp="127.0.0.1:1"; }}
command "build" {{ run "true"; }}
benchmark "api" {{
    needs "server" "build"
    target url="http://127.0.0.1:1/"
    {fields}
}}
"#
    );
    let finished = Project::with(&pipeline).sdd(&["check"]);
    assert_eq!(finished.code(), Some(2), "{fields}");
    finished
}

#[test]
fn what_can_not_be_sampled_is_refused_with_what_was_meant() {
    for (fields, parts) in [
        ("resources \"sever\"", ["no node `sever`", "server"]),
        ("resources \"build\"", ["nothing of a `command`", "compose"]),
        (
            "resources \"other\"",
            ["without needing it", "needs \"other\""],
        ),
        (
            "limit \"cpu.mean\" max=\"80%\"",
            ["nothing is sampled", "resources"],
        ),
        (
            "limit \"cpu-per-request\" max=\"1ms\"",
            ["nothing is sampled", "resources"],
        ),
        (
            "resources \"server\"\n limit \"sever.cpu.mean\" max=\"80%\"",
            ["nothing sampled is called `sever`", "server"],
        ),
        (
            "resources \"server\"\n limit \"server.memory.mex\" max=\"1GiB\"",
            ["nothing measured is called", "server.memory.max"],
        ),
        (
            "resources \"server\"\n limit \"memory.max\" max=\"512\"",
            ["can't be `512`", "512MiB"],
        ),
        (
            "resources \"server\"\n limit \"disk.read.max\" max=\"1MiB\"",
            ["can't be `1MiB`", "per second"],
        ),
        (
            "resources \"server\"\n limit \"cpu.max\"",
            ["has no number", "80%"],
        ),
    ] {
        let said = refused(fields).stderr();
        for part in parts {
            assert!(said.contains(part), "{fields}: {part}\n{said}");
        }
    }
}
