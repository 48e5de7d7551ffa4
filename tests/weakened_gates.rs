//! Weakened gates and checkpoints, with the real program and a real history.

#![expect(
    clippy::unwrap_used,
    reason = "a test that can't go on has to end, and shows where"
)]

mod support;

use serde_json::{Value, json};
use support::Project;
use support::repository::git;

/// The project with its files as the first commit.
fn committed(project: Project) -> Project {
    git(&project, &["init", "-q"]);
    git(&project, &["add", "-A"]);
    git(&project, &["commit", "-q", "-m", "one"]);
    project
}

fn report(project: &Project, args: &[&str]) -> (i32, Value) {
    let finished = project
        .command(&[&["run", "--format", "json"], args].concat())
        .output()
        .unwrap();
    let text = String::from_utf8(finished.stdout).unwrap();
    let told = String::from_utf8_lossy(&finished.stderr).into_owned();
    let document = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}{told}"));
    (finished.status.code().unwrap(), document)
}

fn messages(document: &Value) -> Vec<&str> {
    let changes = document["gates_changed"].as_array().unwrap();
    changes
        .iter()
        .map(|change| change["message"].as_str().unwrap())
        .collect()
}

#[test]
fn a_weakened_gate_is_shown_and_does_not_change_the_verdict() {
    let project = committed(
        Project::with("command \"a\" { run \"true\" }\ncommand \"b\" { run \"true\" }\n")
            .file("tests/test_a.py", "assert True"),
    );
    let (code, before) = report(&project, &[]);
    assert_eq!(
        (code, &before["gates_changed"], &before["gates_unknown"]),
        (0, &json!([]), &Value::Null)
    );
    let project = project.file(
        "pipelines/end-of-session.kdl",
        "command \"a\" {\n run \"true\"\n required #false\n}\n",
    );
    std::fs::remove_file(project.root().join("tests/test_a.py")).unwrap();
    let (code, after) = report(&project, &[]);
    assert_eq!((code, &after["verdict"]), (0, &json!("passed")));
    assert_eq!(
        messages(&after),
        [
            "`a`: `required` was `true` and is `false`",
            "`b` is not there any more",
            "the test file `tests/test_a.py` is not there any more",
        ]
    );
    assert_eq!(after["gates_changed"][0]["line"], 3);
    let shown = project.sdd(&["show"]).stdout();
    assert!(shown.trim_start().starts_with("! gates changed"), "{shown}");
}

#[test]
fn a_pipeline_is_compared_with_what_it_was_called_before() {
    let project = committed(Project::with("command \"a\" { run \"true\" }\n"));
    std::fs::remove_file(project.root().join("pipelines/end-of-session.kdl")).unwrap();
    let project = project.file(
        "pipelines/end-of-session.toml",
        "[command.a]\nrun = \"true\"\nrequired = false\n",
    );
    let (_, document) = report(&project, &[]);
    assert_eq!(
        messages(&document),
        ["`a`: `required` was `true` and is `false`"]
    );
    let project =
        committed(Project::new().file("pipelines/old.kdl", "command \"a\" { run \"true\" }\n"));
    git(&project, &["mv", "pipelines/old.kdl", "pipelines/new.kdl"]);
    let (_, document) = report(&project, &["new"]);
    assert_eq!(messages(&document), [""; 0]);
}

#[test]
fn an_included_file_counts() {
    let project = committed(
        Project::with("include \"more.kdl\"\ncommand \"a\" { run \"true\" }\n")
            .file("pipelines/more.kdl", "command \"b\" { run \"true\" }\n"),
    );
    let project = project.file(
        "pipelines/more.kdl",
        "command \"b\" { run \"true\"; on-missing \"skip\" }\n",
    );
    let (_, document) = report(&project, &[]);
    assert_eq!(
        messages(&document),
        ["`b`: `on-missing` was `fail` and is `skip`"]
    );
    assert_eq!(document["gates_changed"][0]["path"], "pipelines/more.kdl");
}

#[test]
fn a_base_that_can_not_be_read_is_said_and_no_history_is_not() {
    let project = committed(Project::with("comand \"a\" { run \"true\" }\n"));
    let project = project.file(
        "pipelines/end-of-session.kdl",
        "command \"a\" { run \"true\" }\n",
    );
    let (code, document) = report(&project, &[]);
    let unknown = document["gates_unknown"].as_str().unwrap();
    assert!(
        unknown.contains("can't be read: `comand` is no kind"),
        "{unknown}"
    );
    assert_eq!((code, &document["gates_changed"]), (0, &json!([])));
    let (_, document) = report(&Project::with("command \"a\" { run \"true\" }\n"), &[]);
    assert_eq!(document["gates_unknown"], Value::Null);
    let project = committed(Project::with(
        "base \"v9\"\ncommand \"a\" { run \"true\" }\n",
    ));
    let (_, document) = report(&project, &[]);
    let unknown = document["gates_unknown"].as_str().unwrap();
    assert!(unknown.contains("the base `v9` is not known"), "{unknown}");
}

