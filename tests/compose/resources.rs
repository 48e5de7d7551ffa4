//! What the containers of a stack use while one of them is under load.

use crate::support::{Finished, Project, Report};
use crate::{assert_nothing_left, service, services, web};

fn project(fields: &str) -> Project {
    let busy = service("busy", "while true; do true; done", "");
    Project::with(&format!(
        r#"compose "stack" {{
    file "compose.yaml"
    service "api" until="http" port=8000 path="/health"
}}
benchmark "load" {{
    needs "stack"
    target url="http://127.0.0.1:{{{{node.stack.port.api.8000}}}}/health"
    load rate="50/s" duration="3s" connections=4
    resources "stack"
    {fields}
}}
"#
    ))
    .file("compose.yaml", services(&(web("api") + &busy)))
}

fn measured(report: &Report, name: &str) -> f64 {
    let found = report.measured("load", name);
    found.unwrap_or_else(|| panic!("{name} is not there: {}", report.json))
}

#[test]
fn b89_each_service_is_sampled_while_the_load_is_on() {
    let project = project(
        "limit \"memory.max\" max=\"200MiB\"\n limit \"busy.cpu.mean\" max=\"1%\"\n limit \"api.network.sent.mean\" max=\"10MiB/s\"",
    );
    let report = project.run();
    assert_eq!(report.outcome("load"), "failed", "{}", report.json);
    let reason = report.reason("load");
    assert!(reason.starts_with("stack.busy.cpu.mean is "), "{reason}");
    // It takes what it gets, on a machine that others use too.
    let busy = measured(&report, "resources.stack.busy.cpu.mean");
    assert!((5.0..130.0).contains(&busy), "{busy}");
    assert!(measured(&report, "resources.stack.api.cpu.mean") < busy);
    // Fifty answers a second, of some hundred bytes each.
    let sent = measured(&report, "resources.stack.api.network.sent.mean");
    assert!((1_000.0..1_000_000.0).contains(&sent), "{sent}");
    assert!(measured(&report, "resources.stack.api.memory.max") > 0.0);
    assert!(measured(&report, "cpu-per-request") > 0.0);
    let findings = report.node("load")["findings"].as_array().unwrap();
    let about = |rule: &str| {
        findings
            .iter()
            .filter(|finding| finding["rule"] == rule)
            .count()
    };
    assert_eq!(
        (about("memory.max"), about("api.network.sent.mean")),
        (2, 1)
    );
    assert_nothing_left(&project);
}

#[test]
fn b89_a_docker_that_can_not_be_sampled_is_an_error_for_a_limit() {
    // The stack is brought up by a Docker that is there; the engine that would be sampled is not.
    let plain =
        |program: &str| format!("#!/bin/sh\nunset DOCKER_HOST; exec /usr/bin/{program} \"$@\"\n");
    let project = project("limit \"api.memory.max\" max=\"1GiB\"")
        .program("docker", &plain("docker"))
        .program("docker-compose", &plain("docker-compose"));
    let mut command = project.command(&["run", "--format", "json"]);
    command.env("DOCKER_HOST", "tcp://127.0.0.1:1");
    let report = Report::of(&Finished(command.output().unwrap()));
    assert_eq!(report.outcome("load"), "error", "{}", report.json);
    let reason = report.reason("load");
    assert!(
        reason.contains("DOCKER_HOST is tcp://127.0.0.1:1"),
        "{reason}"
    );
    assert_nothing_left(&project);
}

#[test]
fn a_service_that_the_stack_does_not_have_is_refused_with_what_was_meant() {
    let finished = project("limit \"apy.memory.max\" max=\"1GiB\"").sdd(&["check"]);
    assert_eq!(finished.code(), Some(2));
    let said = finished.stderr();
    assert!(said.contains("nothing sampled is called `apy`"), "{said}");
    assert!(said.contains("`api`"), "{said}");
}
