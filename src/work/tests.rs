//! Specifications of both sorts, read and checked.

mod items;
mod markdown;

use super::*;

const ORDERS: &str = include_str!("../../tests/fixtures/specs/orders.md");
const ORDERS_JSON: &str = include_str!("../../tests/fixtures/specs/orders.json");

/// Reads and checks a specification; each diagnostic as `code line message`.
fn told(path: &str, text: &str) -> (Spec, Vec<String>) {
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let source = sources.add(path, text);
    let spec = read_spec(source, &sources, &mut diags);
    check(&spec, &mut diags);
    let diags = diags.sorted();
    let told = diags.iter().map(|one| {
        let line = sources.position(one.labels[0].span).line;
        format!("{} {line} {}", one.code.id, one.message)
    });
    (spec, told.collect())
}

fn markdown(text: &str) -> Vec<String> {
    told("a.md", text).1
}

fn texts(texts: &[crate::span::Spanned<String>]) -> Vec<&str> {
    texts.iter().map(|text| text.as_str()).collect()
}

#[test]
fn a_complete_specification_is_read_into_the_model() {
    let (spec, diags) = told("a.md", ORDERS);
    assert_eq!(diags, Vec::<String>::new());
    assert_eq!(texts(&spec.components), ["orders 2.1", "payments 1.4"]);
    assert_eq!(spec.points.len(), 2);
    let names: Vec<&str> = spec.scenarios.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Happy path", "Payments are down"]);
    assert_eq!(spec.scenarios[0].actions.len(), 2);
    let p95 = &spec.performance.response_time[1];
    assert_eq!(p95.name.as_str(), "p95");
    assert_eq!(p95.quantity.as_ref().unwrap().text, "< 500ms");
    assert_eq!(spec.performance.resources.len(), 3);
    let files: Vec<_> = spec
        .contracts
        .iter()
        .map(|one| one.file.as_ref().unwrap().as_str())
        .collect();
    assert_eq!(files, ["contracts/payments.yaml", "schemas/payments.sql"]);
    assert_eq!(
        texts(&spec.environment.services),
        ["postgres:16", "redis:7"]
    );
    let compose = spec.environment.compose_file.unwrap();
    assert_eq!(compose.as_str(), "docker-compose.integration.yml");
    assert_eq!(
        &ORDERS[compose.span.range()],
        "docker-compose.integration.yml"
    );
    assert_eq!(spec.dependencies.len(), 2);
}

#[test]
fn lines_may_end_as_on_windows_and_labels_without_a_colon() {
    assert_eq!(
        markdown(&ORDERS.replace('\n', "\r\n")),
        Vec::<String>::new()
    );
    assert_eq!(
        markdown(&ORDERS.replace(":**\n", "**\n")),
        Vec::<String>::new()
    );
    assert_eq!(
        markdown(&ORDERS.replace(":**\n", "**:\n\n")),
        Vec::<String>::new()
    );
}

#[test]
fn the_same_specification_in_json_is_read_into_the_same_model() {
    let (spec, diags) = told("a.json", ORDERS_JSON);
    assert_eq!(diags, Vec::<String>::new());
    assert_eq!(texts(&spec.components), ["orders 2.1", "payments 1.4"]);
    assert_eq!(
        texts(&spec.scenarios[0].expected),
        ["The order is marked as paid"]
    );
    let p95 = spec.performance.response_time[1].quantity.as_ref().unwrap();
    assert_eq!(p95.text, "500 ms");
    assert_eq!(
        spec.contracts[0].version.as_ref().unwrap().as_str(),
        "1.2.0"
    );
}

