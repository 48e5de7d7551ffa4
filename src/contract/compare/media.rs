//! Media types and ranges of them.

use std::collections::BTreeMap;

use crate::contract::model::Media;

/// The content that stands for a media type: itself, itself without its parameters, or a range
/// that it is in.
pub(super) fn covering<'m>(media: &'m BTreeMap<String, Media>, kind: &str) -> Option<&'m Media> {
    let bare = essence(kind);
    let group = bare.split('/').next().unwrap_or_default();
    media
        .get(kind)
        .or_else(|| media.get(bare))
        .or_else(|| same(media, bare))
        .or_else(|| media.get(&format!("{group}/*")))
        .or_else(|| media.get("*/*"))
}

/// The content of that very type, whatever parameters it has.
pub(super) fn same<'m>(media: &'m BTreeMap<String, Media>, kind: &str) -> Option<&'m Media> {
    media.get(kind).or_else(|| {
        let mut all = media.iter();
        let found = all.find(|(known, _)| essence(known) == essence(kind));
        found.map(|(_, content)| content)
    })
}

/// A content whose type is in a range.
pub(super) fn inside<'m>(media: &'m BTreeMap<String, Media>, range: &str) -> Option<&'m Media> {
    let group = range.strip_suffix('*')?;
    let mut all = media.iter();
    let found = all.find(|(kind, _)| group == "*/" || kind.starts_with(group));
    found.map(|(_, content)| content)
}

fn essence(kind: &str) -> &str {
    kind.split(';').next().unwrap_or_default()
}
