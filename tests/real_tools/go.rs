//! Go: go test with coverage, gofmt.

use crate::support::Project;
use crate::{assert_all, assert_outcomes};

const PIPELINE: &str = r#"
test "unit" {
    tool "go-test"
    coverage min=80
}
format "layout" { tool "gofmt" }
"#;

const CLEAN: &str = "\
package calc

// Add gives the sum.
func Add(a, b int) int {
\treturn a + b
}
";

const TEST: &str = "\
package calc

import \"testing\"

func TestAdd(t *testing.T) {
\tif Add(1, 2) != 3 {
\t\tt.Error(\"wrong sum\")
\t}
}

func TestNothing(t *testing.T) {
\tif Add(0, 0) != 0 {
\t\tt.Error(\"wrong sum\")
\t}
}
";

fn project(source: &str) -> Project {
    Project::with(PIPELINE)
        .file("go.mod", "module example.com/calc\n\ngo 1.19\n")
        .file("calc.go", source)
        .file("calc_test.go", TEST)
}

#[test]
fn what_is_clean_passes_with_its_counts() {
    let report = project(CLEAN).run();
    assert_all(&report, "passed");
    assert_eq!(report.measured("unit", "tests.passed"), Some(2.0));
    assert_eq!(report.measured("unit", "coverage.lines"), Some(100.0));
    assert_eq!(report.measured("layout", "findings"), Some(0.0));
}

#[test]
fn what_is_wrong_is_found_with_its_place() {
    let report = project(&CLEAN.replace("a + b", "a-  b")).run();
    assert_all(&report, "failed");
    assert_eq!(report.code, Some(1));
    assert_eq!(report.reason("unit"), "1 of 2 tests failed");
    assert_eq!(report.findings("unit"), ["test-failed calc_test.go:7"]);
    assert_eq!(report.findings("layout"), ["not-formatted calc.go"]);
}

#[test]
fn mending_tells_which_files_it_changed() {
    let project = project(&CLEAN.replace("a + b", "a+  b"));
    let report = project.run_with(&["--fix"]);
    assert_all(&report, "passed");
    assert_eq!(report.findings("layout"), ["fixed calc.go"]);
    assert_eq!(project.read("calc.go"), CLEAN);
}

#[test]
fn a_tool_that_can_not_work_is_an_error_and_no_finding() {
    let report = project("package calc\n\nfunc {\n")
        .file("go.mod", "no module\n")
        .run();
    assert_all(&report, "error");
}

#[test]
fn a_suite_without_tests_is_a_skip() {
    let project = project(CLEAN);
    std::fs::remove_file(project.root().join("calc_test.go")).unwrap();
    let report = project.run_with(&["--only", "unit"]);
    assert_outcomes(&report, &[("unit", "skipped")]);
    assert_eq!(report.node("unit")["code"], "no-tests");
}

#[test]
fn a_node_with_a_folder_sees_that_folder_and_names_places_from_the_root() {
    let pipeline = PIPELINE.replace("tool \"go", "dir \"api\"\n    tool \"go");
    let dirty = CLEAN.replace("a + b", "a-  b");
    let report = Project::with(&pipeline)
        .file("api/go.mod", "module example.com/calc\n\ngo 1.19\n")
        .file("api/calc.go", &dirty)
        .file("api/calc_test.go", TEST)
        .file("other/calc.go", &dirty)
        .run();
    assert_all(&report, "failed");
    assert_eq!(report.findings("unit"), ["test-failed api/calc_test.go:7"]);
    assert_eq!(report.findings("layout"), ["not-formatted api/calc.go"]);
}
