//! Whether the machine can run what follows, as a node and as `sdd doctor`.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod support;

use std::net::TcpListener;

use support::{Project, Report};

const ALL: &str = r#"
preflight "machine" {
    tools {
        python3 ">=3.9"
        git "*"
    }
    files "settings.toml"
    env "PREFLIGHT_KEY"
    ports-free PORT
}
command "slow" { needs "machine"; run "touch" "ran"; }
"#;

fn project(port: u16) -> Project {
    Project::with(&ALL.replace("PORT", &port.to_string()))
}

fn run(project: &Project, key: Option<&str>) -> Report {
    let mut command = project.command(&["run", "--format", "json"]);
    command.env_remove("PREFLIGHT_KEY");
    command.envs(key.map(|key| ("PREFLIGHT_KEY", key)));
    Report::of(&support::Finished(command.output().unwrap()))
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

#[test]
fn a_machine_that_has_everything_passes() {
    let project = project(free_port()).file("settings.toml", "");
    let report = run(&project, Some("x"));
    assert_eq!(report.verdict(), "passed", "{}", report.json);
    assert_eq!(report.node("machine")["measurements"]["checks.made"], 5.0);
    assert!(project.exists("ran"));
}

#[test]
fn b72_whatever_is_missing_is_told_before_anything_slow_begins() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let project = project(port);
    let report = run(&project, Some(""));
    assert_eq!(report.outcome("machine"), "failed");
    assert!(!project.exists("ran"));
    let findings = report.node("machine")["findings"].as_array().unwrap();
    let rules: Vec<&str> = findings
        .iter()
        .map(|f| f["rule"].as_str().unwrap())
        .collect();
    assert_eq!(rules, ["file-missing", "variable-empty", "port-taken"]);
    let owner = findings[2]["message"].as_str().unwrap();
    assert!(
        owner.contains(&format!("(pid {})", std::process::id())),
        "{owner}"
    );
}

#[test]
fn a_version_out_of_its_range_is_told_with_both() {
    let pipeline = "preflight \"machine\" { tools { python3 \"<3\"; no-such-tool \"*\"; }\n}\n";
    let report = Project::with(pipeline).run();
    let findings = report.node("machine")["findings"].as_array().unwrap();
    let message = findings[0]["message"].as_str().unwrap();
    assert!(
        message.starts_with("`python3` is 3.") && message.ends_with("<3 is needed"),
        "{message}"
    );
    assert_eq!(findings[1]["rule"], "tool-missing");
}

/// What was printed, with one space between words.
fn words(printed: &[u8]) -> String {
    let printed = String::from_utf8_lossy(printed);
    printed.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn doctor_makes_the_same_checks() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let project = project(port).file("settings.toml", "");
    let mut command = project.command(&["doctor"]);
    let output = command.env_remove("PREFLIGHT_KEY").output().unwrap();
    let said = words(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("ok python3 >=3.9 3."), "{said}");
    assert!(said.contains("ok settings.toml there"), "{said}");
    assert!(
        said.contains("missing $PREFLIGHT_KEY the variable `PREFLIGHT_KEY` is not set; set it"),
        "{said}"
    );
    assert!(said.contains(&format!("missing port {port} ")), "{said}");
    assert!(said.contains("2 things are missing"), "{said}");
}

#[test]
fn b71_doctor_asks_the_daemon_that_a_stack_needs() {
    let project = Project::with("compose \"stack\" { file \"compose.yaml\"; }\n")
        .file("compose.yaml", "services: {db: {image: x}}\n");
    let mut command = project.command(&["doctor"]);
    let output = command
        .env("DOCKER_HOST", "unix:///nowhere/docker.sock")
        .output()
        .unwrap();
    let said = words(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("missing docker the Docker daemon does not answer"),
        "{said}"
    );
}
