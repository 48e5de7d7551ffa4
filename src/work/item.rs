//! One work item, as its record says it.

use serde_json::{Map, Value};

use super::default_spec_file;

/// A work item: what `sdd` knows of it, and the whole record with what others keep in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// The word of its sort, one of [`super::TYPES`].
    pub kind: String,
    /// What it is about.
    pub title: String,
    /// How far it is, one of [`super::STATUSES`].
    pub status: String,
    /// Where its specification stands, if the record says so.
    pub spec_file: Option<String>,
    /// The record with all of its fields, known or not, in their order.
    pub record: Map<String, Value>,
}

impl Item {
    /// A new item whose specification stands in `spec_file`.
    pub fn new(id: &str, kind: &str, title: &str, status: &str, spec_file: &str) -> Self {
        let fields = [
            ("id", id),
            ("type", kind),
            ("title", title),
            ("status", status),
            ("spec_file", spec_file),
        ];
        let record = fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), Value::from(value)))
            .collect();
        Self {
            id: id.to_owned(),
            kind: kind.to_owned(),
            title: title.to_owned(),
            status: status.to_owned(),
            spec_file: Some(spec_file.to_owned()),
            record,
        }
    }

    /// Where its specification stands, relative to the root.
    pub fn spec_path(&self) -> String {
        let said = self.spec_file.clone();
        said.unwrap_or_else(|| default_spec_file(&self.id))
    }
}

/// The id that a title suggests: its words, joined by `_`.
pub fn id_of(kind: &str, title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let id = format!("{kind}_{}", words.join("_"));
    id.chars().take(LONGEST_ID).collect()
}

/// Longest id of an item.
pub(super) const LONGEST_ID: usize = 100;

/// Whether an id can name a file.
pub fn is_id(id: &str) -> bool {
    let sound = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    id.starts_with(|c: char| c.is_alphanumeric() || c == '_')
        && id.chars().all(sound)
        && id.chars().count() <= LONGEST_ID
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_suggests_an_id_that_can_name_a_file() {
        let id = id_of("bug", "Orders: can't be paid (twice)");
        assert_eq!(id, "bug_orders_can_t_be_paid_twice");
        assert!(is_id(&id));
        for bad in ["", "../x", "a/b", ".x", "a b"] {
            assert!(!is_id(bad), "{bad}");
        }
    }
}
