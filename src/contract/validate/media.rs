//! Rules on what is said of contents: examples, encodings, links and XML.

use super::walk::Walk;
use super::{schema_table, three};
use crate::contract::load::At;

/// Fields of objects that exclude each other, with the edition from which they do.
const EXCLUSIVE: &[(&str, &[&str], &[&str], u8)] = &[
    ("content", &["example"], &["examples"], 30),
    (
        "media",
        &["encoding"],
        &["prefixEncoding", "itemEncoding"],
        32,
    ),
    (
        "example",
        &["value"],
        &["externalValue", "dataValue", "serializedValue"],
        30,
    ),
    ("example", &["serializedValue"], &["externalValue"], 32),
    ("xml", &["nodeType"], &["attribute", "wrapped"], 32),
    ("license", &["identifier"], &["url"], 31),
];

pub(super) fn check(walk: &mut Walk<'_>) {
    let sorts: &[(&str, &[&'static super::table::Object])] = &[
        (
            "content",
            &[&three::PARAMETER, &three::HEADER, &three::MEDIA_TYPE],
        ),
        ("media", &[&three::MEDIA_TYPE, &three::ENCODING]),
        ("example", &[&three::EXAMPLE]),
        ("xml", &[&schema_table::XML]),
        ("license", &[&three::LICENSE]),
    ];
    for (sort, objects) in sorts {
        for at in walk.all(objects) {
            let rows = EXCLUSIVE.iter().filter(|(own, ..)| own == sort);
            for (_, one, others, since) in rows {
                if walk.edition >= *since {
                    exclusive(walk, at, one, others);
                }
            }
        }
    }
    links(walk);
}

fn exclusive(walk: &mut Walk<'_>, at: At<'_>, one: &[&str], others: &[&str]) {
    let there = |names: &[&str]| {
        let mut names = names.iter();
        names
            .find(|name| at.get(name).is_some())
            .map(|name| (*name).to_owned())
    };
    if let (Some(one), Some(other)) = (there(one), there(others)) {
        let message = format!("`{one}` and `{other}` exclude each other");
        walk.error_at_key("exclusive-fields", (at, &other), message);
    }
}

/// A link names one operation, and one that there is.
fn links(walk: &mut Walk<'_>) {
    let known = walk.all(super::operations::OPERATIONS);
    let known: Vec<&str> = known
        .into_iter()
        .filter_map(|at| at.text("operationId"))
        .collect();
    for link in walk.all(&[&three::LINK]) {
        let (id, reference) = (link.get("operationId"), link.get("operationRef"));
        match (id, reference) {
            (Some(_), Some(other)) => {
                let message = "`operationId` and `operationRef` exclude each other";
                walk.error("bad-link", other, message);
            }
            (None, None) => {
                let message = "a link names its operation by `operationId` or `operationRef`";
                walk.error("bad-link", link, message);
            }
            (Some(id), None) => {
                let name = id.node.text().unwrap_or_default();
                if !known.contains(&name) {
                    // It may be an operation of another document.
                    let message = format!("there is no operation with the id `{name}`");
                    walk.warning("bad-link", id, message);
                }
            }
            (None, Some(_)) => {}
        }
    }
}
