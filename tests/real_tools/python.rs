//! Python: pytest with coverage, Ruff, mypy, Black, Bandit, pip-audit.

use crate::advisories::{OSV, serve};
use crate::support::Project;
use crate::support::installed::with_python;
use crate::{assert_all, assert_outcomes};

const PIPELINE: &str = r#"
test "unit" {
    tool "pytest"
    coverage min=80
}
lint "lint" { tool "ruff" }
lint "types" { tool "mypy" }
format "black" {
    tool "black"
    after "lint"
}
format "layout" {
    tool "ruff-format"
    after "black"
}
security "scan" {
    fail-on "medium"
    scan "bandit"
    scan "pip-audit" {
        args "--vulnerability-service=osv" "--osv-url=OSV/osv"
    }
}
"#;

const CLEAN: &str = "\
def add(a: int, b: int) -> int:
    return a + b
";

const DIRTY: &str = "\
import os
import subprocess

def add(a: int, b: int) -> int:
    subprocess.call(f\"echo {a}\", shell=True)
    return a - b

def more(a: int) -> int:
    return add(\"1\", a)
";

const TEST: &str = "\
from calc import add


def test_add() -> None:
    assert add(1, 2) == 3


def test_nothing() -> None:
    assert add(0, 0) == 0
";

fn project(calc: &str) -> Project {
    let pipeline = PIPELINE.replace("OSV", &serve(OSV));
    with_python(Project::with(&pipeline))
        .file("pyproject.toml", "[tool.ruff.lint]\nselect = [\"F\"]\n")
        .file("conftest.py", "")
        .file("calc.py", calc)
        .file("tests/test_calc.py", TEST)
        .file("requirements.txt", "idna==3.10\n")
}

#[test]
fn what_is_clean_passes_with_its_counts() {
    let report = project(CLEAN).run();
    assert_all(&report, "passed");
    assert_eq!(report.code, Some(0));
    assert_eq!(report.measured("unit", "tests.passed"), Some(2.0));
    assert_eq!(report.measured("unit", "tests.failed"), Some(0.0));
    assert_eq!(report.measured("unit", "coverage.lines"), Some(100.0));
    for id in ["lint", "types", "black", "layout", "scan"] {
        assert_eq!(report.measured(id, "findings"), Some(0.0), "{id}");
    }
}

#[test]
fn what_is_wrong_is_found_with_its_place() {
    let report = project(DIRTY)
        .file("requirements.txt", "jinja2==2.10\nidna==3.10\n")
        .run();
    assert_all(&report, "failed");
    assert_eq!(report.code, Some(1));
    assert_eq!(report.reason("unit"), "1 of 2 tests failed");
    assert_eq!(
        report.findings("unit"),
        ["test-failed tests/test_calc.py:5"]
    );
    assert_eq!(report.findings("lint"), ["F401 calc.py:1"]);
    assert_eq!(report.findings("types"), ["arg-type calc.py:9"]);
    assert_eq!(report.findings("black"), ["not-formatted calc.py"]);
    assert_eq!(report.findings("layout"), ["not-formatted calc.py:1"]);
    let found = report.findings("scan");
    assert!(found.contains(&"B602 calc.py:5".to_owned()), "{found:?}");
    assert!(found.contains(&"PYSEC-2019-217".to_owned()), "{found:?}");
    let findings = report.node("scan")["findings"].as_array().unwrap();
    let audit = findings
        .iter()
        .find(|finding| finding["rule"] == "PYSEC-2019-217");
    let advisory = &audit.unwrap()["advisory"];
    assert_eq!(advisory["package"], "jinja2");
    assert_eq!(advisory["fixed_in"][0], "2.10.1");
}

#[test]
fn mending_tells_which_files_it_changed() {
    let mendable = "import os\ndef add(a: int, b: int) -> int:\n    return a+b\n";
    let project = project(mendable);
    let report = project.run_with(&["--fix"]);
    assert_all(&report, "passed");
    assert_eq!(report.findings("lint"), ["fixed calc.py"]);
    assert_eq!(report.findings("black"), ["fixed calc.py"]);
    assert_eq!(report.measured("black", "files.fixed"), Some(1.0));
    assert_eq!(report.measured("layout", "files.fixed"), Some(0.0));
    assert_eq!(project.read("calc.py"), CLEAN);
}

#[test]
fn a_tool_that_can_not_work_is_an_error_and_no_finding() {
    let settings = "\
[tool.pytest.ini_options]
addopts = \"--no-such-option\"
[tool.ruff]
line-length = \"long\"
[tool.mypy]
plugins = [\"no_such_plugin\"]
[tool.black]
line-length = \"long\"
";
    let report = project(DIRTY)
        .file("pyproject.toml", settings)
        .file("requirements.txt", "jinja2\n")
        .run();
    assert_outcomes(
        &report,
        &[
            ("unit", "error"),
            ("lint", "error"),
            ("types", "error"),
            ("black", "error"),
            ("layout", "error"),
        ],
    );
    assert_eq!(report.node("unit")["exit_code"], 4);
    let said: Vec<&str> = report.node("scan")["remedy"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step.as_str().unwrap())
        .collect();
    assert!(
        said.iter().any(|step| step.contains("pip-audit")),
        "what bandit found must not hide that pip-audit could not tell: {said:?}"
    );
}

#[test]
fn a_suite_without_tests_is_a_skip() {
    let report = project(CLEAN)
        .file("tests/test_calc.py", "")
        .run_with(&["--only", "unit"]);
    assert_eq!(
        report.outcome("unit"),
        "skipped",
        "{}",
        report.reason("unit")
    );
    assert_eq!(report.node("unit")["code"], "no-tests");
    assert_eq!(report.code, Some(0));
}

#[test]
fn b28_an_audit_reads_what_the_project_pins_and_not_what_is_installed_here() {
    let installed = &[
        (
            r#""name": "pytest""#,
            r#"{"vulns": [{"id": "PYSEC-1", "summary": "Weak", "details": "Weak",
            "modified": "2024-01-01T00:00:00Z", "affected": [{"package": {"name": "pytest", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]}]}]}"#,
        ),
        ("/osv", "{}"),
    ];
    let pipeline = PIPELINE.replace("OSV", &serve(installed));
    let project = with_python(Project::with(&pipeline))
        .file("calc.py", CLEAN)
        .file("requirements.txt", "idna==3.10\n");
    let report = project.run_with(&["--only", "scan"]);
    assert_outcomes(&report, &[("scan", "passed")]);
    let project = project.file("requirements-dev.txt", "pytest==9.0.0\n");
    let report = project.run_with(&["--only", "scan"]);
    assert_outcomes(&report, &[("scan", "failed")]);
    assert_eq!(report.findings("scan"), ["PYSEC-1"]);
}

#[test]
fn b31_a_scan_goes_over_the_projects_own_files_wherever_they_are_and_nothing_else() {
    let weak = "import subprocess\nsubprocess.call('ls ' + input(), shell=True)\n";
    let pipeline = "security \"scan\" { scan \"bandit\" }\n";
    let project = with_python(Project::with(pipeline))
        .file("calc.py", CLEAN)
        .file("node_modules/gyp/tool.py", weak)
        .file("tests/test_it.py", weak);
    let report = project.run();
    assert_outcomes(&report, &[("scan", "passed")]);
    let report = project.file("lib/deep/it.py", weak).run();
    assert_outcomes(&report, &[("scan", "failed")]);
    let found = report.findings("scan");
    assert!(
        found.contains(&"B602 lib/deep/it.py:2".to_owned()),
        "{found:?}"
    );
    let elsewhere = found
        .iter()
        .find(|finding| !finding.contains(" lib/deep/it.py:"));
    assert_eq!(elsewhere, None);

    let nothing = with_python(Project::with(pipeline)).run();
    assert_outcomes(&nothing, &[("scan", "error")]);
}
