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
    "integration_documentation": {"require_performance_baseline": false, "require_haste": true},
    "lintign": {}
}}"#;

#[test]
fn a_configuration_is_carried_over_and_the_rest_is_named() {
    let (plan, text) = generate(&tree(PYTHON), Some(CONFIG));
    let notes = plan.notes.join("\n");
    insta::assert_snapshot!(format!("{text}\n--- notes\n{notes}"));
}

#[test]
fn scanners_fit_the_project_and_fail_from_the_configured_severity_on() {
    let project = tree(&[
        ("package.json", r#"{"scripts": {"test": "jest"}}"#),
        ("package-lock.json", "{}"),
        ("api/requirements.txt", "flask==3.1.0\n"),
        ("api/setup.cfg", "[flake8]\n"),
        ("api/app.py", ""),
    ]);
    let config = r#"{"quality_gates": {"security": {"fail_on": "medium"},
        "test_execution": {"coverage_threshold": 79.5, "commands": {"javascript": "npm test -- --coverage"}}}}"#;
    let text = generate(&project, Some(config)).1;
    for piece in [
        "    scan \"npm-audit\"\n    fail-on \"medium\"\n",
        "    dir \"api\"\n    scan \"bandit\" \"pip-audit\"\n    fail-on \"medium\"\n",
        "    tool \"jest\"\n    coverage min=80\n",
    ] {
        assert!(text.contains(piece), "{piece}\n{text}");
    }
}

#[test]
fn a_severity_that_no_scanner_reaches_is_lowered_and_that_is_said() {
    let project = tree(&[("setup.py", ""), ("requirements.txt", "pytest==9.0.0\n")]);
    let config = r#"{"quality_gates": {"security": {"fail_on": "critical"}}}"#;
    let (plan, text) = generate(&project, Some(config));
    assert!(text.contains("    fail-on \"high\"\n"), "{text}");
    let said =
        "`security.fail_on`: `critical` is no severity of bandit and pip-audit, so `high` fails";
    assert!(plan.notes.contains(&said.to_owned()), "{:?}", plan.notes);
}

/// A command of the configuration, and what the node says instead.
const COMMANDS: &[(&str, &str, &str)] = &[
    ("linting", "ruff check . --fix", "tool \"ruff\"\n"),
    (
        "linting",
        "ruff check --ignore=E501 src tests",
        "tool \"ruff\"\n    args \"--ignore=E501\"\n    paths \"src\" \"tests\"\n",
    ),
    (
        "linting",
        "ruff check --config strict.toml .",
        "run \"ruff\" \"check\" \"--config\" \"strict.toml\" \".\"\n",
    ),
    ("linting", "pylint src", "run \"pylint\" \"src\"\n"),
    (
        "formatting",
        "uv run isort src",
        "run \"uv\" \"run\" \"isort\" \"--check-only\" \"src\"\n",
    ),
    ("formatting", "ruff format .", "tool \"ruff-format\"\n"),
    ("formatting", "black .", "tool \"black\"\n"),
    (
        "test_execution",
        "pytest -k 'not slow'",
        "tool \"pytest\"\n    args \"-k\" \"not slow\"\n",
    ),
    (
        "test_execution",
        "python -m pytest --cov=shop --cov-report=json",
        "tool \"pytest\"\n    args \"--cov=shop\"\n    results min-tests=1\n    env PYTHONPATH=\".\"\n    coverage min=80\n",
    ),
    (
        "test_execution",
        "uv run pytest --cov",
        "run \"uv\" \"run\" \"pytest\" \"--cov\" \"--junitxml={{out}}/results.xml\" \"--cov-fail-under=80\"\n",
    ),
];

#[test]
fn commands_become_tools_where_that_says_the_same() {
    for (gate, command, node) in COMMANDS {
        let config = format!(
            r#"{{"quality_gates": {{"{gate}": {{"commands": {{"python": "{command}"}}}}}}}}"#
        );
        let config = match *gate {
            "test_execution" => {
                config.replace("\"commands\"", "\"coverage_threshold\": 80, \"commands\"")
            }
            _ => config,
        };
        let text = generate(&tree(PYTHON), Some(&config)).1;
        assert!(text.contains(node), "{command}\n{text}");
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
