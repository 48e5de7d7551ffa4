//! When a stack is ready, and when it never will be.

use crate::support::{Project, Report};
use crate::{assert_nothing_left, service, stack, web};

const FAST: &str = "ready-timeout \"4s\"";

fn health(test: &str) -> String {
    format!(
        ", healthcheck: {{test: [CMD, sh, -c, \"{test}\"], interval: 200ms, retries: 2, timeout: 1s}}"
    )
}

/// Runs it, sees that nothing is left, and gives what became of the stack.
fn outcome(project: &Project) -> (String, String, Report) {
    let report = project.run();
    assert_nothing_left(project);
    let passed = report.outcome("stack") == "passed";
    assert_eq!(project.exists("used"), passed, "{}", report.json);
    let reason = report.node("stack")["reason"].as_str();
    (
        report.outcome("stack").to_owned(),
        reason.unwrap_or_default().to_owned(),
        report,
    )
}

#[test]
fn a_stack_is_ready_when_each_service_is_what_it_is_waited_for_to_be() {
    let lines = [
        service("db", "touch /up; sleep 1000", &health("test -e /up")),
        service("worker", "sleep 1; echo worker is ready; sleep 1000", ""),
        service("migrate", "sleep 1; exit 0", ""),
        service("plain", "sleep 1000", ""),
        web("api"),
        web("raw"),
    ];
    let wishes = r#"
        service "db" until="healthy"
        service "worker" until="log" pattern="is ready$"
        service "migrate" until="exit-0"
        service "plain" until="running"
        service "api" until="http" port=8000 path="/health"
        service "raw" until="tcp" port=8000
    "#;
    let (outcome, reason, report) = outcome(&stack(wishes, &lines.concat()));
    assert_eq!(outcome, "passed", "{reason}");
    assert_eq!(report.verdict(), "passed");
}

#[test]
fn b59_an_unhealthy_service_is_not_taken_for_a_healthy_one() {
    let ill = service("db", "sleep 1000", &health("echo not well; exit 1"));
    let fields = format!("service \"db\" until=\"healthy\"\n{FAST}");
    let (outcome, reason, _) = outcome(&stack(&fields, &ill));
    assert_eq!(outcome, "failed");
    assert_eq!(
        reason,
        "not ready within 4.0 s: `db`: it is unhealthy: not well"
    );
}

#[test]
fn b62_a_service_without_a_health_check_is_ready_when_it_runs_and_never_healthy() {
    let plain = service("db", "sleep 1000", "");
    assert_eq!(outcome(&stack("", &plain)).0, "passed");

    // The minute of the time limit is not waited for.
    let (outcome, reason, _) = outcome(&stack("service \"db\" until=\"healthy\"", &plain));
    assert_eq!(outcome, "failed");
    assert_eq!(
        reason,
        "`db`: it has no health check, so it never is healthy"
    );
}

#[test]
fn b63_a_container_that_ended_ends_the_wait_and_the_end_of_its_log_is_shown() {
    let script = "i=0; while test $$i -lt 80; do i=$$((i+1)); echo line $$i; done; exit 3";
    let lines = [service("db", script, ""), service("api", "sleep 1000", "")].concat();
    let fields = "ready-timeout \"10m\"";
    let project = stack(fields, &lines);
    let (outcome, reason, report) = outcome(&project);
    assert_eq!(outcome, "failed");
    assert_eq!(reason, "`db`: it ended with exit code 3");
    let log = project.read(report.node("stack")["log"].as_str().unwrap());
    assert!(
        log.contains("line 80") && log.contains("line 31\n"),
        "{log}"
    );
    assert!(
        !log.contains("line 30\n"),
        "more than the last 50 lines: {log}"
    );
}

#[test]
fn b64_every_container_of_a_scaled_service_counts() {
    let script = "sleep 1000";
    let lines = service("db", script, ", deploy: {replicas: 2}");
    let lines = lines.replace("stop_grace_period", "scale: 2, stop_grace_period");
    let project = stack("", &lines).file(
        "compose.yaml",
        crate::services(&lines)
            .replace("version: \"3.8\"", "version: \"2.4\"")
            .replace(", deploy: {replicas: 2}", ""),
    );
    let (outcome, reason, _) = outcome(&project);
    assert_eq!(outcome, "passed", "{reason}");
    let kept = project.last_run().join("out/stack.down/1");
    assert!(kept.join("db.1.log").exists() && kept.join("db.2.log").exists());
}

#[test]
fn a_container_that_starts_again_and_again_is_not_ready() {
    let lines = service("db", "exit 1", ", restart: always");
    let (outcome, reason, _) = outcome(&stack(FAST, &lines));
    assert_eq!(outcome, "failed");
    assert!(reason.contains("started again"), "{reason}");
}

#[test]
fn a_service_that_ended_well_is_not_running_unless_that_was_the_wish() {
    let lines = service("job", "exit 0", "");
    let (state, reason, _) = outcome(&stack("service \"job\" until=\"running\"", &lines));
    assert_eq!(state, "failed");
    assert_eq!(reason, "`job`: it ended with exit code 0");
    assert_eq!(outcome(&stack("", &lines)).0, "passed");
}

#[test]
fn services_are_waited_for_at_the_same_time() {
    let late = |name| service(name, "sleep 2; echo ready; sleep 1000", "");
    let lines = [late("a"), late("b"), late("c")].concat();
    let wishes = r#"
        service "a" until="log" pattern="ready"
        service "b" until="log" pattern="ready"
        service "c" until="log" pattern="ready"
        ready-timeout "5s"
    "#;
    let (outcome, reason, _) = outcome(&stack(wishes, &lines));
    assert_eq!(
        outcome, "passed",
        "one after the other they would need 6 s: {reason}"
    );
}

#[test]
fn b65_ctrl_c_ends_the_wait() {
    let lines = service("db", "sleep 1000", &health("exit 1"));
    let project = stack(
        "service \"db\" until=\"healthy\"\nready-timeout \"10m\"",
        &lines,
    );
    let running = project.start(&["run"]);
    crate::support::wait_until("the stack is up", || !crate::left(&project).is_empty());
    crate::support::signal(running.pid(), "INT");
    let finished = running.finish();
    assert_eq!(finished.code(), Some(130));
    assert_nothing_left(&project);
}
