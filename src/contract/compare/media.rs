//! Media types and ranges of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::contract::model::Media;

/// Parameters that say how a content is written, not what it is.
const OF_WRITING: &[&str] = &["boundary", "charset"];

/// Types whose values are plain texts under names.
const FORMS: &[&str] = &["application/x-www-form-urlencoded", "multipart/form-data"];

type Contents = BTreeMap<String, Media>;

/// What both sides say of a type or range: the most specific that it is in, under its name.
pub(super) struct Both<'m> {
    pub kind: &'m str,
    pub old: Option<(&'m str, &'m Media)>,
    pub new: Option<(&'m str, &'m Media)>,
}

/// Every type or range that one of them names. One that only the other names has to be looked at
/// as well: a range may stand for it.
pub(super) fn of_both<'m>(old: &'m Contents, new: &'m Contents) -> Vec<Both<'m>> {
    let all: BTreeSet<&str> = old.keys().chain(new.keys()).map(String::as_str).collect();
    let each = all.into_iter().map(|kind| Both {
        kind,
        old: covering(old, kind),
        new: covering(new, kind),
    });
    each.collect()
}

fn covering<'m>(contents: &'m Contents, kind: &str) -> Option<(&'m str, &'m Media)> {
    let wanted = Kind::of(kind);
    let own = contents
        .iter()
        .map(|(known, media)| (known.as_str(), media));
    own.filter(|(known, _)| Kind::of(known).covers(&wanted))
        .max_by_key(|(known, _)| (Kind::of(known).precision(), *known == kind))
}

/// Whether a type is named that is in a range.
pub(super) fn inside(contents: &Contents, range: &str) -> bool {
    let range = Kind::of(range);
    contents.keys().any(|kind| range.covers(&Kind::of(kind)))
}

/// The types that a range stands for now which was no part of the old contents, each with it.
pub(super) fn grown<'m>(all: &[Both<'m>]) -> Vec<(&'m str, &'m str)> {
    let new = |range: &str| {
        all.iter()
            .any(|both| both.kind == range && both.old.is_none())
    };
    let ranges = all.iter().filter_map(|both| Some((both.kind, both.new?.0)));
    ranges
        .filter(|(kind, range)| !Kind::of(kind).covers(&Kind::of(range)) && new(range))
        .collect()
}

/// Whether its values are plain texts under names.
pub(super) fn is_form(kind: &str) -> bool {
    let Kind { group, name, .. } = Kind::of(kind);
    FORMS.contains(&format!("{group}/{name}").as_str())
}

struct Kind<'k> {
    group: &'k str,
    name: &'k str,
    parameters: BTreeSet<(&'k str, &'k str)>,
}

impl<'k> Kind<'k> {
    fn of(text: &'k str) -> Self {
        let mut parts = text.split(';');
        let essence = parts.next().unwrap_or_default();
        let (group, name) = essence.split_once('/').unwrap_or((essence, ""));
        let parameters = parts.filter_map(|part| part.split_once('='));
        let parameters = parameters.filter(|(name, _)| !OF_WRITING.contains(name));
        Self {
            group,
            name,
            parameters: parameters
                .map(|(name, value)| (name, value.trim_matches('"')))
                .collect(),
        }
    }

    /// Whether the other is a part of it; what names no parameters leaves them open.
    fn covers(&self, other: &Self) -> bool {
        (self.group == "*" || self.group == other.group)
            && (self.name == "*" || self.name == other.name)
            && self.parameters.is_subset(&other.parameters)
    }

    fn precision(&self) -> (bool, bool, usize) {
        (self.group != "*", self.name != "*", self.parameters.len())
    }
}