/// What has to be cut out of the complete specification for a requirement to be left out, and the
/// one thing that is told then.
const OMISSIONS: &[(&str, &str, &str)] = &[
    (
        "## Scope",
        "## Test Scenarios",
        "spec-section-missing 1 the specification has no `Scope`",
    ),
    (
        "## Test Scenarios",
        "## Performance",
        "spec-section-missing 1 the specification has no `Test Scenarios`",
    ),
    (
        "**Setup:**",
        "**Actions:**",
        "spec-part-missing 16 the scenario `Happy path` has no setup",
    ),
    (
        "**Actions:**",
        "**Expected",
        "spec-part-missing 16 the scenario `Happy path` has no actions",
    ),
    (
        "**Expected",
        "```mermaid",
        "spec-part-missing 16 the scenario `Happy path` has no expected results",
    ),
    (
        "## Performance",
        "## API",
        "spec-section-missing 1 the specification has no `Performance Benchmarks`",
    ),
    (
        "**Response",
        "**Throughput",
        "spec-part-missing 44 no response time is required",
    ),
    (
        "**Throughput",
        "**Resource",
        "spec-part-missing 44 no throughput is required",
    ),
    (
        "## API",
        "## Environment",
        "spec-section-missing 1 the specification has no `API Contracts`",
    ),
    (
        "- Contract file",
        "- Version",
        "spec-part-missing 63 the contract `orders → payments` names no file",
    ),
    (
        "- Version",
        "- Breaking",
        "spec-part-missing 63 the contract `orders → payments` has no version",
    ),
    (
        "## Environment",
        "## Dependencies",
        "spec-section-missing 1 the specification has no `Environment Requirements`",
    ),
    (
        "**Services Required",
        "**Configuration",
        "spec-part-missing 71 no services are required",
    ),
    (
        "## Dependencies",
        "\u{0}",
        "spec-section-missing 1 the specification has no `Dependencies`",
    ),
];

#[test]
fn b56_every_omission_is_told_once_and_where_it_belongs() {
    assert_eq!(OMISSIONS.len(), REQUIREMENTS.len());
    for (from, to, expected) in OMISSIONS {
        let start = ORDERS.find(from).unwrap();
        let end = ORDERS[start..]
            .find(to)
            .map_or(ORDERS.len(), |at| start + at);
        let text = format!("{}{}", &ORDERS[..start], &ORDERS[end..]);
        assert_eq!(markdown(&text), [*expected], "without {from}");
    }
}

#[test]
fn b56_a_heading_with_nothing_under_it_is_an_omission_too() {
    let start = ORDERS.find("The shop takes").unwrap();
    let end = ORDERS.find("## Test Scenarios").unwrap();
    let text = format!("{}<!-- later -->\n\n{}", &ORDERS[..start], &ORDERS[end..]);
    assert_eq!(
        markdown(&text),
        ["spec-section-missing 3 nothing is said of `Scope`"]
    );
}

#[test]
fn b56_a_value_has_to_be_what_it_says_not_only_to_be_there() {
    for (from, to, expected) in [
        ("1.2.0", "x", "`x` is no version"),
        (
            "`contracts/payments.yaml`",
            "`../payments.yaml`",
            "the contract file `../payments.yaml` is not in the project",
        ),
        ("p95:", "p950:", "`p950` is no percentile"),
        (
            "Payments are down",
            "happy-path",
            "two scenarios are called `happy-path`",
        ),
        (
            "orders 2.1",
            "[Component A, its version]",
            "this is still the text of the template",
        ),
    ] {
        let told = markdown(&ORDERS.replace(from, to));
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].ends_with(expected), "{told:?}");
    }
}

#[test]
fn b57_limits_of_wrong_units_and_types_are_told_in_markdown() {
    for (from, to, expected) in [
        ("< 100ms", "100", "spec-value 47 `p50` can't be `100`"),
        ("< 100ms", "0.1", "spec-value 47 `p50` can't be `0.1`"),
        ("< 100ms", "-100ms", "spec-value 47 `p50` can't be `-100ms`"),
        ("< 100ms", "100MB", "spec-value 47 `p50` can't be `100MB`"),
        (
            "100 requests/second",
            "100ms",
            "spec-value 51 `Minimum` can't be `100ms`",
        ),
        (
            "< 80% utilization",
            "low",
            "spec-value 54 `CPU` can't be `low`",
        ),
    ] {
        assert_eq!(markdown(&ORDERS.replacen(from, to, 1)), [expected], "{to}");
    }
}

