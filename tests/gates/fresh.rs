//! `new-only`: what was there before the branch does not block it, and what is new does.

use crate::support::Project;
use crate::{committed, git, with_python};

fn linted(before: &str) -> Project {
    let pipeline = "lint \"ruff\" {\n    tool \"ruff\"\n    new-only\n}\n";
    committed(with_python(Project::with(pipeline)).file("a.py", before))
}

#[test]
fn b40_what_was_there_at_the_base_does_not_block() {
    let project = linted("import os\n");
    let report = project.run();
    assert_eq!(
        report.outcome("ruff"),
        "passed",
        "{}",
        report.reason("ruff")
    );
    assert_eq!(report.node("ruff")["measurements"]["findings.known"], 1.0);
}

#[test]
fn what_is_new_fails_whether_committed_or_not() {
    let project = linted("import os\n").file("b.py", "import sys\n");
    assert_eq!(
        project.run().reason("ruff"),
        "b.py:1:8: F401: `sys` imported but unused"
    );
    git(&project, &["add", "-A"]);
    git(&project, &["commit", "-q", "-m", "more"]);
    assert_eq!(project.run().outcome("ruff"), "failed");
}

#[test]
fn an_old_finding_is_known_again_where_its_line_moved() {
    let project = linted("import os\n").file("a.py", "\"\"\"Doc.\"\"\"\n\n\nimport os\n");
    assert_eq!(project.run().outcome("ruff"), "passed");
}

#[test]
fn an_old_finding_is_known_again_in_a_renamed_file() {
    let old = "import os\n\n\ndef one():\n    return 1\n\n\ndef two():\n    return 2\n";
    let project = linted(old);
    git(&project, &["mv", "a.py", "renamed.py"]);
    assert_eq!(project.run().outcome("ruff"), "passed");
}

#[test]
fn a_second_finding_of_the_same_words_is_new() {
    let project = linted("def f():\n    x = 1\n")
        .file("a.py", "def f():\n    x = 1\n\n\ndef g():\n    x = 1\n");
    let report = project.run();
    assert_eq!(report.outcome("ruff"), "failed");
    assert_eq!(report.node("ruff")["findings"][0]["line"], 6);
}

#[test]
fn a_finding_that_a_change_causes_on_an_old_line_is_new() {
    let project = linted("import os\n\nprint(os.name)\n").file("a.py", "import os\n");
    let report = project.run();
    assert_eq!(report.outcome("ruff"), "failed");
    assert_eq!(
        report.reason("ruff"),
        "a.py:1:8: F401: `os` imported but unused"
    );
}

#[test]
fn nothing_of_the_comparison_is_left_in_the_repository() {
    let project = linted("import os\n");
    project.run();
    let status = std::process::Command::new("git")
        .args(["status", "--porcelain"])
        .current_dir(project.root())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&status.stdout), "");
    assert!(!project.last_run().join("out/ruff/1/base").exists());
}

#[test]
fn without_git_what_is_new_can_not_be_told() {
    let pipeline = "lint \"ruff\" {\n    tool \"ruff\"\n    new-only\n}\n";
    let report = with_python(Project::with(pipeline))
        .file("a.py", "import os\n")
        .run();
    assert_eq!(report.outcome("ruff"), "error");
    assert_eq!(report.node("ruff")["code"], "base-unknown");
}

#[test]
fn in_a_folder_of_its_own_a_node_is_compared_with_that_folder() {
    let pipeline = "lint \"python\" {\n    tool \"mypy\"\n    dir \"api\"\n    new-only\n}\n";
    let old = "x: int = \"old\"\n";
    let project = committed(with_python(Project::with(pipeline)).file("api/a.py", old));
    let report = project.run();
    assert_eq!(
        report.outcome("python"),
        "passed",
        "{}",
        report.reason("python")
    );
    assert_eq!(report.measured("python", "findings.known"), Some(1.0));
    let report = project.file("api/b.py", "y: int = \"new\"\n").run();
    assert_eq!(report.findings("python"), ["assignment api/b.py:1"]);
}
