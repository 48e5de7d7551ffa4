//! The kind `contract` by the real program: what is checked, compared and allowed.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod example;
mod formats;
mod kind;
mod live;
#[path = "../server/mod.rs"]
mod server;
#[path = "../support/mod.rs"]
mod support;

use support::Project;

/// A repository in which everything is committed, on a branch that left `main` there.
fn committed(project: Project) -> Project {
    for args in [
        &["init", "-q", "-b", "main"][..],
        &["add", "-A"],
        &["commit", "-q", "-m", "first"],
        &["checkout", "-q", "-b", "work"],
    ] {
        git(&project, args);
    }
    project
}

fn git(project: &Project, args: &[&str]) {
    let output = std::process::Command::new("git")
        .args(["-c", "user.name=T", "-c", "user.email=t@example.com"])
        .args(args)
        .current_dir(project.root())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "git {args:?}: {said}");
}
