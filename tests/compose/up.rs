//! Bringing a stack up, and what others get from it.

use crate::support::{Project, Report};
use crate::{assert_nothing_left, left, service, services, stack, web};

#[test]
fn published_ports_and_fixtures_reach_their_users_in_order() {
    let project = Project::with(
        r#"
        compose "stack" {
            file "compose.yaml"
            service "api" until="http" port=8000 path="/health"
            fixture "first" { run "sh" "-c" "echo first {{node.stack.port.api.8000}} >> order"; }
            fixture "second" { run "sh" "-c" "echo second >> order"; }
        }
        command "use" {
            needs "stack"
            run "curl" "-fsS" "-o" "answer" "http://127.0.0.1:{{node.stack.port.api.8000}}/health"
        }
        "#,
    )
    .file("compose.yaml", services(&web("api")));
    let report = project.run();
    assert_eq!(report.verdict(), "passed", "{}", report.json);
    assert_eq!(project.read("answer"), "ok\n");
    let order = project.lines("order");
    assert!(
        order[0].starts_with("first ") && order[1] == "second",
        "{order:?}"
    );
    assert_nothing_left(&project);
}

#[test]
fn b66_a_fixture_that_can_not_be_loaded_is_a_failure_and_the_stack_goes_down() {
    for (fixture, outcome) in [
        ("run \"cat\" \"missing.sql\"", "failed"),
        ("run \"no-such-program\"", "error"),
    ] {
        let fields = format!("fixture \"data\" {{ {fixture}; }}");
        let project = stack(&fields, &service("db", "sleep 1000", ""));
        let report = project.run();
        assert_eq!(report.outcome("stack"), outcome, "{}", report.json);
        assert!(report.reason("stack").contains("`data`"));
        assert!(!project.exists("used"));
        assert_eq!(report.outcome("stack.down"), "passed");
        assert_nothing_left(&project);
    }
}

#[test]
fn b67_a_stack_that_came_up_by_half_is_taken_down() {
    let lines = [
        service("db", "sleep 1000", ""),
        "api: {image: \"sdd-test/no-such-image:1\", depends_on: [db]}\n".to_owned(),
    ];
    let project = stack("", &lines.concat());
    let report = project.run();
    assert_eq!(report.outcome("stack"), "failed");
    assert_eq!(report.node("stack")["code"], "up-failed");
    assert_eq!(report.outcome("stack.down"), "passed");
    assert_nothing_left(&project);
}

#[test]
fn b71_a_client_without_its_daemon_is_no_docker() {
    let project = stack("", &service("db", "sleep 1000", ""));
    let mut command = project.command(&["run", "--format", "json"]);
    command.env("DOCKER_HOST", "unix:///nowhere/docker.sock");
    let report = Report::of(&crate::support::Finished(command.output().unwrap()));
    assert_eq!(report.outcome("stack"), "error");
    assert_eq!(report.node("stack")["code"], "docker-unreachable");
    assert_eq!(report.verdict(), "failed");
}

#[test]
fn b70_either_compose_will_do() {
    // The plugin of newer versions, played by the older program.
    let plugin = r#"#!/bin/sh
if [ "$1" = compose ]; then shift; echo "$@" >> plugin-calls; exec docker-compose "$@"; fi
exec /usr/bin/docker "$@"
"#;
    let lines = service("db", "sleep 1000", "");
    let project = stack("", &lines).program("docker", plugin);
    let report = project.run();
    assert_eq!(report.outcome("stack"), "passed", "{}", report.json);
    assert!(project.read("plugin-calls").contains(" up --detach"));
    assert_nothing_left(&project);
}

#[test]
fn b60_every_call_of_compose_names_the_same_files_and_the_same_stack() {
    let plugin = r#"#!/bin/sh
if [ "$1" = compose ]; then shift; echo "$@" >> calls; exec docker-compose "$@"; fi
exec /usr/bin/docker "$@"
"#;
    let project =
        stack("profile \"full\"", &service("db", "sleep 1000", "")).program("docker", plugin);
    assert_eq!(project.run().outcome("stack"), "passed");
    let calls = project.lines("calls");
    let calls: Vec<&String> = calls.iter().filter(|call| *call != "version").collect();
    let flags = calls[0].split(" up ").next().unwrap();
    assert!(flags.starts_with("--project-name sdd-"), "{flags}");
    assert!(flags.ends_with("/compose.yaml --profile full"), "{flags}");
    assert!(
        calls.len() >= 2 && calls.iter().all(|call| call.starts_with(flags)),
        "{calls:?}"
    );
}

#[test]
fn b78_what_needs_no_docker_runs_though_the_stack_can_not_be_had() {
    let project = Project::with(
        r#"
        compose "stack" { file "compose.yaml"; }
        command "integration" { needs "stack"; run "true"; }
        command "contract" { run "touch" "checked"; }
        "#,
    )
    .file(
        "compose.yaml",
        services("db: {image: \"sdd-test/no-such-image:1\"}\n"),
    );
    let report = project.run();
    assert_eq!(report.outcome("contract"), "passed");
    assert_eq!(report.outcome("integration"), "skipped");
    assert!(project.exists("checked"));
    assert_eq!(left(&project), Vec::<String>::new());
}
