//! Test suites: what their results, their exit codes and their absence mean.

use crate::support::{Project, Report};
use crate::with_python;

const PYTEST: &str = r#"
test "unit" {
    tool "pytest"
}
"#;

fn suite(tests: &str) -> Project {
    with_python(Project::with(PYTEST)).file("test_it.py", tests)
}

#[test]
fn pytest_runs_and_its_tests_are_counted() {
    let report = suite("def test_a():\n    pass\n\ndef test_b():\n    assert 1 == 2\n").run();
    assert_eq!(report.code, Some(1));
    assert_eq!(report.reason("unit"), "1 of 2 tests failed");
    assert_eq!(report.node("unit")["measurements"]["tests.passed"], 1.0);
    let finding = &report.node("unit")["findings"][0];
    assert_eq!(finding["path"], "test_it.py");
    assert_eq!(finding["line"], 5);
}

#[test]
fn files_are_named_from_the_root_though_pytest_counts_from_its_settings_above() {
    let project = with_python(Project::new())
        .file("pytest.ini", "[pytest]\n")
        .file("parts/shop/pipelines/end-of-session.kdl", PYTEST)
        .file("parts/shop/test_it.py", "def test_a():\n    assert False\n");
    let own = project.root().join("parts/shop/.venv");
    std::os::unix::fs::symlink(project.root().join(".venv"), own).unwrap();
    let finished = project.sdd(&["-C", "parts/shop", "run", "--format", "json"]);
    let report = Report::of(&finished);
    assert_eq!(report.node("unit")["findings"][0]["path"], "test_it.py");
}

#[test]
fn b05_no_tests_is_a_skip_and_deleting_all_of_them_is_a_failure() {
    let project = suite("def helper():\n    pass\n");
    let report = project.run();
    assert_eq!(report.outcome("unit"), "skipped");
    assert_eq!(report.node("unit")["code"], "no-tests");
    assert_eq!(report.code, Some(0));

    let project = project.file("test_it.py", "def test_a():\n    pass\n");
    assert_eq!(project.run().outcome("unit"), "passed");
    let project = project.file("test_it.py", "def helper():\n    pass\n");
    let report = project.run();
    assert_eq!(report.outcome("unit"), "failed");
    assert_eq!(report.node("unit")["code"], "tests-vanished");

    let demanding = PYTEST.replace("tool", "results min-tests=1\n    tool");
    let project = with_python(Project::with(&demanding)).file("test_it.py", "");
    assert_eq!(project.run().outcome("unit"), "failed");
}

#[test]
fn b06_a_usage_error_of_the_runner_is_no_failing_test() {
    let pipeline = PYTEST.replace(
        "tool \"pytest\"",
        "tool \"pytest\"\n    args \"--no-such-flag\"",
    );
    let project =
        with_python(Project::with(&pipeline)).file("test_it.py", "def test_a():\n    pass\n");
    let report = project.run();
    assert_eq!(report.outcome("unit"), "error", "{}", report.reason("unit"));
    assert_eq!(report.node("unit")["exit_code"], 4);
    assert_eq!(report.code, Some(1));
}

#[test]
fn b06_a_test_file_that_does_not_load_is_a_failure_and_named() {
    let report = suite("import no_such_module\n").run();
    assert_eq!(report.outcome("unit"), "failed");
    assert_eq!(report.node("unit")["measurements"]["tests.errors"], 1.0);
}

#[test]
fn b07_a_quoted_argument_stays_one_argument() {
    let tests = "import pytest\n\n@pytest.mark.slow\ndef test_slow():\n    assert False\n\ndef test_quick():\n    pass\n";
    for run in [
        r#"run "pytest -q -p no:cacheprovider -m 'not slow' --junit-xml={{out}}/r.xml""#,
        r#"run "pytest" "-q" "-m" "not slow" "--junit-xml={{out}}/r.xml""#,
    ] {
        let pipeline = format!(
            "test \"unit\" {{\n    {run}\n    results format=\"junit\" path=\"{{{{out}}}}/r.xml\"\n}}\n"
        );
        let project = with_python(Project::with(&pipeline)).file("test_it.py", tests);
        let report = project.run();
        assert_eq!(
            report.outcome("unit"),
            "passed",
            "{}",
            report.reason("unit")
        );
        assert_eq!(report.node("unit")["measurements"]["tests.passed"], 1.0);
    }
}

