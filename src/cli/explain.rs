//! `sdd explain` and `sdd schema`.

use std::io::{self, Write};

use super::{Failure, Outcome, print_json};
use crate::kinds::EXAMPLES;
use crate::model::grammar;
use crate::report::{event_schema, report_schema};
use crate::spec::{Manual, pipeline_schema};
use crate::work::work_item_schema;

/// Explains a kind, a field or a diagnostic; without a topic, gives an overview.
pub(super) fn explain(topic: Option<&str>) -> Outcome {
    let grammar = grammar();
    let manual = Manual {
        grammar: &grammar,
        examples: EXAMPLES,
    };
    let topic = topic.unwrap_or_default();
    let Some(answer) = manual.explain(topic) else {
        let near = manual
            .suggest(topic)
            .map(|near| format!("did you mean `{near}`?"));
        let message = format!("there is no kind, field or diagnostic `{topic}`");
        let overview = "`sdd explain` alone lists what there is".to_owned();
        return Err(Failure::Usage(message, near.or(Some(overview))));
    };
    io::stdout().write_all(answer.as_bytes())?;
    Ok(0)
}

/// Prints a JSON Schema.
pub(super) fn schema(of: &str) -> Outcome {
    print_json(&match of {
        "report" => report_schema(),
        "event" => event_schema(),
        "work-item" => work_item_schema(),
        _ => pipeline_schema(&grammar()),
    })
}
