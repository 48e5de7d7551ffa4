//! The gate `context7`.

use serde_json::Value;

use super::{Carrier, Gate};
use crate::cli::init::draft::{Draft, Field};

/// Carries over the gate. Which server is asked the configuration does not say: it is the one that
/// Context7 publishes.
pub(super) fn carry(carrier: &mut Carrier<'_>, gate: &mut Gate<'_>) {
    if !gate.is_enabled(false) {
        gate.take_rest();
        return;
    }
    let required = gate.flag("required").unwrap_or(false);
    let only = gate.take("important_libraries", "a list of texts", names);
    let server = ["context7-mcp", "--transport", "stdio"].map(str::to_owned);
    let mut fields = vec![Field::block(
        "server",
        vec![Field::texts("run", server.to_vec())],
    )];
    fields.extend(
        only.filter(|only| !only.is_empty())
            .map(|only| Field::texts("only", only)),
    );
    if !required {
        fields.push(Field::flag("required", false));
    }
    carrier.carried.nodes.push(Draft {
        comment: vec![
            format!("{}.", carrier.origin),
            "The server is the npm package `@upstash/context7-mcp`.".to_owned(),
        ],
        kind: "libraries",
        id: "libraries".to_owned(),
        fields,
    });
}

fn names(value: &Value) -> Option<Vec<String>> {
    let names = value.as_array()?.iter();
    names.map(|name| name.as_str().map(str::to_owned)).collect()
}
