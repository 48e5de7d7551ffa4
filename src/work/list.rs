//! `work_items.json`: all items of a project, and which of them is the current one.

use serde_json::Value;

use super::item::{Item, is_id};
use super::json::{self, Json, Shape};
use super::types::{DEFAULT_STATUS, IN_PROGRESS, STATUSES, TYPES};
use crate::diag::{Diagnostic, Diags, did_you_mean};
use crate::span::SourceId;

/// All items, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Items(pub Vec<Item>);

/// Why there is no current item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoItem {
    /// Why, in a sentence.
    pub reason: String,
    /// How to mend it.
    pub help: Option<String>,
    /// Whether the list can't be read, so that there may be one.
    pub is_unknown: bool,
    /// The sorts of the items that are in progress, if there are several.
    pub kinds: Vec<String>,
}

const NAME_ONE: &str = "`--work-item ID` names one";

impl Default for NoItem {
    fn default() -> Self {
        Self::new("no work item is in progress", NAME_ONE)
    }
}

impl NoItem {
    /// What is said if the list can't be read.
    pub fn unknown(reason: &str) -> Self {
        Self {
            is_unknown: true,
            ..Self::new(reason, "`sdd work-item list` says what is wrong with it")
        }
    }

    fn several(items: &[&Item]) -> Self {
        let ids: Vec<&str> = items.iter().take(2).map(|item| item.id.as_str()).collect();
        let more = match items.len() - ids.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let ids = ids.join(", ");
        let reason = format!("several work items are in progress: {ids}{more}");
        Self {
            kinds: items.iter().map(|item| item.kind.clone()).collect(),
            ..Self::new(reason, NAME_ONE)
        }
    }

    fn new(reason: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            help: Some(help.into()),
            is_unknown: false,
            kinds: Vec::new(),
        }
    }
}

impl Items {
    /// The item of that id, or what to say if there is none.
    pub fn find(&self, id: &str) -> Result<&Item, NoItem> {
        let known = self.0.iter().map(|item| item.id.as_str());
        self.0.iter().find(|item| item.id == id).ok_or_else(|| {
            let listed = if self.0.is_empty() {
                "there are none yet; `sdd work-item new` makes one"
            } else {
                "`sdd work-item list` shows them"
            };
            let near = did_you_mean(id, known);
            let help = near.unwrap_or_else(|| listed.to_owned());
            NoItem::new(format!("there is no work item `{id}`"), help)
        })
    }

    /// The current item: the one that was asked for, or else the only one in progress.
    pub fn current(&self, asked: Option<&str>) -> Result<&Item, NoItem> {
        if let Some(id) = asked {
            return self.find(id);
        }
        let begun = self.0.iter().filter(|item| item.status == IN_PROGRESS);
        let begun: Vec<&Item> = begun.collect();
        match begun.as_slice() {
            [] => Err(NoItem::default()),
            [item] => Ok(item),
            several => Err(NoItem::several(several)),
        }
    }
}

const CODE: &str = "work-items-broken";

/// Reads the list; all that is wrong with it is reported at once. It is only there if nothing is:
/// an item whose record has a mistake would be another one than the record means.
pub fn read(text: &str, source: SourceId, diags: &mut Diags) -> Option<Items> {
    let before = diags.len();
    let root = json::parse(text, source, CODE, diags)?;
    let items = items(text, &root, diags);
    items.filter(|_| diags.len() == before)
}

fn items(text: &str, root: &Json, diags: &mut Diags) -> Option<Items> {
    let Shape::Object(_) = root.shape else {
        refuse(root, "the list of work items is no object", diags);
        return None;
    };
    for (key, again) in root.repeated() {
        refuse(again, &format!("`{key}` is there twice"), diags);
    }
    let Some(all) = root.get("work_items") else {
        return Some(Items::default());
    };
    let Shape::Object(entries) = &all.shape else {
        refuse(
            all,
            "`work_items` is no object of items by their ids",
            diags,
        );
        return None;
    };
    for (id, again) in all.repeated() {
        refuse(
            again,
            &format!("the work item `{id}` is there twice"),
            diags,
        );
    }
    let items = entries
        .iter()
        .filter_map(|(id, json)| item(id, json, &text[json.span.range()], diags));
    Some(Items(items.collect()))
}

fn refuse(json: &Json, message: &str, diags: &mut Diags) {
    diags.push(Diagnostic::new(CODE, message).at(json.head(), "here"));
}

fn item(id: &str, json: &Json, text: &str, diags: &mut Diags) -> Option<Item> {
    if !is_id(id) {
        // It names a file, and stands in command lines.
        refuse(
            json,
            &format!("`{id}` can't be the id of a work item"),
            diags,
        );
        return None;
    }
    let record = match serde_json::from_str(text) {
        Ok(Value::Object(record)) => record,
        Ok(_) => {
            refuse(json, &format!("the work item `{id}` is no object"), diags);
            return None;
        }
        Err(error) => {
            let reason = json::reason(&error);
            refuse(
                json,
                &format!("the work item `{id}` can't be read: {reason}"),
                diags,
            );
            return None;
        }
    };
    for (field, again) in json.repeated() {
        refuse(again, &format!("`{field}` of `{id}` is there twice"), diags);
    }
    let types: Vec<&str> = TYPES.iter().map(|known| known.name).collect();
    let kind = word(id, json, "type", Some(&types), diags);
    if json.get("type").is_none() {
        refuse(json, &format!("the work item `{id}` has no `type`"), diags);
    }
    let title = word(id, json, "title", None, diags);
    let status = word(id, json, "status", Some(STATUSES), diags);
    let spec_file = word(id, json, "spec_file", None, diags);
    let spec_file = spec_file.filter(|path| {
        let inside = crate::spec::normalise(path).is_some();
        if !inside && let Some(json) = json.get("spec_file") {
            refuse(
                json,
                &format!("`spec_file` of `{id}` leaves the project"),
                diags,
            );
        }
        inside
    });
    Some(Item {
        id: id.to_owned(),
        kind: kind?,
        title: title.unwrap_or_else(|| id.to_owned()),
        status: status.unwrap_or_else(|| DEFAULT_STATUS.to_owned()),
        spec_file,
        record,
    })
}

/// A field that holds text, and perhaps one of a few words.
fn word(
    id: &str,
    json: &Json,
    field: &str,
    known: Option<&[&str]>,
    diags: &mut Diags,
) -> Option<String> {
    let value = json.get(field)?;
    let Some(text) = value.text() else {
        refuse(value, &format!("`{field}` of `{id}` is no text"), diags);
        return None;
    };
    if let Some(known) = known.filter(|known| !known.contains(&text)) {
        let near = did_you_mean(&text.replace('-', "_"), known.iter().copied());
        let words = format!("it is one of {}", known.join(", "));
        diags.push(
            Diagnostic::new(CODE, format!("`{field}` of `{id}` can't be `{text}`"))
                .at(value.span, "unknown")
                .help(near.unwrap_or(words)),
        );
        return None;
    }
    Some(text.to_owned())
}
