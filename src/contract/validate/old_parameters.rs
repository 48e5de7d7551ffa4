//! Rules on parameters and headers of Swagger 2.0.

use super::two;
use super::walk::Walk;
use crate::contract::load::At;

const FORMS: &[&str] = &["multipart/form-data", "application/x-www-form-urlencoded"];

pub(super) fn check(walk: &mut Walk<'_>) {
    for parameter in walk.all(&[&two::PARAMETER]) {
        one(walk, parameter);
    }
    for array in walk.all(&[&two::PARAMETER, &two::HEADER, &two::ITEMS]) {
        if array.text("type") == Some("array") && array.get("items").is_none() {
            walk.error(
                "missing-items",
                array,
                "an array has to say what its `items` are",
            );
        }
    }
    for item in walk.all(&[&two::PATH_ITEM]) {
        let shared = parameters(walk, item);
        bodies(walk, item, &shared);
        let operations = item.entries();
        let operations = operations.filter(|(_, at)| at.get("responses").is_some());
        for (_, operation) in operations {
            let own = parameters(walk, operation);
            let inherited = shared.iter().filter(|other| {
                let key = |at: &At<'_>| {
                    (
                        at.text("name").map(str::to_owned),
                        at.text("in").map(str::to_owned),
                    )
                };
                own.iter().all(|own| key(own) != key(other))
            });
            let all: Vec<At<'_>> = own.iter().chain(inherited).copied().collect();
            bodies(walk, operation, &all);
            files(walk, operation, &all);
        }
    }
}

fn parameters<'a>(walk: &Walk<'a>, holder: At<'a>) -> Vec<At<'a>> {
    let all = holder.list("parameters");
    all.filter_map(|at| walk.follow(at)).collect()
}

fn one(walk: &mut Walk<'_>, parameter: At<'_>) {
    let Some(place) = parameter.text("in") else {
        return;
    };
    let name = parameter.text("name").unwrap_or_default();
    if place == "path" && !parameter.flag("required") {
        let message = format!("`{name}` is in the path, so that it has to be `required: true`");
        walk.error("optional-path-parameter", parameter, message);
    }
    if parameter.text("type") == Some("file") && place != "formData" {
        walk.error(
            "bad-parameter",
            parameter,
            format!("a file can't be sent in `{place}`"),
        );
    }
    let multi = parameter.text("collectionFormat") == Some("multi");
    if multi && !["query", "formData"].contains(&place) {
        let message = format!("`multi` can't be written in `{place}`");
        walk.error("bad-parameter", parameter, message);
    }
}

/// There is one body, and it is a form or something else.
fn bodies(walk: &mut Walk<'_>, holder: At<'_>, parameters: &[At<'_>]) {
    let count = |place: &str| {
        let own = parameters.iter().filter(|at| at.text("in") == Some(place));
        own.count()
    };
    if count("body") > 1 {
        walk.error("bad-parameter", holder, "there is more than one body");
    }
    if count("body") > 0 && count("formData") > 0 {
        walk.error(
            "bad-parameter",
            holder,
            "a request has a body or a form, not both",
        );
    }
}

/// A file comes in a form, and the operation has to say so.
fn files(walk: &mut Walk<'_>, operation: At<'_>, parameters: &[At<'_>]) {
    let has_file = parameters.iter().any(|at| at.text("type") == Some("file"));
    if !has_file {
        return;
    }
    let written = operation.get("consumes");
    let written = written.or_else(|| walk.library.root().get("consumes"));
    let kinds = written.map_or(&[][..], |at| at.node.items());
    if !kinds.iter().filter_map(|kind| kind.text()).any(is_form) {
        let message = format!(
            "a file comes in a form: `consumes` has to name one of {}",
            FORMS.join(", ")
        );
        walk.error("bad-parameter", operation, message);
    }
}

/// A form, or a media type of a vendor that is one.
fn is_form(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let forms = [
        ("multipart/", "form-data"),
        ("application/", "x-www-form-urlencoded"),
    ];
    forms.iter().any(|(family, form)| {
        let rest = kind
            .strip_prefix(family)
            .and_then(|rest| rest.strip_suffix(form));
        rest.is_some_and(|vendor| vendor.is_empty() || vendor.ends_with('+'))
    })
}
