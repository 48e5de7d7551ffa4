//! The gate `integration_documentation`.

use super::{Carrier, Gate};
use crate::cli::init::draft::{Atom, Draft, Field};

/// Where the gate looks for the architecture of an integration.
const DIAGRAMS: &[&str] = &[
    "docs/architecture/integration-architecture.md",
    "docs/integration-architecture.md",
    ".session/specs/integration-architecture.md",
];

type Demand = fn() -> Field;

/// What else it asks for, and the fields that ask for the same.
const DEMANDS: &[(&str, Demand)] = &[
    ("require_sequence_diagrams", || {
        Field::table("sequence-diagrams", Vec::new())
    }),
    ("require_api_contracts", || Field::flag("contracts", true)),
    ("require_performance_baseline", || {
        Field::table("baseline", Vec::new())
    }),
    ("require_integration_points", || {
        Field::flag("integration-points", true)
    }),
];

/// Carries over the gate, which is only about work items that are integration tests.
pub(super) fn carry(carrier: &mut Carrier<'_>, gate: &mut Gate<'_>) {
    if !gate.is_enabled(true) {
        gate.take_rest();
        return;
    }
    let required = gate.flag("required").unwrap_or(true);
    let mut demands = Vec::new();
    if gate.flag("require_architecture_diagram").unwrap_or(true) {
        let paths = DIAGRAMS.iter().map(|path| (*path).to_owned());
        demands.push(Field::texts("diagram", paths.collect()));
    }
    for (key, field) in DEMANDS {
        if gate.flag(key).unwrap_or(true) {
            demands.push(field());
        }
    }
    if demands.is_empty() {
        carrier.note(format!("`{}` asks for nothing", gate.name));
        return;
    }
    let kind = vec![("type", Atom::Text("integration_test".to_owned()))];
    let mut fields = vec![Field::block("when", vec![Field::table("work-item", kind)])];
    fields.extend(demands);
    if !required {
        fields.push(Field::flag("required", false));
    }
    carrier.carried.nodes.push(Draft {
        comment: vec![format!("{}.", carrier.origin)],
        kind: "docs",
        id: "integration-documentation".to_owned(),
        fields,
    });
}