#[test]
fn b13_a_project_of_two_languages_runs_the_tests_of_both() {
    let pipeline = r#"
    test "python" { tool "pytest" }
    test "javascript" { tool "node-test" }
    "#;
    let project = with_python(Project::with(pipeline))
        .file("test_it.py", "def test_a():\n    pass\n")
        .file(
            "it.test.js",
            "const test = require('node:test');\ntest('a', () => { throw new Error('bad'); });\n",
        );
    let report = project.run();
    assert_eq!(
        report.outcome("python"),
        "passed",
        "{}",
        report.reason("python")
    );
    assert_eq!(report.outcome("javascript"), "failed");
    assert_eq!(report.reason("javascript"), "1 of 1 test failed");
}

#[test]
fn b18_it_does_not_matter_in_which_folder_it_is_started() {
    let project = suite("import os\ndef test_a():\n    assert os.path.exists('pipelines')\n")
        .file("deep/er/x", "");
    let inside = project
        .command(&["run", "--format", "json"])
        .current_dir(project.root().join("deep/er"))
        .output()
        .unwrap();
    assert_eq!(inside.status.code(), Some(0));
}

#[test]
fn b20_the_projects_own_program_goes_before_that_of_the_machine_and_nothing_is_installed() {
    let pipeline = r#"lint "js" { check "ruff" "own" }"#;
    let own = Project::with(pipeline).program("ruff", "#!/bin/sh\n[ \"$1\" = own ]\n");
    assert_eq!(own.run().outcome("js"), "passed");

    let pipeline = r#"lint "js" { tool "eslint" }"#;
    let none = Project::with(pipeline).program(
        "npx",
        "#!/bin/sh\ntouch \"$(dirname \"$0\")/../../asked\"\n",
    );
    let report = none.run();
    assert_eq!(report.node("js")["code"], "tool-missing");
    assert!(!none.exists("asked"));
}

#[test]
fn b21_a_missing_tool_has_one_outcome_and_the_node_says_what_that_means() {
    let node = |more: &str| format!("test \"unit\" {{\n    tool \"jest\"\n    {more}\n}}\n");
    let required = Project::with(&node("")).run();
    assert_eq!(required.outcome("unit"), "error");
    assert_eq!(required.code, Some(1));
    let remedy = required.node("unit")["remedy"][0].as_str().unwrap();
    assert!(remedy.contains("npm install"), "{remedy}");

    let optional = Project::with(&node("required #false")).run();
    assert_eq!(optional.outcome("unit"), "error");
    assert_eq!(optional.code, Some(0));

    let skipped = Project::with(&node("on-missing \"skip\"")).run();
    assert_eq!(skipped.outcome("unit"), "skipped");
    assert_eq!(skipped.code, Some(0));
}

#[test]
fn the_slowest_tests_are_named_when_asked_for() {
    let pipeline = PYTEST.replace("tool", "results slowest=1\n    tool");
    let tests =
        "import time\n\ndef test_quick():\n    pass\n\ndef test_slow():\n    time.sleep(0.05)\n";
    let report = with_python(Project::with(&pipeline))
        .file("test_it.py", tests)
        .run();
    let finding = &report.node("unit")["findings"][0];
    assert_eq!(finding["rule"], "slow-test");
    assert!(finding["message"].as_str().unwrap().contains("test_slow"));
}

#[test]
fn a_test_that_passes_only_at_the_second_attempt_is_marked_as_flaky() {
    let pipeline = PYTEST.replace("tool", "retry attempts=2 delay=\"1ms\"\n    tool");
    let tests = "import os\ndef test_a():\n    if not os.path.exists('once'):\n        open('once', 'w').close()\n        assert False\n";
    let report = with_python(Project::with(&pipeline))
        .file("test_it.py", tests)
        .run();
    assert_eq!(report.outcome("unit"), "passed");
    assert_eq!(report.node("unit")["marks"][0], "flaky");
}
