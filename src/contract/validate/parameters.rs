//! Rules on parameters and headers of `OpenAPI` 3.

use std::collections::BTreeSet;

use super::rules::Grade;
use super::table::Object;
use super::walk::Walk;
use super::{three, two};
use crate::contract::load::At;

/// What says how a value is written; without effect beside `content`.
const WRITTEN: &[&str] = &["style", "explode", "allowReserved"];

/// The styles of each place, the usual one first.
const STYLES: &[(&str, &[&str])] = &[
    ("path", &["simple", "label", "matrix"]),
    (
        "query",
        &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
    ),
    ("header", &["simple"]),
    ("cookie", &["form", "cookie"]),
];

/// Headers that are described elsewhere.
const UNHEARD: &[&str] = &["accept", "content-type", "authorization"];

pub(super) const HOLDERS: &[&Object] = &[
    &three::PATH_ITEM,
    &three::OPERATION,
    &two::PATH_ITEM,
    &two::OPERATION,
];

pub(super) fn check(walk: &mut Walk<'_>) {
    for holder in walk.all(HOLDERS) {
        duplicates(walk, holder);
    }
    if walk.edition >= 32 {
        whole_queries(walk);
    }
    for parameter in walk.all(&[&three::PARAMETER]) {
        if let Some(place) = parameter.text("in") {
            one(walk, parameter, place);
        }
        content(walk, parameter);
    }
    for header in walk.all(&[&three::HEADER]) {
        content(walk, header);
    }
    for holder in walk.all(&[&three::RESPONSE, &three::ENCODING]) {
        for (name, header) in holder.each("headers") {
            if !is_token(name) {
                let message = format!("`{name}` can't be the name of a header");
                let headers = holder.get("headers").unwrap_or(header);
                walk.error_at_key("bad-key", (headers, name), message);
            }
        }
    }
}

/// A name and a place stand for one parameter.
fn duplicates(walk: &mut Walk<'_>, holder: At<'_>) {
    let mut known = BTreeSet::new();
    for at in holder.list("parameters") {
        let Some(parameter) = walk.follow(at) else {
            continue;
        };
        let (Some(name), Some(place)) = (parameter.text("name"), parameter.text("in")) else {
            continue;
        };
        let key = if place == "header" {
            name.to_lowercase()
        } else {
            name.to_owned()
        };
        if !known.insert((key, place)) {
            let message = format!("the {place} parameter `{name}` is there twice");
            walk.error("duplicate-parameter", at, message);
        }
    }
}

fn one(walk: &mut Walk<'_>, parameter: At<'_>, place: &str) {
    let name = parameter.text("name").unwrap_or_default();
    if place == "path" && !parameter.flag("required") {
        let message = format!("`{name}` is in the path, so that it has to be `required: true`");
        // The schema that is published for 3.1 does not ask for it beside `content`.
        let grade = if walk.edition == 31 && parameter.get("content").is_some() {
            Grade::Warning
        } else {
            Grade::Error
        };
        walk.tell("optional-path-parameter", grade, parameter, message);
    }
    if place == "path" && name.contains(['{', '}']) {
        let message = format!("`{name}` can't be the name of a variable of a path");
        walk.error("bad-parameter", parameter, message);
    }
    if place == "header" && !is_token(name) {
        let message = format!("`{name}` can't be the name of a header");
        walk.error("bad-parameter", parameter, message);
    }
    if place == "header" && UNHEARD.contains(&name.to_lowercase().as_str()) {
        let message = format!("`{name}` is not described as a parameter: this is without effect");
        walk.warning("unheard-header", parameter, message);
    }
    style(walk, parameter, place);
    if parameter.get("allowEmptyValue").is_some() && place != "query" {
        let message = "`allowEmptyValue` is for parameters of the query";
        let grade = since(walk, 31);
        walk.tell("bad-parameter", grade, parameter, message);
    }
    if parameter.get("allowReserved").is_some() && !may_be_reserved(walk, parameter, place) {
        let message = format!("`allowReserved` is without meaning in a {place} parameter");
        let grade = since(walk, 31);
        walk.tell("bad-parameter", grade, parameter, message);
    }
}

fn style(walk: &mut Walk<'_>, parameter: At<'_>, place: &str) {
    let Some(style) = parameter.get("style") else {
        return;
    };
    let word = style.node.text().unwrap_or_default();
    let known = STYLES.iter().find(|(known, _)| *known == place);
    let known = known.map_or(&[][..], |(_, styles)| *styles);
    let known = if walk.edition < 32 && place == "cookie" {
        &known[..1]
    } else {
        known
    };
    if !known.contains(&word) && parameter.get("content").is_none() {
        let message = format!("a {place} parameter can't have the style `{word}`");
        walk.error("bad-parameter", style, message);
    }
}

fn may_be_reserved(walk: &Walk<'_>, parameter: At<'_>, place: &str) -> bool {
    match place {
        "query" => true,
        "path" => walk.edition >= 32,
        "cookie" => walk.edition >= 32 && parameter.text("style") != Some("cookie"),
        _ => false,
    }
}

/// It is described by a schema, or as a document of a type of its own.
fn content(walk: &mut Walk<'_>, parameter: At<'_>) {
    let (schema, content) = (parameter.get("schema"), parameter.get("content"));
    match (schema, content) {
        (Some(_), Some(content)) => {
            let message = "`schema` and `content` exclude each other";
            walk.error("exclusive-fields", content, message);
        }
        (None, None) => {
            let message = "it says neither by `schema` nor by `content` what it is";
            walk.error("missing-field", parameter, message);
        }
        (Some(schema), None) if parameter.text("in") == Some("querystring") => {
            let message = "a whole query is described by `content`";
            walk.error("exclusive-fields", schema, message);
        }
        _ => {}
    }
    let Some(content) = content else { return };
    if content.entries().count() != 1 {
        walk.error(
            "wrong-type",
            content,
            "`content` of a parameter has exactly one entry",
        );
    }
    for name in WRITTEN.iter().filter(|name| parameter.get(name).is_some()) {
        let message = format!("`{name}` is without effect beside `content`");
        let grade = since(walk, 31);
        walk.tell_at_key("exclusive-fields", grade, (parameter, name), message);
    }
}

/// From 3.2 on, one parameter can be the whole query, and then no other is in it.
fn whole_queries(walk: &mut Walk<'_>) {
    for item in walk.all(&[&three::PATH_ITEM]) {
        let shared = places(walk, item);
        if exclude(&shared) {
            walk.error("bad-parameter", item, QUERY);
            continue;
        }
        let operations = item.entries();
        let operations = operations.filter(|(_, at)| at.get("parameters").is_some());
        for (_, operation) in operations {
            let own = places(walk, operation);
            if exclude(&[&own[..], &shared[..]].concat()) {
                walk.error("bad-parameter", operation, QUERY);
            }
        }
    }
}

const QUERY: &str = "a `querystring` parameter is the whole query: there is no room for another";

fn places<'a>(walk: &Walk<'a>, holder: At<'a>) -> Vec<&'a str> {
    let all = holder.list("parameters");
    let all = all.filter_map(|at| walk.follow(at)?.text("in"));
    all.filter(|place| place.starts_with("query")).collect()
}

fn exclude(places: &[&str]) -> bool {
    places.contains(&"querystring") && places.len() > 1
}

fn is_token(name: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(known)
}

/// An error from that edition on, and something to be wondered at before.
fn since(walk: &Walk<'_>, edition: u8) -> Grade {
    if walk.edition >= edition {
        Grade::Error
    } else {
        Grade::Warning
    }
}
