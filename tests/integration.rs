//! Integration tests: suites that need an environment, with everything that can become of a test.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod support;

use support::Project;
use support::installed::{with_node, with_python};

/// A suite that needs a service.
const PIPELINE: &str = r#"
service "api" {
    run "python3" "-m" "http.server" "--bind" "127.0.0.1" "{{node.api.port}}"
    ready http="http://127.0.0.1:{{node.api.port}}/"
}
test "integration" {
    needs "api"
    tool "TOOL"
    env { API_URL "http://127.0.0.1:{{node.api.port}}"; }
    results min-tests=1
}
"#;

fn pytest(tests: &str) -> Project {
    with_python(Project::with(&PIPELINE.replace("TOOL", "pytest"))).file("test_api.py", tests)
}

fn jest(tests: &[(&str, &str)]) -> Project {
    let project = with_node(Project::with(&PIPELINE.replace("TOOL", "jest")))
        .file("package.json", "{\"name\": \"api\"}\n");
    tests
        .iter()
        .fold(project, |project, (path, text)| project.file(path, text))
}

fn counts(report: &support::Report) -> [Option<u64>; 4] {
    let measured = &report.node("integration")["measurements"];
    ["passed", "failed", "errors", "skipped"].map(|name| measured[format!("tests.{name}")].as_u64())
}

#[test]
fn b80_the_session_ends_only_when_its_integration_tests_passed_against_their_environment() {
    let suite = "import os, urllib.request\n\n\
        def test_answers():\n    with urllib.request.urlopen(os.environ['API_URL']) as answer:\n        assert answer.status == STATUS\n";
    let project = pytest(&suite.replace("STATUS", "200"));
    let finished = project.sdd(&["run"]);
    assert_eq!(finished.code(), Some(0), "{}", finished.stderr());
    let project = project.file("test_api.py", suite.replace("STATUS", "500"));
    assert_eq!(project.sdd(&["run"]).code(), Some(1));
    project.assert_nothing_left();
}

#[test]
fn b73_results_of_an_earlier_run_are_not_those_of_a_suite_that_crashed() {
    let pipeline = PIPELINE
        .replace(
            "    tool \"TOOL\"",
            "    run \"pytest\" \"--junitxml=results.xml\"",
        )
        .replace(
            "min-tests=1",
            "format=\"junit\" path=\"results.xml\" min-tests=1",
        );
    let project =
        with_python(Project::with(&pipeline)).file("test_api.py", "def test_a():\n    pass\n");
    assert_eq!(project.run().outcome("integration"), "passed");
    let crash = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n";
    let report = project.file("test_api.py", crash).run();
    assert_eq!(report.outcome("integration"), "error", "{}", report.json);
    assert_eq!(counts(&report), [None; 4], "nothing is told of the tests");
}

#[test]
fn b74_a_suite_that_could_not_be_loaded_has_not_passed_though_no_test_failed() {
    let report = pytest("import no_such_module\n\ndef test_a():\n    pass\n").run();
    assert_ne!(report.outcome("integration"), "passed");
    assert_eq!(report.code, Some(1));

    let report = jest(&[
        ("good.test.js", "test('a', () => {});\n"),
        (
            "broken.test.js",
            "require('./no-such-module');\ntest('b', () => {});\n",
        ),
    ])
    .run();
    assert_eq!(report.outcome("integration"), "failed", "{}", report.json);
    assert_eq!(counts(&report)[..3], [1, 0, 1].map(Some));
}

#[test]
fn b75_everything_that_can_become_of_a_test_counts_as_what_it_is() {
    let suite = r#"
import pytest

@pytest.fixture
def broken():
    raise RuntimeError("no server")

def test_passes(): pass
def test_fails(): assert 1 == 2
def test_errors(broken): pass
def test_skipped(): pytest.skip("not here")

@pytest.mark.xfail
def test_expected_to_fail(): assert False

@pytest.mark.xfail(strict=True)
def test_passes_though_it_must_fail(): pass
"#;
    let report = pytest(suite).run();
    assert_eq!(report.outcome("integration"), "failed");
    assert_eq!(counts(&report), [1, 2, 1, 2].map(Some), "{}", report.json);

    let report = jest(&[(
        "api.test.js",
        "test('passes', () => {});\ntest('fails', () => { throw new Error('x'); });\n\
         test.skip('skipped', () => {});\ntest.todo('to do');\n\
         describe('broken', () => { beforeAll(() => { throw new Error('no server'); }); test('errors', () => {}); });\n",
    )])
    .run();
    assert_eq!(report.outcome("integration"), "failed");
    assert_eq!(counts(&report), [1, 2, 0, 2].map(Some), "{}", report.json);
}

#[test]
fn b76_the_runners_need_no_plugin_and_no_flag_of_ours() {
    assert_eq!(
        pytest("def test_a():\n    pass\n").run().verdict(),
        "passed"
    );
    let report = jest(&[("api.test.js", "test('a', () => {});\n")]).run();
    assert_eq!(report.verdict(), "passed", "{}", report.json);
}

#[test]
fn b77_no_test_at_all_is_no_success() {
    let report = pytest("def helper():\n    pass\n").run();
    assert_eq!(report.outcome("integration"), "failed");
    let report = jest(&[("helper.js", "module.exports = 1;\n")]).run();
    assert_ne!(report.outcome("integration"), "passed");
    assert_eq!(report.code, Some(1));
}

#[test]
fn b116_what_is_optional_never_decides_and_what_is_required_always_does() {
    let pipeline = |optional: &str, required: &str| {
        format!(
            "command \"optional\" {{ required #false; run \"{optional}\"; }}\ncommand \"required\" {{ run \"{required}\"; }}\n"
        )
    };
    for (optional, required, code) in [
        ("false", "true", 0),
        ("true", "false", 1),
        ("false", "false", 1),
        ("no-such-program", "true", 0),
    ] {
        let finished = Project::with(&pipeline(optional, required)).sdd(&["run"]);
        assert_eq!(finished.code(), Some(code), "{optional} {required}");
    }
}

#[test]
fn b61_services_are_called_as_in_the_compose_file_and_not_as_their_images() {
    let project = Project::with(
        "compose \"stack\" {\n    file \"compose.yaml\"\n    service \"postgres:16\" until=\"healthy\"\n}\n",
    )
    .file("compose.yaml", "services: {db: {image: \"postgres:16\"}}\n");
    let checked = project.sdd(&["check"]);
    assert_eq!(checked.code(), Some(2));
    let said = checked.stderr() + &checked.stdout();
    assert!(
        said.contains("no service `postgres:16`") && said.contains("there are `db`"),
        "{said}"
    );
}