#[test]
fn a_new_pipeline_has_nothing_to_be_compared_with() {
    let project = committed(Project::new().file("README.md", "a"));
    let project = project.file(
        "pipelines/end-of-session.kdl",
        "command \"a\" { run \"true\" }\n",
    );
    let (_, document) = report(&project, &[]);
    assert_eq!(
        (&document["gates_changed"], &document["gates_unknown"]),
        (&json!([]), &Value::Null)
    );
}

const OWING: &str = r#"
on-failure "stop"
command "a" { shell "test -e a" }
command "b" { shell "test -e b"; after "a" }
command "c" { shell "false"; required #false }
"#;

fn debt(document: &Value) -> Vec<(&str, bool)> {
    let debt = document["debt"].as_array().unwrap().iter();
    debt.map(|debt| {
        (
            debt["node"].as_str().unwrap(),
            debt["paid"].as_bool().unwrap(),
        )
    })
    .collect()
}

#[test]
fn a_checkpoint_runs_all_blocks_nothing_and_its_debt_is_shown_until_it_is_paid() {
    let project = Project::with(OWING);
    let (code, checkpoint) = report(&project, &["--checkpoint"]);
    assert_eq!((code, &checkpoint["exit_code"]), (0, &json!(0)));
    assert_eq!(
        (&checkpoint["verdict"], &checkpoint["checkpoint"]),
        (&json!("failed"), &json!(true))
    );
    assert_eq!(
        checkpoint["counts"]["failed"], 3,
        "nothing stops a checkpoint"
    );
    assert_eq!(debt(&checkpoint), [("a", false), ("b", false)]);
    assert_eq!(checkpoint["debt"][0]["since"], checkpoint["run"]);

    let project = project.file("a", "");
    let (code, next) = report(&project, &[]);
    assert_eq!(code, 1);
    assert_eq!(debt(&next), [("a", true), ("b", false)]);
    assert_eq!(next["debt"][1]["since"], checkpoint["run"]);

    let (_, partly) = report(&project, &["--only", "a"]);
    assert_eq!(debt(&partly), [("b", false)]);

    let project = project.file("b", "");
    let (code, paid) = report(&project, &[]);
    assert_eq!((code, debt(&paid)), (0, vec![("b", true)]));
    let (_, after) = report(&project, &[]);
    assert_eq!(debt(&after), []);
}

#[test]
fn a_checkpoint_is_shown_as_one_later() {
    let project = Project::with(OWING);
    assert_eq!(project.sdd(&["run", "--checkpoint"]).code(), Some(0));
    for args in [["show", "last"], ["report", "last"]] {
        let shown = project.sdd(&args).stdout();
        assert!(shown.contains("a checkpoint: it blocks nothing"), "{shown}");
        assert!(shown.contains("owed"), "{shown}");
    }
}

#[test]
fn a_checkpoint_does_not_hide_mistakes() {
    let project = Project::with("command \"a\" { runn \"true\" }\n");
    assert_eq!(project.sdd(&["run", "--checkpoint"]).code(), Some(2));
    let project = Project::with(OWING);
    assert_eq!(
        project.sdd(&["run", "--checkpoint", "--fail-fast"]).code(),
        Some(2)
    );
}

#[test]
fn every_report_is_written_when_it_is_asked_for() {
    let header = "report { junit \"out/junit.xml\"; sarif \"out/a.sarif\" }\n";
    let project = Project::with(&format!("{header}command \"a\" {{ run \"true\" }}\n"));
    let finished = project.sdd(&[
        "run",
        "--report",
        "html=out/a.html",
        "--report",
        "markdown=out/a.md",
    ]);
    assert_eq!(finished.code(), Some(0));
    for (path, word) in [
        ("out/junit.xml", "<testcase name=\"a\""),
        ("out/a.sarif", "\"2.1.0\""),
        ("out/a.html", "<!DOCTYPE html>"),
        ("out/a.md", "| `a` |"),
    ] {
        assert!(project.read(path).contains(word), "{path}");
    }
    for format in ["html", "junit", "sarif", "markdown", "json"] {
        let shown = project.sdd(&["report", "--format", format]);
        assert_eq!(shown.code(), Some(0));
        assert!(!shown.stdout().is_empty(), "{format}");
    }
}

#[test]
fn b11_a_node_that_does_not_say_so_is_required() {
    let project = Project::with("command \"a\" { run \"false\" }\n");
    let (code, document) = report(&project, &[]);
    assert_eq!((code, &document["nodes"][0]["required"]), (1, &json!(true)));
}
