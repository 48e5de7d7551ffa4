//! What a configuration leaves out, misspells or says wrongly.

use crate::support::{Finished, Project};
use crate::with_python;

/// Both look at the configuration first; neither may go on with a mistake in it.
fn refused(pipeline: &str) -> String {
    let project = Project::with(pipeline);
    let checked = project.sdd(&["check"]);
    let run = project.sdd(&["run"]);
    assert_eq!(checked.code(), Some(2), "{}", checked.stderr());
    assert_eq!(run.code(), Some(2), "{}", run.stderr());
    assert!(!project.exists(".session/runs"), "something ran");
    said(&run)
}

fn said(finished: &Finished) -> String {
    finished.stdout() + &finished.stderr()
}

#[test]
fn b08_what_is_written_leaves_all_other_defaults_as_they_are() {
    let pipeline = r#"
    defaults { retry delay="1ms" }
    test "unit" {
        tool "pytest"
        results min-tests=1
        env { GREETING "hello" }
    }
    lint "lint" {
        tool "ruff"
        exit { clean 0 }
    }
    "#;
    let project = with_python(Project::with(pipeline)).file(
        "test_it.py",
        "import os\n\n\ndef test_a():\n    assert os.environ[\"GREETING\"] == \"hello\"\n",
    );
    let report = project.run();
    assert_eq!(
        report.outcome("unit"),
        "passed",
        "{}",
        report.reason("unit")
    );
    assert_eq!(report.measured("unit", "tests.passed"), Some(1.0));
    assert_eq!(report.node("unit")["required"], true);
    assert_eq!(report.node("unit")["attempts"], 1);
    assert_eq!(
        report.outcome("lint"),
        "passed",
        "{}",
        report.reason("lint")
    );

    let project = project.file("test_it.py", "def test_a():\n    assert False\n");
    assert_eq!(project.run().code, Some(1));
}

#[test]
fn b09_a_misspelt_gate_or_field_is_refused_and_the_right_word_named() {
    let said = refused("tset \"unit\" { tool \"pytest\" }\n");
    assert!(said.contains("tset") && said.contains("`test`"), "{said}");
    let said = refused("test \"unit\" { tool \"pytest\"; requird #false }\n");
    assert!(said.contains("`required`"), "{said}");
}

#[test]
fn b10_a_gate_that_lacks_something_is_refused_before_anything_runs() {
    let said = refused("command \"first\" { run \"true\" }\ntest \"unit\" { }\n");
    assert!(said.contains("end-of-session.kdl:2"), "{said}");
    assert!(said.contains("missing-field"), "{said}");
}

#[test]
fn b46_the_work_item_that_is_given_reaches_the_command() {
    let project = Project::with("command \"show\" { run \"echo\" \"for {{work-item.id}}\" }\n")
        .file(
            ".session/tracking/work_items.json",
            "{\"work_items\": {\"ITEM-7\": {\"type\": \"bug\", \"status\": \"not_started\"}}}",
        );
    let report = project.run_with(&["--work-item", "ITEM-7"]);
    assert_eq!(report.outcome("show"), "passed");
    let log = project.last_run().join("logs/show.1.log");
    assert_eq!(std::fs::read_to_string(log).unwrap(), "for ITEM-7\n");
    let without = project.run();
    assert_eq!(
        without.outcome("show"),
        "error",
        "without one it can't be told"
    );
}

#[test]
fn b49_a_rule_of_an_unknown_type_is_refused_required_or_not() {
    for required in ["", "; required #false"] {
        let said = refused(&format!("rule \"x\" {{ grep_rule \"TODO\"{required} }}\n"));
        assert!(said.contains("grep_rule"), "{said}");
    }
}

#[test]
fn b50_a_rule_without_anything_to_hold_is_refused() {
    let said = refused("rule \"x\" { }\n");
    assert!(said.contains("none of `forbid`, `require`"), "{said}");
    let said = refused("rule \"x\" { forbid \"TODO\" }\n");
    assert!(said.contains("in which files"), "{said}");
    let said = refused("rule \"x\" { in \"src/**\" }\n");
    assert!(said.contains("none of `forbid`, `require`"), "{said}");
}

#[test]
fn b51_a_rule_says_whether_what_is_found_is_good_or_bad() {
    let pipeline = r#"
    rule "forbidden" { forbid "TODO"; in "a.txt" }
    rule "required" { require "TODO"; in "a.txt" }
    "#;
    let found = Project::with(pipeline).file("a.txt", "a TODO\n").run();
    assert_eq!(found.outcome("forbidden"), "failed");
    assert_eq!(found.findings("forbidden"), ["forbid a.txt:1"]);
    assert_eq!(found.outcome("required"), "passed");
    let not_found = Project::with(pipeline).file("a.txt", "done\n").run();
    assert_eq!(not_found.outcome("forbidden"), "passed");
    assert_eq!(not_found.outcome("required"), "failed");
}

#[test]
fn b52_a_rule_has_a_name_and_is_required_unless_it_says_otherwise() {
    let said = refused("rule { exists \"README.md\" }\n");
    assert!(said.contains("rule"), "{said}");
    let rule = Project::with("rule \"readme\" { exists \"README.md\" }\n").run();
    assert_eq!((rule.outcome("readme"), rule.code), ("failed", Some(1)));
    let amber = Project::with("rule \"readme\" { exists \"README.md\"; required #false }\n").run();
    assert_eq!((amber.outcome("readme"), amber.code), ("failed", Some(0)));
}
