use crate::cli::init::tests::{PYTHON, generate, tree};
use crate::cli::init::{Config, plan};

/// Every gate that is known, with mistakes and rules of every type.
const CONFIG: &str = r#"{"project": "shop", "quality_gates": {
    "test_execution": {"enabled": true, "required": true, "coverage_threshold": 80, "commands": {
        "python": "pytest --cov --cov-report=json", "javascript": "npm test -- --coverage"}},
    "linting": {"enabled": true, "required": false, "auto_fix": true, "commands": {"python": "ruff check . --fix"}},
    "formatting": {"enabled": false},
    "security": {"enabled": true, "required": true, "fail_on": "critical", "colour": 1},
    "documentation": {"enabled": true, "required": false, "check_readme": true},
    "context7": {"enabled": true, "important_libraries": []},
    "custom_validations": {"rules": [
        {"type": "command", "name": "no todo", "command": "! grep -r TODO src", "required": true},
        {"type": "file_exists", "name": "licence", "path": "./LICENSE"},
        {"type": "grep", "name": "version", "pattern": "version = \"", "files": "pyproject.toml"},
        {"type": "grep", "pattern": "(?=x)", "files": "a"},
        {"type": "telepathy"}]},
    "integration_tests": {"enabled": false},
    "lintign": {}
}}"#;

#[test]
fn a_configuration_is_carried_over_and_the_rest_is_named() {
    let (plan, text) = generate(&tree(PYTHON), Some(CONFIG));
    let notes = plan.notes.join("\n");
    insta::assert_snapshot!(format!("{text}\n--- notes\n{notes}"));
}

#[test]
fn scanners_of_the_project_fail_from_the_configured_severity_on() {
    let project = tree(&[
        ("package.json", r#"{"scripts": {"test": "jest"}}"#),
        ("package-lock.json", "{}"),
        ("api/requirements.txt", "bandit\npip-audit\n"),
        ("api/setup.cfg", "[flake8]\n"),
    ]);
    let config = r#"{"quality_gates": {"security": {"fail_on": "medium"},
        "test_execution": {"coverage_threshold": 79.5, "commands": {"javascript": "npm test -- --coverage"}}}}"#;
    let text = generate(&project, Some(config)).1;
    for piece in [
        r#""--audit-level=moderate""#,
        r#""--severity-level" "medium""#,
        r#""--coverageDirectory={{out}}/coverage""#,
        r##"#"--coverageThreshold={"global":{"lines":80}}"#"##,
    ] {
        assert!(text.contains(piece), "{piece}\n{text}");
    }
}

#[test]
fn mistakes_in_a_configuration_are_reported_all_at_once() {
    let refused = |text: &str| {
        let config = Config {
            path: "c.json".to_owned(),
            text: text.to_owned(),
        };
        plan(&tree(PYTHON), Some(&config))
            .err()
            .map(|error| error.message)
    };
    let all = r#"{"quality_gates": {"linting": {"required": "yes"}, "security": {"fail_on": "awful"}, "context7": 1}}"#;
    assert_eq!(
        refused(all).unwrap(),
        "`c.json`: `linting.required` is not true or false; `security.fail_on` is not one of \
         critical, high, medium, low; `context7` is no object"
    );
    assert!(
        refused("{")
            .unwrap()
            .starts_with("`c.json` is not a JSON object: EOF")
    );
    assert_eq!(
        refused("{}").unwrap(),
        "`c.json` has no object `quality_gates`"
    );
}
