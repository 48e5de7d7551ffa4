//! Work items through the real program: created, listed, shown, checked, and asked for by pipelines.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod support;

use serde_json::Value;
use support::{Finished, Project, Report};

const ORDERS: &str = include_str!("fixtures/specs/orders.md");
const ORDERS_JSON: &str = include_str!("fixtures/specs/orders.json");
const ID: &str = "integration_test_orders_and_payments";
const LIST: &str = ".session/tracking/work_items.json";
const PASSES: &str = "command \"a\" { run \"true\"; }\n";

/// `sdd work-item new` of an integration test, with the specification in a file of that name.
fn create(project: &Project, file: &str) -> Finished {
    let title = "Orders and payments";
    project.sdd(&[
        "work-item",
        "new",
        "--type",
        "integration_test",
        "--title",
        title,
        "--spec",
        file,
    ])
}

fn spec(project: Project, text: &str) -> Project {
    project.file("orders.md", text)
}

/// A project with one integration test in progress.
fn with_item(pipeline: &str, text: &str) -> Project {
    let list = format!(
        "{{\"work_items\": {{\"{ID}\": {{\"type\": \"integration_test\", \"title\": \"Orders\", \"status\": \"in_progress\"}}}}}}"
    );
    Project::with(pipeline)
        .file(LIST, list)
        .file(&format!(".session/specs/{ID}.md"), text)
}

fn rules(report: &Report, node: &str) -> Vec<String> {
    let findings = report.node(node)["findings"].as_array().unwrap();
    let place = |finding: &Value| {
        let rule = finding["rule"].as_str().unwrap();
        format!(
            "{rule} {}:{}",
            finding["path"].as_str().unwrap(),
            finding["line"]
        )
    };
    findings.iter().map(place).collect()
}

#[test]
fn b56_an_incomplete_item_is_refused_with_all_that_it_leaves_out_and_nothing_is_written() {
    let text = ORDERS
        .replace("- Version: 1.2.0\n", "")
        .replace("## Scope", "## Range");
    let project = spec(Project::with(PASSES), &text);
    let refused = create(&project, "orders.md");
    assert_eq!(refused.code(), Some(2));
    let told = refused.stderr();
    assert_eq!(
        told.matches("the specification has no `Scope`").count(),
        1,
        "{told}"
    );
    assert_eq!(told.matches("has no version").count(), 1, "{told}");
    assert!(told.contains("2 errors in 1 file"), "{told}");
    assert!(!project.exists(".session"));
}

#[test]
fn b57_limits_of_the_wrong_unit_are_refused() {
    let text = ORDERS
        .replace("< 100ms", "100")
        .replace("< 500ms", "-500ms");
    let project = spec(Project::with(PASSES), &text);
    let refused = create(&project, "orders.md");
    assert_eq!(refused.code(), Some(2));
    let told = refused.stderr();
    assert!(told.contains("`p50` can't be `100`"), "{told}");
    assert!(told.contains("`p95` can't be `-500ms`"), "{told}");
    let project = project.file(
        "o.json",
        ORDERS_JSON.replace("\"p50\": 100", "\"p50\": \"100ms\""),
    );
    assert!(create(&project, "o.json").stderr().contains("not a number"));
    assert!(!project.exists(".session"));
}

