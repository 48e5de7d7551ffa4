//! Rules on paths and the variables in them.

use std::collections::{BTreeMap, BTreeSet};

use super::rules::Grade;
use super::walk::Walk;
use crate::contract::load::At;

/// The keys of a path that are operations.
const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

pub(super) fn check(walk: &mut Walk<'_>) {
    let Some(paths) = walk.library.root().get("paths") else {
        return;
    };
    let mut shapes: BTreeMap<String, &str> = BTreeMap::new();
    let all: Vec<(&str, At<'_>)> = paths
        .entries()
        .filter(|(path, _)| path.starts_with('/'))
        .collect();
    for (path, item) in &all {
        let Some(variables) = variables(path) else {
            let message = format!("the braces in `{path}` do not belong together");
            walk.error_at_key("path-template", (paths, path), message);
            continue;
        };
        if let Some(twice) = twice(&variables) {
            let message = format!("`{{{twice}}}` is in the path twice");
            walk.error_at_key("path-template", (paths, path), message);
        }
        if let Some(other) = shapes.insert(shape(path), path) {
            let message = format!("`{path}` and `{other}` are the same path");
            walk.error_at_key("ambiguous-path", (paths, path), message);
        }
        parameters(walk, *item, &variables);
    }
    overlaps(walk, paths, &all);
}

/// The names in a path; nothing if its braces do not belong together.
pub(super) fn variables(path: &str) -> Option<Vec<&str>> {
    let mut found = Vec::new();
    let mut rest = path;
    while let Some(start) = rest.find(['{', '}']) {
        let inner = rest[start..].strip_prefix('{')?;
        let end = inner.find(['{', '}'])?;
        if !inner[end..].starts_with('}') || end == 0 {
            return None;
        }
        found.push(&inner[..end]);
        rest = &inner[end + 1..];
    }
    Some(found)
}

fn twice<'v>(variables: &[&'v str]) -> Option<&'v str> {
    let mut known = BTreeSet::new();
    variables.iter().find(|name| !known.insert(**name)).copied()
}

/// A path without the names of its variables.
fn shape(path: &str) -> String {
    let mut shape = String::new();
    let mut is_name = false;
    for letter in path.chars() {
        match letter {
            '{' => is_name = true,
            '}' => {
                is_name = false;
                shape.push_str("{}");
            }
            letter if !is_name => shape.push(letter),
            _ => {}
        }
    }
    shape
}

/// Every variable is a parameter of each operation, and every parameter of the path a variable.
fn parameters(walk: &mut Walk<'_>, item: At<'_>, variables: &[&str]) {
    let Some(item) = walk.follow(item) else {
        return;
    };
    let shared = declared(walk, item);
    let more = item.each("additionalOperations");
    let methods = item.entries().filter(|(key, _)| METHODS.contains(key));
    let operations: Vec<(&str, At<'_>)> = methods.chain(more).collect();
    // Of a path that nobody can ask for, the parameters are not yet of any use either.
    let grade = match operations.as_slice() {
        [] if walk.edition >= 31 => Grade::Warning,
        _ => grade(walk),
    };
    unused(walk, &shared, variables, grade);
    for (method, operation) in operations {
        let own = declared(walk, operation);
        unused(walk, &own, variables, grade);
        let names: BTreeSet<&str> = own.iter().chain(&shared).map(|(name, _)| *name).collect();
        for variable in variables.iter().filter(|name| !names.contains(*name)) {
            let message = format!("`{{{variable}}}` is no parameter of the path");
            let holder = if item.get(method).is_some() {
                item
            } else {
                operation
            };
            walk.tell_at_key(
                "undeclared-path-parameter",
                grade,
                (holder, method),
                message,
            );
        }
    }
}

/// The parameters of the path in a list.
fn declared<'a>(walk: &Walk<'a>, holder: At<'a>) -> Vec<(&'a str, At<'a>)> {
    let all = holder.list("parameters");
    let all = all.filter_map(|at| Some((at, walk.follow(at)?)));
    let own = all.filter(|(_, parameter)| parameter.text("in") == Some("path"));
    own.filter_map(|(at, parameter)| Some((parameter.text("name")?, at)))
        .collect()
}

fn unused(walk: &mut Walk<'_>, declared: &[(&str, At<'_>)], variables: &[&str], grade: Grade) {
    for (name, at) in declared {
        if !variables.contains(name) {
            let message = format!("the path has no `{{{name}}}`");
            walk.tell("unused-path-parameter", grade, *at, message);
        }
    }
}

/// An excerpt may leave out what the whole document says.
fn grade(walk: &Walk<'_>) -> Grade {
    if walk.is_excerpt() {
        Grade::Warning
    } else {
        Grade::Error
    }
}

/// Paths that the same URL can mean, of which neither is more concrete.
fn overlaps(walk: &mut Walk<'_>, paths: At<'_>, all: &[(&str, At<'_>)]) {
    let mut groups: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for (path, _) in all {
        // What has no variable is looked up before all that have one.
        if path.contains('{') {
            groups
                .entry(path.matches('/').count())
                .or_default()
                .push(path);
        }
    }
    for group in groups.values() {
        for (place, path) in group.iter().enumerate() {
            let other = group[..place]
                .iter()
                .find(|other| is_ambiguous(other, path) && shape(other) != shape(path));
            if let Some(other) = other {
                let message = format!("a URL can mean both `{path}` and `{other}`");
                walk.tell_at_key("ambiguous-path", Grade::Warning, (paths, path), message);
            }
        }
    }
}

fn is_ambiguous(one: &str, other: &str) -> bool {
    let (mut first, mut second) = (false, false);
    for (a, b) in one.split('/').zip(other.split('/')) {
        match (a.contains('{'), b.contains('{')) {
            (false, false) if a != b => return false,
            (true, false) if !could_be(a, b) => return false,
            (false, true) if !could_be(b, a) => return false,
            (true, true) if !could_be(a, b) && !could_be(b, a) && !plain(a, b) => return false,
            (true, false) => first = true,
            (false, true) => second = true,
            _ => {}
        }
    }
    first && second
}

/// Whether one of two segments is nothing but a variable.
fn plain(a: &str, b: &str) -> bool {
    let whole = |text: &str| text.starts_with('{') && text.find('}') == Some(text.len() - 1);
    whole(a) || whole(b)
}

/// Whether a segment with variables can stand for a text, by its beginning and its end.
fn could_be(template: &str, text: &str) -> bool {
    let start = template.split('{').next().unwrap_or_default();
    let end = template.rsplit('}').next().unwrap_or_default();
    text.len() >= start.len() + end.len() && text.starts_with(start) && text.ends_with(end)
}
