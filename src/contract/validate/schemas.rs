//! Rules on schemas.

use std::collections::{BTreeSet, HashSet};

use super::walk::Walk;
use super::{schema_table, two};
use crate::contract::load::At;
use crate::contract::scalar::json;

/// Bounds of which the first may not be above the second.
const BOUNDS: &[(&str, &str)] = &[
    ("minimum", "maximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
];

pub(super) fn check(walk: &mut Walk<'_>) {
    let answers = answered(walk);
    for schema in walk.all(&[&schema_table::OLD, &schema_table::NEW]) {
        bounds(walk, schema);
        names(walk, schema);
        pattern(walk, schema);
        if walk.edition < 31 {
            items(walk, schema);
        }
        if walk.edition < 30 {
            file(walk, schema, &answers);
            undefined(walk, schema);
        }
    }
}

/// The schemas that are whole answers.
fn answered(walk: &Walk<'_>) -> HashSet<*const crate::yaml::Yaml> {
    let responses = walk.all(&[&two::RESPONSE]).into_iter();
    let schemas = responses.filter_map(|at| at.get("schema"));
    schemas.map(|at| std::ptr::from_ref(at.node)).collect()
}

fn bounds(walk: &mut Walk<'_>, schema: At<'_>) {
    let number = |name: &str| json(schema.get(name)?.node).as_f64();
    for (low, high) in BOUNDS {
        if let (Some(least), Some(most)) = (number(low), number(high))
            && least > most
        {
            let message = format!("`{low}` is above `{high}`: nothing is valid");
            walk.tell_at_key("bad-schema", super::Grade::Warning, (schema, low), message);
        }
    }
    if let Some(step) = number("multipleOf")
        && step <= 0.0
    {
        walk.error_at_key(
            "bad-schema",
            (schema, "multipleOf"),
            "`multipleOf` has to be above 0",
        );
    }
    if schema.get("enum").is_some_and(
        |all| matches!(&all.node.value, crate::yaml::Value::Sequence(items) if items.is_empty()),
    ) {
        let message = "`enum` is empty: nothing is valid";
        walk.tell_at_key(
            "bad-schema",
            super::Grade::Warning,
            (schema, "enum"),
            message,
        );
    }
}

/// No name is required twice.
fn names(walk: &mut Walk<'_>, schema: At<'_>) {
    let mut known = BTreeSet::new();
    for name in schema.list("required") {
        if let Some(text) = name.node.text()
            && !known.insert(text)
        {
            walk.error("bad-schema", name, format!("`{text}` is required twice"));
        }
    }
}

fn pattern(walk: &mut Walk<'_>, schema: At<'_>) {
    let Some(pattern) = schema.get("pattern") else {
        return;
    };
    let text = pattern.node.text().unwrap_or_default();
    // What this syntax does not know may be known to that of the specification.
    let foreign = [
        "(?=", "(?!", "(?<", "\\c", "\\1", "\\2", "\\/", "\\-", "\\w-", "\\d-", "\\s-",
    ];
    if foreign.iter().any(|part| text.contains(part)) {
        return;
    }
    if regex_syntax::parse(text).is_err() {
        let message = format!("`{text}` is no regular expression");
        walk.warning("bad-schema", pattern, message);
    }
}

fn items(walk: &mut Walk<'_>, schema: At<'_>) {
    if schema.text("type") == Some("array") && schema.get("items").is_none() {
        walk.error(
            "missing-items",
            schema,
            "an array has to say what its `items` are",
        );
    }
}

fn file(walk: &mut Walk<'_>, schema: At<'_>, answers: &HashSet<*const crate::yaml::Yaml>) {
    let is_answer = answers.contains(&std::ptr::from_ref(schema.node));
    if schema.text("type") == Some("file") && !is_answer {
        let kind = schema.get("type").unwrap_or(schema);
        walk.error("unknown-value", kind, "only a whole answer can be a `file`");
    }
}

/// What an object of Swagger 2.0 requires is among its properties, or those that it inherits.
fn undefined(walk: &mut Walk<'_>, schema: At<'_>) {
    let is_object = matches!(schema.text("type"), None | Some("object"));
    let has_properties = schema.get("properties").is_some() || schema.get("allOf").is_some();
    if !is_object || !has_properties || schema.get("additionalProperties").is_some() {
        return;
    }
    let Some(known) = properties(walk, schema) else {
        return;
    };
    for name in schema.list("required") {
        let text = name.node.text().unwrap_or_default();
        if !known.contains(text) {
            let message = format!("`{text}` is required and not defined");
            walk.error("undefined-property", name, message);
        }
    }
}

/// The properties of a schema and of all that it is made of; nothing if that is not known.
fn properties<'a>(walk: &Walk<'a>, schema: At<'a>) -> Option<BTreeSet<&'a str>> {
    let mut names = BTreeSet::new();
    let mut seen = HashSet::new();
    let mut open = vec![schema];
    while let Some(at) = open.pop() {
        let at = walk.follow(at)?;
        if !seen.insert(std::ptr::from_ref(at.node)) {
            continue;
        }
        names.extend(at.each("properties").map(|(name, _)| name));
        open.extend(at.list("allOf"));
    }
    Some(names)
}
