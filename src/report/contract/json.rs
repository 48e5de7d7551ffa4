//! Schema `sdd.contract/1`.

use serde_json::{Value, json};

use super::{Changes, breaking};
use crate::contract::place::Places;
use crate::span::Span;

/// The findings as one document.
pub fn document(changes: &Changes<'_>) -> Value {
    let places = Places::new(changes.sources);
    let findings = changes.findings;
    let place = |span: Option<Span>| {
        let place = span.and_then(|span| places.of(span));
        place.map(|(path, at)| json!({"path": path, "line": at.line, "column": at.column}))
    };
    let all: Vec<Value> = findings
        .iter()
        .map(|finding| {
            let witness = finding
                .witness
                .as_ref()
                .map(|witness| json!({"valid_in": witness.valid_in, "instance": witness.instance}));
            json!({
                "rule": finding.rule,
                "level": finding.level.as_str(),
                "method": finding.method,
                "path": finding.path,
                "location": finding.location,
                "message": finding.message,
                "old": place(finding.old),
                "new": place(finding.new),
                "witness": witness,
                "operations": finding.operations,
            })
        })
        .collect();
    json!({"schema": "sdd.contract/1", "breaking": breaking(findings), "findings": all})
}
