//! `sdd init`: the pipeline that it writes is valid, and its gates run.

use crate::assert_outcomes;
use crate::support::Project;
use crate::support::installed::with_python;

/// The defaults of the older configuration, as it writes them.
const CONFIG: &str = r#"{"quality_gates": {
    "test_execution": {"enabled": true, "required": true, "coverage_threshold": 80,
        "commands": {"python": "pytest --cov --cov-report=json", "javascript": "npm test -- --coverage"}},
    "linting": {"enabled": true, "required": false, "auto_fix": true, "commands": {"python": "ruff check ."}},
    "formatting": {"enabled": true, "required": false, "auto_fix": true, "commands": {"python": "ruff format ."}},
    "security": {"enabled": true, "required": true, "fail_on": "high"},
    "documentation": {"enabled": true, "required": false, "check_changelog": false, "check_docstrings": true},
    "context7": {"enabled": true}
}}"#;

fn project() -> Project {
    with_python(Project::new())
        .file(".session/config.json", CONFIG)
        .file(
            "pyproject.toml",
            "[dependency-groups]\ndev = [\"pytest\", \"ruff\"]\n[tool.ruff.lint]\nselect = [\"F\"]\n",
        )
        .file("conftest.py", "\"\"\"Settings.\"\"\"\n")
        .file(
            "shop.py",
            "\"\"\"Adds.\"\"\"\n\n\ndef add(a, b):\n    \"\"\"Give the sum.\"\"\"\n    return a + b\n",
        )
        .file(
            "tests/test_shop.py",
            "\"\"\"Tests.\"\"\"\n\nfrom shop import add\n\n\ndef test_add():\n    \"\"\"Test.\"\"\"\n    assert add(1, 2) == 3\n",
        )
}

#[test]
fn a_configuration_that_was_carried_over_is_valid_and_runs() {
    for language in [&[][..], &["--toml"]] {
        let project = project();
        let args = [&["init", "--from", ".session/config.json"], language].concat();
        let written = project.sdd(&args);
        assert_eq!(written.code(), Some(0), "{}", written.stderr());
        let checked = project.sdd(&["check"]);
        assert_eq!(checked.code(), Some(0), "{}", checked.stderr());

        // The server of `libraries` is asked over the network.
        let report = project.run_with(&["--skip", "libraries"]);
        assert_eq!(report.outcome("libraries"), "skipped");
        let all = ["test", "lint", "format", "security", "documentation"];
        assert_outcomes(&report, &all.map(|id| (id, "passed")));
        assert_eq!(report.code, Some(0));
        assert_eq!(report.measured("test", "tests.passed"), Some(1.0));
        assert_eq!(report.measured("test", "coverage.lines"), Some(100.0));
        assert_eq!(report.node("lint")["required"], false);
    }
}

#[test]
fn what_is_detected_runs_by_the_names_of_its_tools() {
    let project = project();
    assert_eq!(project.sdd(&["init"]).code(), Some(0));
    let text = project.read("pipelines/end-of-session.kdl");
    for tool in ["ruff", "pytest"] {
        assert!(text.contains(&format!("    tool \"{tool}\"\n")), "{text}");
    }
    let report = project.run();
    assert_outcomes(&report, &[("lint", "passed"), ("test", "passed")]);
}
