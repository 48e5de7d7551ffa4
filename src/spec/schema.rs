//! The tables as JSON Schema 2020-12, for editors that know TOML.

use serde_json::{Map, Value, json};

use super::{FieldSpec, Form, Grammar, TableSpec, Ty};

/// A text that is filled in before it is read can't be judged by its look.
const FILLED_IN: &str = r"\{\{";
/// See [`super::parse_duration`].
const DURATION: &str = r"^\s*([0-9]+(\.[0-9]*)?|\.[0-9]+)\s*(us|µs|ms|s|m|min|h|d)(\s*([0-9]+(\.[0-9]*)?|\.[0-9]+)\s*(us|µs|ms|s|m|min|h|d))*\s*$";
const SIZE: &str = r"^\s*([0-9.]+\s*(B|kB|MB|GB|KiB|MiB|GiB)\s*)+$";
const RATE: &str = r"^\s*([0-9.]+\s*/[smh]\s*)+$";
const PERCENT: &str = r"^\s*[0-9.]+\s*%\s*$";
/// See the `bad-id` diagnostic.
const ID: &str = r"^[\p{Alphabetic}\p{N}_][\p{Alphabetic}\p{N}._-]{0,99}$";

/// The schema of a pipeline in TOML.
pub fn pipeline_schema(grammar: &Grammar) -> Value {
    let mut definitions = Map::new();
    for field in grammar.common.fields {
        definitions.insert(format!("node.{}", field.name), field_schema(field));
    }
    let mut properties = properties(grammar.header);
    for kind in &grammar.kinds {
        properties.insert(kind.name.to_owned(), kind_schema(kind, grammar.common));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:sdd:schema:pipeline:1",
        "title": "sdd pipeline",
        "description": "A pipeline of `sdd` as it is written in TOML.",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "$defs": definitions,
    })
}

/// The nodes of a kind by their ids: fields of its own, and those of every node by reference.
fn kind_schema(kind: &TableSpec, common: &TableSpec) -> Value {
    let mut node = table(kind);
    // A field of the kind's own stands before one of all nodes that has the same name.
    let inherited = common
        .fields
        .iter()
        .filter(|field| kind.field(field.name).is_none());
    for field in inherited {
        let reference = json!({ "$ref": format!("#/$defs/node.{}", field.name) });
        node["properties"][field.name] = reference;
    }
    json!({
        "description": kind.doc.trim(),
        "type": "object",
        "propertyNames": { "pattern": ID },
        "additionalProperties": node,
    })
}

fn table(spec: &TableSpec) -> Value {
    let required = spec.fields.iter().filter(|field| field.required);
    let required: Vec<&str> = required.map(|field| field.name).collect();
    json!({
        "type": "object",
        "properties": properties(spec),
        "required": required,
        "additionalProperties": false,
    })
}

fn properties(spec: &TableSpec) -> Map<String, Value> {
    let fields = spec.fields.iter();
    fields
        .map(|field| (field.name.to_owned(), field_schema(field)))
        .collect()
}

fn field_schema(field: &FieldSpec) -> Value {
    let mut schema = type_schema(field.ty);
    schema["description"] = field.doc.trim().into();
    if let Some(text) = field.default {
        schema["default"] = default(text, field.ty);
    }
    schema
}

fn type_schema(ty: Ty) -> Value {
    match ty {
        Ty::Scalar(form) => form_schema(form),
        Ty::List(form) => one_or_many(&form_schema(form), 0),
        Ty::Argv => one_or_many(&json!({ "type": ["string", "integer"] }), 1),
        Ty::Table(spec) => block(spec),
        Ty::Repeated(spec) => one_or_many(&block(spec), 0),
        Ty::Named(spec) => named(spec),
        Ty::Map(form) => or_empty(&json!({
            "type": "object",
            "additionalProperties": one_or_many(&form_schema(form), 0),
        })),
        Ty::Lines(form) => {
            let line = one_or_many(&form_schema(form), 0);
            one_or_many(&line, 0)
        }
    }
}

/// A list, of which one value may be written bare.
fn one_or_many(item: &Value, least: usize) -> Value {
    let list = json!({ "type": "array", "items": item, "minItems": least });
    json!({ "anyOf": [item, list] })
}

/// A block; one in which nothing has to be written may be an empty list as well.
fn block(spec: &TableSpec) -> Value {
    if spec.fields.iter().any(|field| field.required) {
        return table(spec);
    }
    or_empty(&table(spec))
}

/// What has nothing in it is an empty list as well as an empty table.
fn or_empty(table: &Value) -> Value {
    json!({ "anyOf": [table, { "type": "array", "maxItems": 0 }] })
}

/// Entries by their names; where nothing has to be written for one, a list of names will do.
fn named(spec: &TableSpec) -> Value {
    let entries = json!({ "type": "object", "additionalProperties": block(spec) });
    if spec.fields.iter().any(|field| field.required) {
        return or_empty(&entries);
    }
    json!({ "anyOf": [entries, one_or_many(&json!({ "type": "string" }), 0)] })
}

fn form_schema(form: Form) -> Value {
    match form {
        Form::Flag => json!({ "type": "boolean" }),
        Form::Count(low, high) => json!({ "type": "integer", "minimum": low, "maximum": high }),
        Form::Percent => json!({ "anyOf": [
            { "type": "number", "minimum": 0, "maximum": 100 },
            pattern(PERCENT),
        ] }),
        Form::Duration => pattern(DURATION),
        Form::Size => pattern(SIZE),
        Form::Rate => pattern(RATE),
        Form::Glob | Form::Node => json!({ "type": "string", "minLength": 1 }),
        Form::Text | Form::Template | Form::Path | Form::Regex => json!({ "type": "string" }),
        Form::Choice(words) => json!({ "anyOf": [
            { "enum": words },
            { "type": "string", "pattern": FILLED_IN },
        ] }),
    }
}

fn pattern(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": format!("{pattern}|{FILLED_IN}") })
}

/// A default, which stands in the tables as it would be written in KDL.
fn default(text: &str, ty: Ty) -> Value {
    let word = |word: &str| match (word.parse::<bool>(), word.parse::<i64>()) {
        (Ok(truth), _) => truth.into(),
        (_, Ok(number)) => number.into(),
        _ => Value::from(word),
    };
    match ty {
        Ty::Scalar(_) => word(text),
        _ => text.split_whitespace().map(word).collect(),
    }
}
