//! The formats of `--format json` and `events.jsonl` as JSON Schema 2020-12.
//!
//! A version may grow fields, so neither schema forbids those that it does not name.

use serde_json::{Map, Value, json};

use crate::event::VERSION;
use crate::sched::Outcome;

/// A field: its name, its type by a word of [`type_schema`], and what it holds. A `?` behind the
/// name says that it may be left out, one behind the type that it may be null.
type Field = (&'static str, &'static str, &'static str);

const REPORT: &[Field] = &[
    ("schema", "report-version", "The format and its version."),
    ("run", "text", "The run's id."),
    ("pipeline", "text", "Name of the pipeline."),
    ("verdict", "verdict", "How the run ended."),
    ("exit_code", "count", "What `sdd run` exits with."),
    ("checkpoint", "flag", "Whether the run blocks nothing."),
    ("gates_changed", "gates", GATES_CHANGED),
    ("gates_unknown", "text?", GATES_UNKNOWN),
    ("started_at", "time", "When the run began, in UTC."),
    ("duration_ms", "count", "How long it took, in milliseconds."),
    (
        "critical_path",
        "texts",
        "The nodes that decided when the run ended, the first to start first.",
    ),
    ("counts", "counts", "How many nodes ended how."),
    ("nodes", "nodes", "Every node of the plan, in plan order."),
    (
        "debt",
        "payments",
        "What checkpoints let through, this run included, and whether it is paid now.",
    ),
];

const GATES_CHANGED: &str = "Gates that are weaker than at the base.";
const GATES_UNKNOWN: &str = "Why the gates could not be compared with those of the base.";

const GATE: &[Field] = &[
    (
        "what",
        "text",
        "A stable word, for instance `node-removed` or `lowered`.",
    ),
    ("node?", "text", "The node, as it is or was called."),
    ("message", "text", "What was changed, in a sentence."),
    ("path?", "text", "The file, relative to the root."),
    ("line?", "count", "The line, from 1."),
];

const DEBT: &[Field] = &[
    ("node", "text", "The node's id."),
    ("reason", "text", "Why it did not pass."),
    ("since", "text", "The run that let it through."),
];

const PAID: &[Field] = &[("paid", "flag", "Whether the node passed in this run.")];

const ADVISORY: &[Field] = &[
    ("package", "text", "The package."),
    ("version?", "text", "The version that is used."),
    (
        "fixed_in?",
        "texts",
        "Versions, or a range of them, without the weakness.",
    ),
    (
        "aliases?",
        "texts",
        "Other ids of the same advisory, for instance its CVE.",
    ),
    ("url?", "text", "Where it is described."),
];

const NODE: &[Field] = &[
    ("id", "text", "The node's id."),
    ("kind", "text", "The node's kind."),
    ("required", "flag", "Whether the verdict depends on it."),
    (
        "outcome",
        "outcome?",
        "How it ended; null if the run broke off before it did.",
    ),
    ("reason", "text?", "Why it ended so, in a sentence."),
    ("code", "text?", "A stable word for the reason."),
    (
        "needs",
        "texts",
        "The nodes that must have passed before it.",
    ),
    ("attempts", "count", "Attempts that began."),
    (
        "exit_code",
        "integer?",
        "Exit code of its last command, if one ran and was not ended by a signal.",
    ),
    (
        "duration_ms",
        "count",
        "From the start of its first attempt, in milliseconds.",
    ),
    ("command", "texts", "The command line of its last attempt."),
    (
        "log",
        "text?",
        "The log of its last attempt, relative to the root.",
    ),
    ("rerun", "text", "A command that runs the node again."),
    ("findings", "findings", "What its last attempt reported."),
    (
        "measurements",
        "numbers",
        "What its last attempt measured, by name.",
    ),
    ("marks", "texts", "`flaky`, `cached`, `leaked`."),
    (
        "remedy",
        "texts",
        "What can be done about it, one step each.",
    ),
];

const FINDING: &[Field] = &[
    ("rule", "text", "What the tool calls this kind of finding."),
    ("severity", "severity", "How much it weighs."),
    ("message", "text", "What is wrong."),
    ("path?", "text", "The file, relative to the root."),
    ("line?", "count", "The line, from 1."),
    ("column?", "count", "The column in characters, from 1."),
    ("fixable", "flag", "Whether the tool can mend it by itself."),
    (
        "advisory?",
        "advisory",
        "What is known of it as an advisory about a package.",
    ),
    (
        "waiver?",
        "text",
        "Why it does not count, if the project says so.",
    ),
];

const MEASUREMENT: &[Field] = &[
    ("name", "text", "What was measured."),
    ("value", "number", "The number."),
    (
        "unit",
        "text",
        "`count`, `percent`, `ms`, `us`, `bytes`, `per-second` or `bytes-per-second`.",
    ),
];

const PLANNED: &[Field] = &[
    ("id", "text", "The node's id."),
    ("kind", "text", "The node's kind."),
    ("required", "flag", "Whether the verdict depends on it."),
    ("needs?", "texts", "Nodes that must have passed."),
    ("after?", "texts", "Nodes that must be over."),
    (
        "finalises?",
        "text",
        "The environment that it takes down, if it is a teardown.",
    ),
    (
        "expected_ms?",
        "count",
        "How long it took before, in milliseconds.",
    ),
];

/// What every event has, beside its `type`.
const EVENT: &[Field] = &[
    ("v", "event-version", "Format version."),
    ("seq", "count", "Position in the run, from 0."),
    (
        "at_ms",
        "count",
        "Milliseconds since the run began, on a clock that never goes back.",
    ),
];

const NODE_ID: Field = ("node", "text", "The node's id.");

/// The types of events, what they mean, and their fields.
const EVENTS: &[(&str, &str, &[Field])] = &[
    (
        "run-started",
        "The plan is made and the run begins.",
        &[
            ("run", "text", "The run's id."),
            ("pipeline", "text", "Name of the pipeline."),
            ("started_at", "time", "When the run began, in UTC."),
            ("jobs", "count", "How many nodes may run at once."),
            (
                "pid",
                "count",
                "Process id of the guardian, or of the worker where there is none.",
            ),
            (
                "options?",
                "texts",
                "Options of the command line that a node would need to be run in the same way again.",
            ),
            ("checkpoint?", "flag", "Whether the run blocks nothing."),
            ("gates_changed?", "gates", GATES_CHANGED),
            ("gates_unknown?", "text", GATES_UNKNOWN),
            (
                "debt?",
                "debt",
                "What earlier checkpoints let through and no run has seen pass since.",
            ),
            ("nodes", "planned", "Every node of the plan, in plan order."),
        ],
    ),
    (
        "node-started",
        "An attempt begins.",
        &[NODE_ID, ("attempt", "count", "From 1.")],
    ),
    (
        "node-output",
        "What a failed attempt printed last.",
        &[
            NODE_ID,
            ("attempt", "count", "Which attempt printed it."),
            (
                "text",
                "text",
                "The end of its log, without control characters.",
            ),
            ("omitted", "count", "Bytes of the log that are not shown."),
        ],
    ),
    (
        "finding",
        "A tool, or `sdd` itself, reports something.",
        &[NODE_ID, ("finding", "finding", "What is reported.")],
    ),
    (
        "measurement",
        "A number was measured.",
        &[
            NODE_ID,
            ("measurement", "measurement", "What was measured."),
        ],
    ),
    (
        "node-retried",
        "An attempt failed and another one follows.",
        &[
            NODE_ID,
            ("attempt", "count", "The attempt that failed."),
            ("outcome", "outcome", "How it ended."),
            ("reason", "text", "Why, in a sentence."),
        ],
    ),
    (
        "node-settled",
        "A node is done.",
        &[
            NODE_ID,
            ("outcome", "outcome", "How it ended."),
            (
                "reason?",
                "text",
                "Why, in a sentence; absent where the outcome says all.",
            ),
            ("code?", "text", "A stable word for the reason."),
            (
                "exit_code?",
                "integer",
                "Exit code of its last command, if one ran and was not ended by a signal.",
            ),
            ("command?", "texts", "The command line of its last attempt."),
            (
                "log?",
                "text",
                "The log of its last attempt, relative to the root.",
            ),
            (
                "duration_ms",
                "count",
                "From the start of its first attempt, in milliseconds.",
            ),
            ("marks?", "texts", "`flaky`, `cached`, `leaked`."),
            (
                "remedy?",
                "texts",
                "What can be done about it, one step each.",
            ),
        ],
    ),
    (
        "environment-up",
        "An environment is ready to be used.",
        &[
            NODE_ID,
            (
                "published",
                "text-by-name",
                "What it publishes for `{{node.ID.NAME}}`.",
            ),
        ],
    ),
    (
        "environment-down",
        "An environment was taken down; it is not owed any more.",
        &[(
            "node",
            "text",
            "Id of the environment, not of its teardown.",
        )],
    ),
    (
        "run-escalated",
        "The run is called off, in part or whole.",
        &[
            ("mode", "mode", "How far."),
            ("reason", "text", "Why, in a sentence."),
            (
                "exit_code",
                "count?",
                "The exit code that this leads to, where it decides it.",
            ),
        ],
    ),
    (
        "run-finished",
        "Everything is over.",
        &[
            ("verdict", "verdict", "How it ended."),
            ("exit_code", "count", "What `sdd run` exits with."),
            ("duration_ms", "count", "From the start, in milliseconds."),
        ],
    ),
];

/// The schema of `sdd.report/1`.
pub fn report_schema() -> Value {
    document(
        "report",
        "What `sdd run --format json` prints.",
        object(REPORT),
    )
}

/// The schema of a line of `events.jsonl`.
pub fn event_schema() -> Value {
    let events = EVENTS.iter().map(|(name, doc, fields)| {
        let mut event = object(&[EVENT, fields].concat());
        event["description"] = (*doc).into();
        event["properties"]["type"] = json!({ "const": name });
        if let Some(required) = event["required"].as_array_mut() {
            required.push("type".into());
        }
        event
    });
    let events: Vec<Value> = events.collect();
    document(
        "event",
        "A line of `events.jsonl`.",
        json!({ "oneOf": events }),
    )
}

fn document(name: &str, doc: &str, body: Value) -> Value {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("urn:sdd:schema:{name}:1"),
        "title": format!("sdd {name}"),
        "description": doc,
    });
    if let (Some(schema), Value::Object(body)) = (schema.as_object_mut(), body) {
        schema.extend(body);
    }
    schema
}