#[test]
fn b57_limits_of_wrong_units_and_types_are_told_in_json() {
    for (from, to, expected) in [
        (
            "\"p50\": 100",
            "\"p50\": \"100ms\"",
            "spec-value 16 `p50` is the text `100ms`, not a number",
        ),
        (
            "\"p50\": 100",
            "\"p50\": 0.1",
            "spec-value 16 `p50` can't be 0.1 milliseconds",
        ),
        (
            "\"p50\": 100",
            "\"p50\": -5",
            "spec-value 16 `p50` can't be -5 milliseconds",
        ),
        (
            "\"minimum\": 100",
            "\"minimum\": true",
            "spec-value 17 `minimum` is no number",
        ),
        ("\"1.2.0\"", "1.2", "spec-value 20 text is meant"),
    ] {
        let told = told("a.json", &ORDERS_JSON.replacen(from, to, 1)).1;
        assert_eq!(told, [expected], "{to}");
    }
}

#[test]
fn b114_a_scope_given_as_text_is_a_scope() {
    let start = ORDERS_JSON.find("{\n    \"components\"").unwrap();
    let end = start + ORDERS_JSON[start..].find("\n  },").unwrap();
    let json = format!(
        "{}\"all of it\"{}",
        &ORDERS_JSON[..start],
        &ORDERS_JSON[end + "\n  }".len()..]
    );
    let (spec, diags) = told("a.json", &json);
    assert_eq!(diags, Vec::<String>::new());
    assert_eq!(texts(&spec.scope), ["all of it"]);
    assert_eq!((spec.points.len(), spec.components.len()), (0, 0));
    let start = ORDERS.find("**Components").unwrap();
    let end = ORDERS.find("## Test Scenarios").unwrap();
    let (spec, diags) = told("a.md", &format!("{}{}", &ORDERS[..start], &ORDERS[end..]));
    assert_eq!(diags, Vec::<String>::new());
    assert_eq!(
        texts(&spec.scope),
        ["The shop takes an order and has it paid."]
    );
}

#[test]
fn a_key_that_is_there_twice_in_json_is_told_at_every_depth() {
    let text = ORDERS_JSON
        .replacen('{', "{\"scope\": \"all of it\",", 1)
        .replacen("\"p50\": 100", "\"p50\": 1, \"p50\": 100", 1);
    assert_eq!(
        told("a.json", &text).1,
        [
            "spec-duplicate 3 `scope` is there twice",
            "spec-duplicate 16 `p50` is there twice"
        ]
    );
}

#[test]
fn json_that_is_none_is_told_once_and_no_shape_of_it_ends_the_program() {
    let (_, diags) = told("a.json", "{\"scope\": }");
    assert_eq!(diags, ["spec-value 1 the text is not JSON"]);
    for text in [
        "[]",
        "1",
        "{\"scope\": 1, \"test_scenarios\": {}, \"performance_benchmarks\": [], \"api_contracts\": 2, \"environment_requirements\": \"x\", \"dependencies\": [[]]}",
    ] {
        assert!(!told("a.json", text).1.is_empty(), "{text}");
    }
}

#[test]
fn the_template_lacks_nothing_but_what_has_to_be_written() {
    let template = item_type("integration_test").unwrap().template();
    let told = markdown(&template);
    assert!(told.len() > 10);
    assert!(
        told.iter().all(|one| one.starts_with("spec-placeholder")),
        "{told:#?}"
    );
    let written = template
        .replace(['[', ']'], "")
        .replacen("What happens when", "When", 1);
    assert_eq!(markdown(&written), Vec::<String>::new());
}
