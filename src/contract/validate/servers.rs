//! Rules on servers: a URL can be made of its variables.

use std::collections::BTreeSet;

use super::paths::variables;
use super::walk::Walk;
use super::{Grade, three};
use crate::contract::load::At;

pub(super) fn check(walk: &mut Walk<'_>) {
    for server in walk.all(&[&three::SERVER]) {
        names(walk, server);
    }
    for variable in walk.all(&[&three::SERVER_VARIABLE]) {
        default(walk, variable);
    }
}

fn names(walk: &mut Walk<'_>, server: At<'_>) {
    let Some(url) = server.get("url") else { return };
    let Some(used) = url.node.text().and_then(variables) else {
        return walk.error(
            "bad-server",
            url,
            "the braces of the URL do not belong together",
        );
    };
    let known: BTreeSet<&str> = server.each("variables").map(|(name, _)| name).collect();
    let mut seen = BTreeSet::new();
    for name in used {
        if !seen.insert(name) {
            walk.error(
                "bad-server",
                url,
                format!("`{{{name}}}` is in the URL twice"),
            );
        } else if !known.contains(name) {
            let message = format!("the variable `{name}` of the URL is not described");
            walk.error("bad-server", url, message);
        }
    }
}

fn default(walk: &mut Walk<'_>, variable: At<'_>) {
    let Some(default) = variable.get("default") else {
        return;
    };
    let mut values = variable.list("enum").peekable();
    if values.peek().is_some() && !values.any(|value| value.node.text() == default.node.text()) {
        let grade = if walk.edition >= 31 {
            Grade::Error
        } else {
            Grade::Warning
        };
        walk.tell(
            "bad-server",
            grade,
            default,
            "the default is none of the values",
        );
    }
}