#[test]
fn an_item_is_created_listed_shown_and_validated() {
    let project = spec(Project::with(PASSES), ORDERS);
    let created = create(&project, "orders.md");
    assert_eq!(created.code(), Some(0), "{}", created.stderr());
    assert_eq!(project.read(&format!(".session/specs/{ID}.md")), ORDERS);
    let bug = project.sdd(&[
        "work-item",
        "new",
        "--type",
        "bug",
        "--title",
        "Paid twice",
        "--id",
        "B-1",
    ]);
    assert_eq!(bug.code(), Some(0), "{}", bug.stderr());
    assert!(
        project
            .read(".session/specs/B-1.md")
            .starts_with("# Bug: Paid twice\n")
    );
    let schema = project.sdd(&["schema", "work-item"]).stdout();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let list: Value = serde_json::from_str(&project.read(LIST)).unwrap();
    assert!(jsonschema::is_valid(&schema, &list));
    let broken = project.read(LIST).replace("\"bug\"", "\"bugs\"");
    assert!(!jsonschema::is_valid(
        &schema,
        &serde_json::from_str(&broken).unwrap()
    ));
    insta::assert_snapshot!("list", project.sdd(&["work-item", "list"]).stdout());
    insta::assert_snapshot!("show", project.sdd(&["work-item", "show", ID]).stdout());
    let json: Value = serde_json::from_str(
        &project
            .sdd(&["work-item", "show", ID, "--format", "json"])
            .stdout(),
    )
    .unwrap();
    assert_eq!(json["spec"]["omissions"], 0);
    assert_eq!(json["spec"]["says"]["performance"][1]["value"], 500.0);
    let bugs: Value = serde_json::from_str(
        &project
            .sdd(&["work-item", "list", "--type", "bug", "--format", "json"])
            .stdout(),
    )
    .unwrap();
    assert_eq!(bugs["work_items"].as_array().unwrap().len(), 1);
    let validated = project.sdd(&["work-item", "validate", ID]);
    assert_eq!(validated.code(), Some(0));
    assert!(
        validated.stdout().ends_with("is complete\n"),
        "{}",
        validated.stdout()
    );
    let project = project.file(
        &format!(".session/specs/{ID}.md"),
        ORDERS.replace("## Dependencies", "## Others"),
    );
    let validated = project.sdd(&["work-item", "validate", ID, "--format", "json"]);
    assert_eq!(validated.code(), Some(2));
    assert!(validated.stdout().contains("spec-section-missing"));
}

#[test]
fn a_list_that_is_there_keeps_what_it_holds() {
    let list = "{\"metadata\": {\"z\": 1.0, \"a\": [ ]},\n \"work_items\": {\"old\": {\"type\": \"bug\", \"mine\": {\"b\": 1, \"a\": 2}}}, \"milestones\": {}}";
    let project = spec(Project::with(PASSES), ORDERS).file(LIST, list);
    assert_eq!(create(&project, "orders.md").code(), Some(0));
    let after = project.read(LIST);
    let (before, rest) = list.split_once("}}}, ").unwrap();
    assert!(after.starts_with(&format!("{before}}}}}")), "{after}");
    assert!(after.ends_with(rest), "{after}");
    let again = create(&project, "orders.md");
    assert_eq!(again.code(), Some(2));
    assert!(again.stderr().contains("already"), "{}", again.stderr());
    assert_eq!(project.read(LIST), after);
}

#[test]
fn a_broken_list_is_told_and_left_alone() {
    let project = spec(Project::with(PASSES), ORDERS).file(LIST, "{\"work_items\": {\"a\": {}}");
    let refused = create(&project, "orders.md");
    assert_eq!(refused.code(), Some(2));
    assert!(
        refused.stderr().contains("sdd::config::work-items-broken"),
        "{}",
        refused.stderr()
    );
    assert_eq!(project.read(LIST), "{\"work_items\": {\"a\": {}}");
    assert!(!project.exists(".session/specs"));
    assert_eq!(
        project.run().verdict(),
        "passed",
        "a pipeline that asks for none still runs"
    );
}

#[test]
fn the_template_is_printed_and_refused_until_it_is_filled_in() {
    let project = Project::with(PASSES);
    let template = project.sdd(&[
        "work-item",
        "new",
        "--type",
        "integration_test",
        "--template",
        "--title",
        "X",
    ]);
    assert!(template.stdout().starts_with("# Integration Test: X\n"));
    let project = spec(project, &template.stdout());
    let refused = create(&project, "orders.md");
    assert!(
        refused.stderr().contains("still the text of the template"),
        "{}",
        refused.stderr()
    );
    let alone = project.sdd(&[
        "work-item",
        "new",
        "--type",
        "integration_test",
        "--title",
        "X",
    ]);
    assert_eq!(alone.code(), Some(2));
    assert!(alone.stderr().contains("--template"), "{}", alone.stderr());
    assert!(!project.exists(".session"));
}

const GATE: &str = "spec \"spec\"\n";

#[test]
fn the_spec_gate_finds_every_omission_with_its_place() {
    let project = with_item(GATE, ORDERS);
    assert_eq!(project.run().outcome("spec"), "passed");
    let text = ORDERS
        .replace("- Version: 1.2.0\n", "")
        .replace("< 100ms", "100");
    let report = with_item(GATE, &text).run();
    assert_eq!(report.outcome("spec"), "failed");
    let path = format!(".session/specs/{ID}.md");
    assert_eq!(
        rules(&report, "spec"),
        [
            format!("spec-value {path}:47"),
            format!("spec-part-missing {path}:63")
        ]
    );
    assert_eq!(report.reason("spec"), "`p50` can't be `100`, and 1 more");
}

