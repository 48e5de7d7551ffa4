//! Statuses, ranges of them, and all that nothing else is said of.

use std::collections::{BTreeMap, BTreeSet};

use crate::contract::model::Response;

type Responses = BTreeMap<String, Response>;

/// Every status or range that one of them says something of. One that only the other names has to
/// be looked at as well: a range or `default` may stand for it.
pub(super) fn of_both<'r>(old: &'r Responses, new: &'r Responses) -> BTreeSet<&'r str> {
    let all = old.keys().chain(new.keys());
    all.map(String::as_str).collect()
}

/// What is said of a status: by its code, else by its range, else of all others.
pub(super) fn covering<'r>(responses: &'r Responses, status: &str) -> Option<&'r Response> {
    let range = status.get(..1).map(|first| format!("{first}xx"));
    responses
        .get(status)
        .or_else(|| responses.get(&range?))
        .or_else(|| responses.get("default"))
}

/// Whether a status of that range is named.
pub(super) fn inside(responses: &Responses, range: &str) -> bool {
    let first = range.strip_suffix("xx");
    first.is_some_and(|first| responses.keys().any(|status| status.starts_with(first)))
}
