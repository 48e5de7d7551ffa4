//! Stacks of containers, with a real Docker engine and a real Compose.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

#[path = "../support/mod.rs"]
mod support;

mod down;
mod killed;
mod orders;
mod ready;
mod resources;
mod up;

use std::process::Command;

use support::Project;

/// A compose file with these services, each a line of flow YAML.
fn services(lines: &str) -> String {
    let services: String = lines
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| format!("  {line}\n"))
        .collect();
    format!("version: \"3.8\"\nservices:\n{services}")
}

/// A service that runs a script of `sh`, with more fields in flow style.
fn service(name: &str, script: &str, more: &str) -> String {
    format!(
        "{name}: {{image: \"sdd-test/busybox:1\", stop_grace_period: 1s, command: [sh, -c, \"{script}\"]{more}}}\n"
    )
}

/// A web server that answers with 2xx to `/health`.
fn web(name: &str) -> String {
    let script = "mkdir /www; echo ok > /www/health; echo listening; exec httpd -f -p 8000 -h /www";
    service(name, script, ", ports: [\"8000\"]")
}

/// A project with a stack and a node that uses it.
fn stack(fields: &str, lines: &str) -> Project {
    let pipeline = format!(
        "compose \"stack\" {{\n    file \"compose.yaml\"\n{fields}\n}}\n\
         command \"use\" {{ needs \"stack\"; run \"touch\" \"used\"; }}\n"
    );
    Project::with(&pipeline).file("compose.yaml", services(lines))
}

/// The only answer of `docker`, a line each.
fn docker(args: &[&str]) -> Vec<String> {
    let output = Command::new("docker").args(args).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "docker {args:?}: {said}");
    let answer = String::from_utf8(output.stdout).unwrap();
    answer.lines().map(str::to_owned).collect()
}

/// Everything of this project's stacks that Docker still has.
fn left(project: &Project) -> Vec<String> {
    let root = project.root().canonicalize().unwrap();
    let family = sdd::compose::family(&sdd::run::worktree(&root));
    let label = "label=com.docker.compose.project";
    let format = "{{.Label \"com.docker.compose.project\"}}";
    let lists: [&[&str]; 3] = [&["ps", "-a"], &["network", "ls"], &["volume", "ls"]];
    let mut left: Vec<String> = lists
        .iter()
        .flat_map(|list| docker(&[list, &["--filter", label, "--format", format][..]].concat()))
        .filter(|name| name.starts_with(&family))
        .collect();
    let images = docker(&["images", "--format", "{{.Repository}}"]);
    left.extend(images.into_iter().filter(|name| name.starts_with(&family)));
    left
}

fn assert_nothing_left(project: &Project) {
    assert_eq!(left(project), Vec::<String>::new());
    project.assert_nothing_left();
}