#[test]
fn b46_the_spec_gate_can_not_pass_without_an_item_or_its_specification() {
    let report = Project::with(GATE).run();
    assert_eq!(report.outcome("spec"), "error");
    assert_eq!(report.reason("spec"), "no work item is in progress");
    let project = with_item(GATE, ORDERS);
    std::fs::remove_file(project.root().join(format!(".session/specs/{ID}.md"))).unwrap();
    assert_eq!(project.run().outcome("spec"), "failed");
    let project = project
        .file(
            LIST,
            "{\"work_items\": {\"b\": {\"type\": \"bug\", \"status\": \"in_progress\"}}}",
        )
        .file(".session/specs/b.md", "# x\n");
    let report = project.run();
    assert_eq!(report.outcome("spec"), "error");
    assert!(
        report.reason("spec").starts_with("nothing was checked"),
        "{}",
        report.reason("spec")
    );
}

#[test]
fn the_spec_gate_judges_no_other_file_than_the_record_names() {
    let record = format!(
        "\"{ID}\": {{\"type\": \"integration_test\", \"status\": \"in_progress\", \"spec_file\": \"../orders.md\"}}"
    );
    let list = format!("{{\"work_items\": {{{record}}}}}");
    let named = format!("spec \"spec\" {{ work-item \"{ID}\"; }}\n");
    for pipeline in [GATE, &named] {
        let report = with_item(pipeline, ORDERS).file(LIST, &list).run();
        assert_eq!(report.outcome("spec"), "error", "{pipeline}");
        let reason = report.reason("spec");
        assert!(reason.contains("leaves the project"), "{reason}");
    }
    // A mistake of any record may have made it another one.
    let other = format!(
        "{{\"work_items\": {{{}, \"x\": {{}}}}}}",
        record.replace("../", "")
    );
    let report = with_item(&named, ORDERS).file(LIST, other).run();
    assert_eq!(report.outcome("spec"), "error");
    assert_eq!(report.reason("spec"), "the work item `x` has no `type`");
}

#[test]
fn an_unknown_item_is_an_error_that_names_the_nearest() {
    let near = format!("did you mean `{ID}`?");
    let project = with_item(
        "spec \"spec\" { work-item \"integration_test_order_and_payments\"; }\n",
        ORDERS,
    );
    let told = project.sdd(&["check"]);
    assert_eq!(told.code(), Some(2));
    let text = told.stderr();
    assert!(
        text.contains("sdd::config::unknown-work-item") && text.contains(&near),
        "{text}"
    );
    let project = with_item(PASSES, ORDERS);
    let told = project.sdd(&["run", "--work-item", "integration_test_orders_and_payment"]);
    assert_eq!(told.code(), Some(2));
    assert!(told.stderr().contains(&near), "{}", told.stderr());
    assert!(!project.exists(".session/runs"));
}

const WHEN: &str = "command \"a\" { run \"true\"; }\ncommand \"b\" {\n    when { work-item type=\"integration_test\"; }\n    run \"sh\" \"-c\" \"test $0 = integration_test && test \\\"$1\\\" = Orders && test $2 = integration_test_orders_and_payments\" \"{{work-item.type}}\" \"{{work-item.title}}\" \"{{work-item.id}}\"\n}\n";

#[test]
fn a_node_runs_only_for_items_of_its_type_and_says_why_not() {
    let project = with_item(WHEN, ORDERS);
    let report = project.run();
    assert_eq!(report.outcome("b"), "passed", "{}", report.reason("b"));
    let other = "{\"work_items\": {\"x\": {\"type\": \"bug\", \"status\": \"in_progress\"}}}";
    let report = Project::with(WHEN).file(LIST, other).run();
    assert_eq!(report.outcome("b"), "skipped");
    assert_eq!(
        report.reason("b"),
        "off: `when work-item type=\"integration_test\"` does not hold: `x` is of type `bug` (pipelines/end-of-session.kdl:3)"
    );
    assert_eq!(report.verdict(), "passed");
    let report = Project::with(WHEN).run();
    assert!(
        report.reason("b").contains("no work item is in progress"),
        "{}",
        report.reason("b")
    );
}

/// A list of items in progress, each of that type.
fn in_progress(items: &[(&str, &str)]) -> String {
    let records = items.iter().map(|(id, kind)| {
        format!("\"{id}\": {{\"type\": \"{kind}\", \"status\": \"in_progress\"}}")
    });
    let records: Vec<String> = records.collect();
    format!("{{\"work_items\": {{{}}}}}", records.join(", "))
}

