//! JavaScript: Jest with coverage, `ESLint`, Prettier, npm audit.

use crate::advisories::{NPM, NPM_CLEAN, nowhere, serve};
use crate::support::Project;
use crate::support::installed::with_node;
use crate::{assert_all, assert_outcomes};

const PIPELINE: &str = r#"
test "unit" {
    tool "jest"
    coverage min=80
}
lint "lint" { tool "eslint" }
format "layout" {
    tool "prettier"
    after "lint"
}
security "audit" {
    fail-on "medium"
    scan "npm-audit"
}
"#;

const ESLINT: &str = "\
export default [
  {
    files: [\"src/**/*.js\"],
    rules: { \"no-unused-vars\": \"error\", \"prefer-const\": \"error\" },
  },
];
";

const CLEAN: &str = "\
function add(a, b) {
  const sum = a + b;
  return sum;
}

module.exports = { add };
";

const MENDABLE: &str = "\
function add(a, b) {
  let sum = a + b
  return sum;
}

module.exports = { add };
";

const DIRTY: &str = "\
function add(a, b) {
  const sum = a - b;
  const unused = 1
  return sum;
}

module.exports = { add };
";

const TEST: &str = "\
const { add } = require(\"./sum\");

test(\"adds\", () => {
  expect(add(1, 2)).toBe(3);
});

test(\"adds nothing\", () => {
  expect(add(0, 0)).toBe(0);
});
";

const MANIFEST: &str = r#"{ "name": "shop", "version": "1.0.0", "dependencies": { "left-pad": "1.1.0" } }
"#;

const LOCK: &str = r#"{"name": "shop", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": {
    "": {"name": "shop", "version": "1.0.0", "dependencies": {"left-pad": "1.1.0"}},
    "node_modules/left-pad": {"version": "1.1.0"}}}"#;

fn project(source: &str, registry: &str) -> Project {
    with_node(Project::with(PIPELINE))
        .file(".npmrc", format!("registry={registry}/\nfetch-retries=0\n"))
        .file(".prettierignore", "package*.json\n")
        .file("package.json", MANIFEST)
        .file("package-lock.json", LOCK)
        .file("eslint.config.mjs", ESLINT)
        .file("src/sum.js", source)
        .file("src/sum.test.js", TEST)
}

#[test]
fn what_is_clean_passes_with_its_counts() {
    let report = project(CLEAN, &serve(NPM_CLEAN)).run();
    assert_all(&report, "passed");
    assert_eq!(report.code, Some(0));
    assert_eq!(report.measured("unit", "tests.passed"), Some(2.0));
    assert_eq!(report.measured("unit", "coverage.lines"), Some(100.0));
    for id in ["lint", "layout", "audit"] {
        assert_eq!(report.measured(id, "findings"), Some(0.0), "{id}");
    }
}

#[test]
fn what_is_wrong_is_found_with_its_place() {
    let report = project(DIRTY, &serve(NPM)).run();
    assert_all(&report, "failed");
    assert_eq!(report.code, Some(1));
    assert_eq!(report.reason("unit"), "1 of 2 tests failed");
    assert_eq!(report.findings("unit"), ["test-failed src/sum.test.js:4"]);
    assert_eq!(report.findings("lint"), ["no-unused-vars src/sum.js:3"]);
    assert_eq!(report.findings("layout"), ["format src/sum.js"]);
    let finding = &report.node("audit")["findings"][0];
    assert_eq!(finding["severity"], "medium", "`moderate` is npm's word");
    assert_eq!(finding["advisory"]["package"], "left-pad");
}

#[test]
fn mending_tells_which_files_it_changed() {
    let project = project(MENDABLE, &serve(NPM_CLEAN));
    let report = project.run_with(&["--fix"]);
    assert_all(&report, "passed");
    assert_eq!(report.findings("lint"), ["fixed src/sum.js"]);
    assert_eq!(report.findings("layout"), ["fixed src/sum.js"]);
    assert_eq!(project.read("src/sum.js"), CLEAN);
}

#[test]
fn a_tool_that_can_not_work_is_an_error_and_no_finding() {
    let report = project(DIRTY, &nowhere())
        .file("jest.config.js", "throw new Error(\"no configuration\");\n")
        .file("eslint.config.mjs", "export default [")
        .file(".prettierrc", "{ broken")
        .run();
    assert_all(&report, "error");
    assert_eq!(report.code, Some(1));
}

#[test]
fn a_suite_without_tests_is_a_skip() {
    let project = project(CLEAN, &nowhere());
    std::fs::remove_file(project.root().join("src/sum.test.js")).unwrap();
    let report = project.run_with(&["--only", "unit"]);
    assert_outcomes(&report, &[("unit", "skipped")]);
    assert_eq!(report.node("unit")["code"], "no-tests");
}
