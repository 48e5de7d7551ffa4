//! The contracts of `examples/orders`, and a break of one.

use super::committed;
use super::support::Project;

fn contract(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/orders/contracts");
    std::fs::read_to_string(format!("{folder}/{name}.yaml")).unwrap()
}

/// The node of the example, over its contracts as they are committed.
fn orders() -> Project {
    let node = "contract \"contracts\" {\n spec \"contracts/*.yaml\"\n against \"base:\"\n breaking \"major\"\n}\n";
    let project = Project::with(node)
        .file("contracts/orders.yaml", contract("orders"))
        .file("contracts/pricing.yaml", contract("pricing"));
    committed(project)
}

#[test]
fn the_contracts_of_the_example_are_valid_without_any_warning() {
    let finished = orders().sdd(&[
        "contract",
        "check",
        "contracts/orders.yaml",
        "contracts/pricing.yaml",
    ]);
    assert_eq!(
        (finished.code(), finished.stderr()),
        (Some(0), String::new())
    );
}

#[test]
fn fewer_of_an_article_break_who_orders_many_unless_the_major_version_rises() {
    let fewer = contract("orders").replace("maximum: 1000", "maximum: 100");
    let project = orders().file("contracts/orders.yaml", &fewer);
    let report = project.run();
    assert_eq!(report.outcome("contracts"), "failed");
    let findings = report.findings("contracts");
    assert_eq!(
        findings,
        ["request-property-max-decreased contracts/orders.yaml:94"]
    );
    let project = project.file(
        "contracts/orders.yaml",
        fewer.replace("version: 1.0.0", "version: 2.0.0"),
    );
    assert_eq!(project.run().outcome("contracts"), "passed");
}
