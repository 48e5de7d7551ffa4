//! Who is let in.

use std::collections::BTreeMap;

use super::operation::Walk;
use crate::contract::model::{Operation, Way};

impl Walk<'_> {
    pub(super) fn security(&mut self, old: &Operation, new: &Operation) {
        let (before, after) = (ways(old), ways(new));
        let places = (Some(old.span), Some(new.span));
        for way in &before {
            if !after.iter().any(|needed| enough(way, needed)) {
                let message = format!("with {}, clients are no longer let in", names(way));
                self.tell(
                    old,
                    "api-security-tightened",
                    "request.security",
                    message,
                    places,
                );
            }
        }
        for way in &after {
            if !before.iter().any(|needed| enough(way, needed)) {
                let message = format!("with {}, clients are let in as well", names(way));
                let known = before.iter().any(|known| enough(known, way));
                if known || before.len() < after.len() {
                    self.tell(
                        old,
                        "api-security-loosened",
                        "request.security",
                        message,
                        places,
                    );
                }
            }
        }
    }
}

/// What none is asked for is open.
fn ways(operation: &Operation) -> Vec<Way> {
    if operation.security.is_empty() {
        vec![BTreeMap::new()]
    } else {
        operation.security.clone()
    }
}

/// Whether who has one has all that the other needs.
fn enough(has: &Way, needed: &Way) -> bool {
    needed.iter().all(|(scheme, (_, scopes))| {
        has.get(scheme)
            .is_some_and(|(_, own)| scopes.is_subset(own))
    })
}

fn names(way: &Way) -> String {
    let each = way.values().map(|(name, scopes)| {
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        if scopes.is_empty() {
            name.clone()
        } else {
            format!("{name} ({})", scopes.join(", "))
        }
    });
    let names: Vec<String> = each.collect();
    if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.join(" and ")
    }
}
