//! Adding an item to the text of the list. Whatever else is in the file stays as it is written,
//! byte for byte: others keep fields there of which `sdd` knows nothing.

use serde_json::Value;

use super::item::Item;
use super::json::{self, Json, Shape};
use crate::diag::Diags;
use crate::span::SourceId;

/// The text of the list with one item more; `None` if the text is no list. Without a text, a new
/// list begins.
pub fn insert(text: Option<&str>, item: &Item) -> Option<String> {
    let text = text.unwrap_or("{}\n");
    let mut unheard = Diags::default();
    let root = json::parse(text, SourceId::default(), "work-items-broken", &mut unheard)?;
    let record = Value::Object(item.record.clone());
    if let Some(items) = root.get("work_items") {
        return entry(text, items, &item.id, &record, 1);
    }
    let mut items = serde_json::Map::new();
    items.insert(item.id.clone(), record);
    entry(text, &root, "work_items", &Value::Object(items), 0)
}

const INDENT: &str = "  ";

/// The text with an entry at the end of an object, laid out in lines that are `depth` levels deep.
fn entry(text: &str, object: &Json, key: &str, value: &Value, depth: usize) -> Option<String> {
    let Shape::Object(entries) = &object.shape else {
        return None;
    };
    let pretty = serde_json::to_string_pretty(value).ok()?;
    let margin = INDENT.repeat(depth);
    let inner = format!("{margin}{INDENT}");
    let pretty = pretty.replace('\n', &format!("\n{inner}"));
    let key = Value::from(key);
    let own = format!("\n{inner}{key}: {pretty}");
    let last = entries.iter().map(|(_, value)| value.span.end).max();
    let Some(last) = last else {
        let range = object.span.range();
        let (before, after) = (&text[..=range.start], &text[range.end - 1..]);
        return Some(format!("{before}{own}\n{margin}{after}"));
    };
    let (before, after) = text.split_at(last as usize);
    Some(format!("{before},{own}{after}"))
}
