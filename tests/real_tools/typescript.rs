//! TypeScript: Vitest with coverage, tsc, Biome.

use crate::support::Project;
use crate::support::installed::with_node;
use crate::{assert_all, assert_outcomes};

const PIPELINE: &str = r#"
test "unit" {
    tool "vitest"
    coverage min=80
}
lint "types" { tool "tsc" }
lint "lint" { tool "biome" }
format "layout" {
    tool "biome-format"
    after "lint"
}
"#;

const CLEAN: &str = "\
export function add(a: number, b: number): number {
\tconst sum = a + b;
\treturn sum;
}
";

const MENDABLE: &str = "\
export function add(a: number, b: number): number {
\tlet sum = a + b
\treturn sum;
}
";

const DIRTY: &str = "\
export function add(a: number, b: number): number {
\tlet sum: string = a - b;
\treturn sum ;
}
";

const TEST: &str = "\
import { expect, test } from \"vitest\";
import { add } from \"./sum\";

test(\"adds\", () => {
\texpect(add(1, 2)).toBe(3);
});

test(\"adds nothing\", () => {
\texpect(add(0, 0)).toBe(0);
});
";

const TYPES: &str = r#"{
	"compilerOptions": { "strict": true, "types": [] },
	"include": ["src"],
	"exclude": ["src/*.test.ts"]
}
"#;

const RULES: &str = r#"{
	"linter": { "rules": { "style": { "useConst": "error" } } }
}
"#;

fn project(source: &str) -> Project {
    with_node(Project::with(PIPELINE))
        .file(
            "package.json",
            "{\n\t\"name\": \"shop\",\n\t\"type\": \"module\"\n}\n",
        )
        .file("tsconfig.json", TYPES)
        .file("biome.json", RULES)
        .file("src/sum.ts", source)
        .file("src/sum.test.ts", TEST)
}

#[test]
fn what_is_clean_passes_with_its_counts() {
    let report = project(CLEAN).run();
    assert_all(&report, "passed");
    assert_eq!(report.code, Some(0));
    assert_eq!(report.measured("unit", "tests.passed"), Some(2.0));
    assert_eq!(report.measured("unit", "coverage.lines"), Some(100.0));
    for id in ["types", "lint", "layout"] {
        assert_eq!(report.measured(id, "findings"), Some(0.0), "{id}");
    }
}

#[test]
fn what_is_wrong_is_found_with_its_place() {
    let report = project(DIRTY).run();
    assert_all(&report, "failed");
    assert_eq!(report.code, Some(1));
    assert_eq!(report.reason("unit"), "1 of 2 tests failed");
    assert_eq!(report.findings("unit"), ["test-failed src/sum.test.ts:5"]);
    assert_eq!(
        report.findings("types"),
        ["TS2322 src/sum.ts:2", "TS2322 src/sum.ts:3"]
    );
    assert_eq!(
        report.findings("lint"),
        ["lint/style/useConst src/sum.ts:2"]
    );
    assert_eq!(report.findings("layout"), ["format src/sum.ts"]);
}

#[test]
fn mending_tells_which_files_it_changed() {
    let project = project(MENDABLE);
    let report = project.run_with(&["--fix"]);
    assert_all(&report, "passed");
    assert_eq!(report.findings("lint"), ["fixed src/sum.ts"]);
    assert_eq!(report.findings("layout"), ["fixed src/sum.ts"]);
    assert_eq!(project.read("src/sum.ts"), CLEAN);
}

#[test]
fn a_tool_that_can_not_work_is_an_error_and_no_finding() {
    let report = project(CLEAN)
        .file(
            "vitest.config.ts",
            "throw new Error(\"no configuration\");\n",
        )
        .file(
            "tsconfig.json",
            r#"{ "compilerOptions": { "noSuchOption": true } }"#,
        )
        .file("biome.json", "{ broken")
        .run();
    assert_all(&report, "error");
    assert_eq!(report.code, Some(1));
}

#[test]
fn a_suite_without_tests_is_a_skip() {
    let project = project(CLEAN);
    std::fs::remove_file(project.root().join("src/sum.test.ts")).unwrap();
    let report = project.run_with(&["--only", "unit"]);
    assert_outcomes(&report, &[("unit", "skipped")]);
    assert_eq!(report.node("unit")["code"], "no-tests");
}