#[test]
fn a_condition_on_the_type_is_told_from_several_items_only_if_they_agree() {
    let pipeline = "command \"a\" { when { work-item type=\"integration_test\"; }; run \"true\"; }\n\
        command \"b\" { unless { work-item type=\"integration_test\"; }; run \"true\"; }\n";
    let outcomes = |items: &[(&str, &str)]| {
        let report = Project::with(pipeline).file(LIST, in_progress(items)).run();
        (
            report.outcome("a").to_owned(),
            report.outcome("b").to_owned(),
        )
    };
    let told = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let test = "integration_test";
    assert_eq!(
        outcomes(&[("x", test), ("y", test)]),
        told("passed", "skipped")
    );
    assert_eq!(
        outcomes(&[("x", "bug"), ("y", "feature")]),
        told("skipped", "passed")
    );
    assert_eq!(
        outcomes(&[("x", "bug"), ("y", test)]),
        told("passed", "passed")
    );
}

#[test]
fn what_needs_the_current_item_can_not_pass_while_several_are_in_progress() {
    let list = in_progress(&[("x", "bug"), ("y", "integration_test")]);
    let project = Project::with(WHEN).file(LIST, list);
    let report = project.run();
    assert_eq!(report.outcome("b"), "error", "{}", report.reason("b"));
    assert!(
        report.reason("b").contains("there is no current work item"),
        "{}",
        report.reason("b")
    );
    let plan = project.sdd(&["plan", "--work-item", "y", "--format", "json"]);
    let plan: Value = serde_json::from_str(&plan.stdout()).unwrap();
    assert_eq!(plan["nodes"][1]["runs"], true);
}

#[test]
fn a_list_that_can_not_be_read_keeps_no_node_from_running() {
    let report = Project::with(WHEN).file(LIST, "[").run();
    assert_eq!(report.outcome("b"), "error", "{}", report.reason("b"));
}

#[test]
fn a_type_that_there_is_not_is_a_mistake_of_the_pipeline() {
    let project = Project::with(
        "command \"a\" { when { work-item type=\"integration-tests\"; }; run \"true\"; }\n",
    );
    let told = project.sdd(&["check"]);
    assert_eq!(told.code(), Some(2));
    assert!(
        told.stderr().contains("did you mean `integration_test`?"),
        "{}",
        told.stderr()
    );
}

fn suite(tests: &[&str]) -> String {
    let cases: String = tests
        .iter()
        .map(|name| format!("<testcase classname=\"tests.test_orders\" name=\"{name}\"/>"))
        .collect();
    format!("<testsuite>{cases}</testsuite>")
}

#[test]
fn b58_a_scenario_without_a_test_that_ran_fails_the_suite() {
    let pipeline = "test \"it\" {\n    shell \"cp suite.xml $SDD_OUT/r.xml\"\n    results format=\"junit\" path=\"{{out}}/r.xml\"\n    scenarios\n}\n";
    let both = suite(&["test_happy_path", "test_payments_are_down[503]"]);
    let report = with_item(pipeline, ORDERS).file("suite.xml", both).run();
    assert_eq!(report.outcome("it"), "passed", "{}", report.reason("it"));
    assert_eq!(report.node("it")["measurements"]["scenarios.covered"], 2);
    let one = suite(&["test_happy_path", "test_something_else"]);
    let project = with_item(pipeline, ORDERS).file("suite.xml", one);
    let report = project.run();
    assert_eq!(report.outcome("it"), "failed");
    assert_eq!(
        report.reason("it"),
        "no test ran for the scenario `Payments are down`"
    );
    assert_eq!(
        rules(&report, "it"),
        [format!("scenario-without-test .session/specs/{ID}.md:34")]
    );
    let skipped = suite(&["test_happy_path"]).replace(
        "</testsuite>",
        "<testcase name=\"test_payments_are_down\"><skipped/></testcase></testsuite>",
    );
    let report = project.file("suite.xml", skipped).run();
    assert_eq!(report.outcome("it"), "failed", "a skipped test did not run");
    let template = with_item(pipeline, &ORDERS.replace("Happy path", "[Happy path]"));
    let both = suite(&["test_happy_path", "test_payments_are_down"]);
    let report = template.file("suite.xml", both).run();
    assert_eq!(
        report.reason("it"),
        "no test ran for the scenario `[Happy path]`",
        "the template names no scenario"
    );
}