fn object(fields: &[Field]) -> Value {
    let bare = |name: &'static str| name.trim_end_matches('?');
    let properties: Map<String, Value> = fields
        .iter()
        .map(|(name, ty, doc)| {
            let mut schema = type_schema(ty);
            schema["description"] = (*doc).into();
            (bare(name).to_owned(), schema)
        })
        .collect();
    let required = fields.iter().filter(|(name, ..)| !name.ends_with('?'));
    let required: Vec<&str> = required.map(|(name, ..)| *name).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

fn type_schema(word: &str) -> Value {
    if let Some(word) = word.strip_suffix('?') {
        return json!({ "anyOf": [type_schema(word), { "type": "null" }] });
    }
    let outcomes = Outcome::ALL.map(Outcome::as_str);
    match word {
        "report-version" => json!({ "const": "sdd.report/1" }),
        "event-version" => json!({ "const": VERSION }),
        "flag" => json!({ "type": "boolean" }),
        "count" => json!({ "type": "integer", "minimum": 0 }),
        "integer" => json!({ "type": "integer" }),
        "number" => json!({ "type": "number" }),
        "time" => json!({ "type": "string", "format": "date-time" }),
        "texts" => list(&type_schema("text")),
        "text-by-name" => by_name(&type_schema("text")),
        "numbers" => by_name(&type_schema("number")),
        "verdict" => json!({ "enum": ["passed", "failed", "cancelled"] }),
        "outcome" => json!({ "enum": outcomes }),
        "severity" => json!({ "enum": ["critical", "high", "medium", "low", "info"] }),
        "mode" => json!({ "enum": ["running", "draining", "interrupted", "killed"] }),
        "counts" => object(&outcomes.map(|outcome| (outcome, "count", "Nodes that ended so."))),
        "nodes" => list(&object(NODE)),
        "planned" => list(&object(PLANNED)),
        "gates" => list(&object(GATE)),
        "debt" => list(&object(DEBT)),
        "payments" => list(&object(&[DEBT, PAID].concat())),
        "advisory" => object(ADVISORY),
        "finding" => object(FINDING),
        "findings" => list(&object(FINDING)),
        "measurement" => object(MEASUREMENT),
        _ => json!({ "type": "string" }),
    }
}

fn list(item: &Value) -> Value {
    json!({ "type": "array", "items": item })
}

fn by_name(value: &Value) -> Value {
    json!({ "type": "object", "additionalProperties": value })
}

#[cfg(test)]
mod tests;
