//! The node kind `libraries` against the real server of Context7, and against one built with the
//! official SDK that goes wrong in every way there is.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod api;
mod faults;
mod files;
mod http;
mod real;
mod server;
#[path = "../support/mod.rs"]
mod support;
mod verdicts;

use support::{Finished, Project, Report};

/// A project with a node that asks the server of the tests.
fn project(server: &str, fields: &str) -> Project {
    Project::with(&format!(
        "libraries \"known\" {{\n    server {{ {server} }}\n    {fields}\n}}\n"
    ))
}

/// The line that starts the server of the tests. It speaks through another file than its standard
/// output, where the harness writes.
fn sdk_server() -> String {
    let program = std::env::current_exe().unwrap();
    let script = format!(
        "exec '{}' serve_for_other_tests --ignored --nocapture 3>&1 >/dev/null",
        program.display()
    );
    format!("run \"sh\" \"-c\" \"{script}\"; start-timeout \"60s\"")
}

/// Runs a project whose server goes wrong in that way.
fn run(project: &Project, way: &str) -> Report {
    run_with(project, &[("SDD_TEST_WAY", way)])
}

fn run_with(project: &Project, env: &[(&str, &str)]) -> Report {
    let mut command = project.command(&["run", "--format", "json"]);
    let finished = command.envs(env.iter().copied()).output().unwrap();
    Report::of(&Finished(finished))
}

/// The outcome and the code of the node.
fn told(report: &Report) -> (&str, &str) {
    let node = report.node("known");
    (
        node["outcome"].as_str().unwrap(),
        node["code"].as_str().unwrap_or_default(),
    )
}

fn rules(report: &Report) -> Vec<String> {
    let findings = report.node("known")["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| {
            format!(
                "{} {}",
                finding["severity"].as_str().unwrap(),
                finding["rule"].as_str().unwrap()
            )
        })
        .collect()
}

fn measured(report: &Report, name: &str) -> Option<f64> {
    report.node("known")["measurements"][name].as_f64()
}
