//! Specifications in Markdown that are written otherwise than the template.

use super::{ORDERS, markdown, texts, told};

/// The complete specification with other scenarios.
fn with_scenarios(text: &str) -> String {
    replaced("### Scenario 1", "## Performance", text)
}

/// The complete specification with another text from `from` up to `to`.
fn replaced(from: &str, to: &str, text: &str) -> String {
    let start = ORDERS.find(from).unwrap();
    let end = start + ORDERS[start..].find(to).unwrap();
    format!("{}{text}\n{}", &ORDERS[..start], &ORDERS[end..])
}

const PARTS: &str = "**Setup:** a\n\n**Actions:** b\n\n**Expected Results:** c\n\n";

/// The numbers and names of the scenarios, and what is told.
fn scenarios(text: &str) -> (Vec<String>, Vec<String>) {
    let (spec, told) = told("a.md", &with_scenarios(&text.replace("PARTS", PARTS)));
    let names = spec.scenarios.iter().map(|one| {
        let number = one
            .number
            .map_or("-".to_owned(), |number| number.to_string());
        format!("{number} {}", *one.name)
    });
    let told = told.iter().map(|one| {
        let (code, rest) = one.split_once(' ').unwrap();
        format!("{code} {}", rest.split_once(' ').unwrap().1)
    });
    (names.collect(), told.collect())
}

#[test]
fn every_heading_without_deeper_ones_is_a_scenario_whatever_groups_it() {
    let grouped = "### Good\n#### Paid\nPARTS\n#### Sent\nPARTS\n### Late\nPARTS\n";
    assert_eq!(
        scenarios(grouped),
        (
            vec![
                "1 Paid".to_owned(),
                "2 Sent".to_owned(),
                "3 Late".to_owned()
            ],
            vec![]
        )
    );
    let deeper = "#### Paid\nPARTS\n### Sent\nPARTS\n";
    assert_eq!(scenarios(deeper).0, ["1 Paid", "2 Sent"]);
}

#[test]
fn headings_of_parts_and_of_diagrams_belong_to_their_scenario() {
    let parts = "#### Setup\n- a\n#### Actions\n- b\n#### Expected Results\n- c\n";
    let drawn = "#### Sequence diagram\n```mermaid\nsequenceDiagram\na->>b: c\n```\n";
    let text =
        format!("### Paid\n{parts}{drawn}### Scenario: Sent\nPARTS{drawn}### Steps fail\nPARTS");
    assert_eq!(
        scenarios(&text),
        (
            vec![
                "1 Paid".to_owned(),
                "2 Sent".to_owned(),
                "3 Steps fail".to_owned()
            ],
            vec![]
        )
    );
}

#[test]
fn a_scenario_on_a_level_where_it_does_not_belong_is_told_and_counts() {
    let inside = "### Scenario 1: Paid\nPARTS\n#### Scenario 2: Sent\nPARTS\n";
    assert_eq!(
        scenarios(inside),
        (
            vec!["1 Paid".to_owned(), "2 Sent".to_owned()],
            vec!["spec-heading the scenario `Sent` stands in another one".to_owned()]
        )
    );
    let outside = "### Scenario 1: Paid\nPARTS\n## Scenario 2: Sent\nPARTS\n";
    assert_eq!(
        scenarios(outside),
        (
            vec!["1 Paid".to_owned()],
            vec!["spec-heading `Scenario 2: Sent` does not stand under the scenarios".to_owned()]
        )
    );
    let drawn = "### Scenario 1: Paid\nPARTS\n## Diagrams\n### Scenario 1\nPARTS\n";
    assert_eq!(scenarios(drawn).1, Vec::<String>::new());
}

#[test]
fn the_number_of_a_scenario_is_the_written_one() {
    let text = "### Scenario 3: Paid\nPARTS\n### Sent\nPARTS\n### Scenario 3: Late\nPARTS\n";
    assert_eq!(
        scenarios(text),
        (
            vec![
                "3 Paid".to_owned(),
                "- Sent".to_owned(),
                "3 Late".to_owned()
            ],
            vec!["spec-duplicate two scenarios have the number 3".to_owned()]
        )
    );
}

#[test]
fn what_stands_between_two_rules_is_no_head_matter() {
    let text = "### Paid\nPARTS\n---\n### Sent\nPARTS\n---\n";
    assert_eq!(scenarios(text).0, ["1 Paid", "2 Sent"]);
    let (spec, told) = told("a.md", &format!("---\nowner: me\n---\n{ORDERS}"));
    assert_eq!((spec.scenarios.len(), told.len()), (2, 0));
}

#[test]
fn a_contract_under_an_empty_heading_is_a_contract_that_names_no_file() {
    let text = "## API Contracts\n\n### orders → payments\n\n### payments → bank\n- Contract file: a.yaml\n- Version: 1\n";
    assert_eq!(
        markdown(&replaced("## API", "## Environment", text)),
        [
            "spec-part-missing 63 the contract `orders → payments` has no version",
            "spec-part-missing 63 the contract `orders → payments` names no file",
        ]
    );
}

