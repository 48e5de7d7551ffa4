//! The known ways in which a gate gives a wrong answer, each as a test that a naive gate fails.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod checks;
mod coverage;
mod evidence;
mod fresh;
mod security;
mod settings;
mod suites;
#[path = "../support/mod.rs"]
mod support;

use support::Project;
use support::installed::with_python;

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
