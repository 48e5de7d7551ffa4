//! Several languages in one pipeline.

use crate::assert_outcomes;
use crate::support::Project;
use crate::support::installed::{with_node, with_python};

const PIPELINE: &str = r#"
test "python" { tool "pytest" }
test "typescript" { tool "vitest" }
test "javascript" {
    tool "jest"
    paths "web"
}
"#;

#[test]
fn b13_a_project_of_three_languages_runs_the_tests_of_each() {
    let project = with_node(with_python(Project::with(PIPELINE)))
        .file("package.json", "{}")
        .file("test_it.py", "def test_a():\n    pass\n")
        .file(
            "app/it.spec.ts",
            "import { expect, test } from \"vitest\";\ntest(\"a\", () => expect<number>(1).toBe(2));\n",
        )
        .file("vitest.config.mjs", "export default { test: { dir: \"app\" } };\n")
        .file(
            "web/it.test.js",
            "test(\"a\", () => {});\ntest(\"b\", () => {});\ntest.skip(\"c\", () => {});\n",
        );
    let report = project.run();
    assert_outcomes(
        &report,
        &[
            ("python", "passed"),
            ("typescript", "failed"),
            ("javascript", "passed"),
        ],
    );
    assert_eq!(report.code, Some(1));
    assert_eq!(report.measured("python", "tests.passed"), Some(1.0));
    assert_eq!(
        report.findings("typescript"),
        ["test-failed app/it.spec.ts:2"]
    );
    assert_eq!(report.measured("javascript", "tests.passed"), Some(2.0));
    assert_eq!(report.measured("javascript", "tests.skipped"), Some(1.0));
}
