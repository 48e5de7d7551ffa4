//! A project as a repository of the real git.

use std::process::Command;

use super::Project;

/// Runs git in the folder of a project, as somebody and with nobody's settings.
pub fn git(project: &Project, args: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=T", "-c", "user.email=t@example.com"])
        .args(["-c", "init.defaultBranch=main"])
        .args(args)
        .current_dir(project.root())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "git {args:?}: {said}");
}

/// A repository in which everything is committed, on a branch that left `main` there.
pub fn committed(project: Project) -> Project {
    for args in [
        &["init", "-q"][..],
        &["add", "-A"],
        &["commit", "-q", "-m", "first"],
        &["checkout", "-q", "-b", "work"],
    ] {
        git(&project, args);
    }
    project
}
