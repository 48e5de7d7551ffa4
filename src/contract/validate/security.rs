//! Rules on security: schemes are declared, and have what their type needs.

use std::collections::BTreeSet;

use super::walk::Walk;
use super::{Grade, three, two};
use crate::contract::load::At;

/// What each type of scheme needs.
const NEEDS: &[(&str, &[&str])] = &[
    ("apiKey", &["name", "in"]),
    ("http", &["scheme"]),
    ("openIdConnect", &["openIdConnectUrl"]),
];

/// What each flow of Swagger 2.0 needs.
const OLD_FLOWS: &[(&str, &[&str])] = &[
    ("implicit", &["authorizationUrl"]),
    ("password", &["tokenUrl"]),
    ("application", &["tokenUrl"]),
    ("accessCode", &["authorizationUrl", "tokenUrl"]),
];

pub(super) fn check(walk: &mut Walk<'_>) {
    let root = walk.library.root();
    let declared = if walk.edition < 30 {
        root.get("securityDefinitions")
    } else {
        root.get("components")
            .and_then(|at| at.get("securitySchemes"))
    };
    let declared: BTreeSet<&str> = declared
        .into_iter()
        .flat_map(At::entries)
        .map(|(name, _)| name)
        .collect();
    let mut holders = walk.all(super::operations::OPERATIONS);
    holders.push(root);
    for holder in holders {
        for way in holder.list("security") {
            for (name, _) in way.entries() {
                // From 3.2 on, the name can be a URL.
                if declared.contains(name) || (walk.edition >= 32 && name.contains(['/', '#'])) {
                    continue;
                }
                let grade = if walk.is_excerpt() {
                    Grade::Warning
                } else {
                    Grade::Error
                };
                let message = format!("the security scheme `{name}` is not declared");
                walk.tell_at_key("undeclared-security", grade, (way, name), message);
            }
        }
    }
    for scheme in walk.all(&[&three::SECURITY_SCHEME, &two::SECURITY_SCHEME]) {
        needs(walk, scheme);
    }
}

fn needs(walk: &mut Walk<'_>, scheme: At<'_>) {
    let Some(kind) = scheme.text("type") else {
        return;
    };
    let of = |rows: &'static [(&str, &[&str])], word: &str| {
        let row = rows.iter().find(|(known, _)| *known == word);
        row.map_or(&[][..], |(_, needs)| *needs)
    };
    let mut needed: Vec<&str> = of(NEEDS, kind).to_vec();
    if kind == "oauth2" {
        if walk.edition < 30 {
            needed.extend(["flow", "scopes"]);
            needed.extend(of(OLD_FLOWS, scheme.text("flow").unwrap_or_default()));
        } else {
            needed.push("flows");
        }
    }
    for name in needed {
        if scheme.get(name).is_none() {
            let message = format!("a scheme of the type `{kind}` needs `{name}`");
            walk.error("bad-security", scheme, message);
        }
    }
}
