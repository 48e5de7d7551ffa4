//! Rules on operations and tags.

use std::collections::HashSet;

use super::table::Object;
use super::walk::Walk;
use super::{three, two};
use crate::contract::load::At;

pub(super) const OPERATIONS: &[&Object] = &[&three::OPERATION, &two::OPERATION];

pub(super) fn check(walk: &mut Walk<'_>) {
    ids(walk);
    responses(walk);
    tags(walk);
}

fn ids(walk: &mut Walk<'_>) {
    let mut known = HashSet::new();
    let all = walk.all(OPERATIONS);
    let mut named: Vec<At<'_>> = all
        .into_iter()
        .filter_map(|operation| operation.get("operationId"))
        .collect();
    named.sort_by_key(|at| walk.library.span(*at));
    for at in named {
        if let Some(id) = at.node.text()
            && !known.insert(id)
        {
            let message = format!("the operation id `{id}` is used twice");
            walk.error("duplicate-operation-id", at, message);
        }
    }
}

fn responses(walk: &mut Walk<'_>) {
    for responses in walk.all(&[&three::RESPONSES, &two::RESPONSES]) {
        let answers = responses
            .entries()
            .filter(|(key, _)| !key.starts_with("x-"));
        if answers.count() == 0 {
            walk.warning("no-responses", responses, "no answer is described");
        }
    }
}

fn tags(walk: &mut Walk<'_>) {
    let mut known = HashSet::new();
    for tag in walk.library.root().list("tags") {
        let Some(name) = tag.text("name") else {
            continue;
        };
        if !known.insert(name) {
            walk.error(
                "duplicate-tag",
                tag,
                format!("the tag `{name}` is there twice"),
            );
        }
    }
}
