//! The current work item and its specification, as a node needs them.

use std::io::ErrorKind;

use crate::diag::Diags;
use crate::event::{Finding, Grade};
use crate::host::{Conclusion, Host};
use crate::sched::Outcome;
use crate::span::{Sources, Span};
use crate::work::{self, Item, Items, LIST, Spec};

/// A work item and what its specification says.
#[derive(Debug)]
pub struct Specified {
    /// The item.
    pub item: Item,
    /// Where the specification stands.
    pub path: String,
    /// What it says.
    pub spec: Spec,
    /// What is wrong with its values.
    pub diags: Diags,
    sources: Sources,
}

/// Reads the specification of the item that a node names, or of the current one.
pub fn read(host: &impl Host, named: Option<&str>) -> Result<Specified, Conclusion> {
    let id = match named {
        Some(id) => id.to_owned(),
        None => host.work_item().map_err(|reason| {
            error("no-work-item", reason)
                .remedy("`--work-item ID` names one, or `when { work-item type=… }` says when one is needed")
        })?,
    };
    let item = item(&id, host)?;
    let path = item.spec_path();
    let text = match host.read(&path) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| "it is no text in UTF-8".to_owned()),
        Err(problem) if problem.kind() == ErrorKind::NotFound => {
            let reason = format!("the specification `{path}` of `{id}` is not there");
            return Err(Conclusion::new(Outcome::Failed, "spec-missing", reason));
        }
        Err(problem) => Err(problem.to_string()),
    };
    let text = text.map_err(|reason| {
        error(
            "unreadable-file",
            format!("`{path}` can't be read: {reason}"),
        )
    })?;
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let source = sources.add(path.as_str(), text);
    let spec = work::read_spec(source, &sources, &mut diags);
    Ok(Specified {
        item,
        path,
        spec,
        diags,
        sources,
    })
}

fn item(id: &str, host: &impl Host) -> Result<Item, Conclusion> {
    let broken = |reason: String| error("work-items-broken", reason);
    let items = match host.read(LIST) {
        Err(problem) if problem.kind() == ErrorKind::NotFound => Items::default(),
        Err(problem) => return Err(broken(format!("`{LIST}` can't be read: {problem}"))),
        Ok(bytes) => listed(bytes).map_err(broken)?,
    };
    let found = items.find(id).cloned();
    found.map_err(|none| {
        let conclusion = error("unknown-work-item", none.reason);
        none.help.into_iter().fold(conclusion, Conclusion::remedy)
    })
}

/// The items of a list, or what is wrong with it.
fn listed(bytes: Vec<u8>) -> Result<Items, String> {
    let text = String::from_utf8(bytes).map_err(|_| format!("`{LIST}` is no text in UTF-8"))?;
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let source = sources.add(LIST, text.as_str());
    let items = work::read_items(&text, source, &mut diags);
    items.ok_or_else(|| diags.summary().unwrap_or_default())
}

fn error(code: &'static str, reason: String) -> Conclusion {
    Conclusion::new(Outcome::Error, code, reason)
}

impl Specified {
    /// The text of the specification.
    pub fn text(&self) -> &str {
        let source = self.sources.iter().next();
        source.map_or("", |(_, source)| &source.text)
    }

    /// A finding at a place in it.
    pub fn finding(&self, rule: &str, message: impl Into<String>, at: Span) -> Finding {
        let position = self.sources.position(at);
        let (line, column) = (position.line as u64, position.column as u64);
        Finding::new(rule, Grade::High, message).at(&self.path, Some(line), Some(column))
    }
}