/// What is told of the specification with other performance requirements.
fn performance(text: &str) -> Vec<String> {
    markdown(&replaced("**Response", "## API", text))
}

#[test]
fn limits_may_stand_in_lines_in_tables_and_in_code() {
    for text in [
        "**Response Time:** p50: < 1ms\np95: < 2ms\n**Throughput:** Minimum: 1/s\n",
        "**Response Time:**\n\n| limit | value |\n|---|---|\n| p50 | < 1ms |\n| p95 | < 2ms |\n\n**Throughput:**\n```\nMinimum: 1/s\n```\n",
        "**Response Time:**\n- p50: < 1ms\n  p95: < 2ms\n  under the usual load\n\n**Throughput:**\n- Minimum: 1/s\n  over 5 minutes at the least: see below\n",
    ] {
        let (spec, told) = told("a.md", &replaced("**Response", "## API", text));
        assert_eq!(told, Vec::<String>::new(), "{text}");
        let names = spec.performance.response_time.iter();
        let names: Vec<&str> = names.map(|limit| limit.name.as_str()).collect();
        assert_eq!(names, ["p50", "p95"], "{text}");
        assert_eq!(spec.performance.throughput.len(), 1, "{text}");
    }
}

#[test]
fn a_limit_that_shares_its_line_or_its_item_with_another_is_not_passed_over() {
    let limits = "**Throughput:** Minimum: 1/s\n";
    assert_eq!(
        performance(&format!(
            "**Response Time:** p50: < 1ms, p95: fast\n\n{limits}"
        )),
        Vec::<String>::new(),
        "a remark that holds no number"
    );
    assert_eq!(
        performance(&format!(
            "**Response Time:** p50: < 1ms, p95: < 500\n\n{limits}"
        )),
        ["spec-value 46 `p50` can't be `< 1ms, p95: < 500`"]
    );
    assert_eq!(
        performance(&format!(
            "**Response Time:**\n- p50: < 1ms\n  p95: < 500\n\n{limits}"
        )),
        ["spec-value 48 `p95` can't be `< 500`"]
    );
}

#[test]
fn a_service_is_an_item_however_its_lines_are_broken() {
    let text = ORDERS.replace("- postgres:16\n", "- postgres:16 (with\n  pgvector)\n");
    let services = told("a.md", &text).0.environment.services;
    assert_eq!(texts(&services), ["postgres:16 (with pgvector)", "redis:7"]);
    let lines = replaced("- postgres:16", "**Configuration", "postgres:16\nredis:7\n");
    let services = told("a.md", &lines).0.environment.services;
    assert_eq!(texts(&services), ["postgres:16", "redis:7"]);
}

#[test]
fn labels_are_known_by_whole_words() {
    let points = ORDERS.replace("**Integration Points:**", "**Endpoints:**");
    let (spec, _) = told("a.md", &points);
    assert_eq!(texts(&spec.points), Vec::<&str>::new());
    let load = ORDERS.replace("**Throughput Requirements:**", "**Download:**");
    assert_eq!(
        markdown(&load),
        ["spec-part-missing 44 no throughput is required"]
    );
    let version = ORDERS.replace("- Version: 1.2.0", "- Conversion: 1.2.0");
    assert_eq!(
        markdown(&version),
        ["spec-part-missing 63 the contract `orders → payments` has no version"]
    );
}

#[test]
fn a_path_is_where_a_link_leads_or_what_stands_in_backticks() {
    for written in [
        "`contracts/payments.yaml` (since 1.2)",
        "[the contract](contracts/payments.yaml)",
        "see [`payments`](contracts/payments.yaml)",
    ] {
        let text = ORDERS
            .replace("`contracts/payments.yaml`", written)
            .replace("`docker-compose.integration.yml`", "[it](a.yml)");
        let (spec, diags) = told("a.md", &text);
        assert_eq!(diags, Vec::<String>::new());
        let file = spec.contracts[0].file.as_ref().unwrap();
        assert_eq!(file.as_str(), "contracts/payments.yaml", "{written}");
        assert_eq!(spec.environment.compose_file.unwrap().as_str(), "a.yml");
    }
    let empty = ORDERS.replace("`docker-compose.integration.yml`", "");
    assert_eq!(told("a.md", &empty).0.environment.compose_file, None);
}

#[test]
fn what_the_template_says_is_known_from_what_was_written() {
    let text = ORDERS.replace("Happy path", "[Happy path]");
    let spec = told("a.md", &text).0;
    let scenarios: Vec<bool> = spec
        .scenarios
        .iter()
        .map(|one| spec.is_template(one.name.span))
        .collect();
    assert_eq!(scenarios, [true, false]);
}
