//! `sdd work-item`: the work items of the project and their specifications.

mod args;
mod new;
mod show;

use std::path::Path;

pub(super) use args::WorkItemArgs;
use args::WorkItemCommand;

use super::project::Project;
use super::{Cx, Failure, Outcome};
use crate::diag::{Diagnostic, Diags, did_you_mean};
use crate::model::Pipeline;
use crate::span::Sources;
use crate::store;
use crate::work::{self, Item, Items, NoItem, Spec};

/// `sdd work-item`.
pub(super) fn work_item(cx: &Cx, args: &WorkItemArgs) -> Outcome {
    match &args.command {
        WorkItemCommand::New(args) => new::new(cx, args),
        WorkItemCommand::List(args) => show::list(cx, args),
        WorkItemCommand::Show(args) => show::show(cx, args),
        WorkItemCommand::Validate(args) => show::validate(cx, args),
    }
}

/// All items; a list with mistakes is told, and ends the command.
fn items(cx: &Cx, root: &Path) -> Result<Items, Failure> {
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let items = store::work_items(root, &mut sources, &mut diags);
    if !diags.is_empty() {
        cx.tell(&diags.sorted(), &sources)?;
    }
    items.ok_or(Failure::Told)
}

/// The item of that id, or the current one.
pub(super) fn item(cx: &Cx, root: &Path, asked: Option<&str>) -> Result<Item, Failure> {
    let items = items(cx, root)?;
    let found = items.current(asked).cloned();
    found.map_err(|none| Failure::Usage(none.reason, none.help))
}

/// The current item for a run. One that was asked for has to be there; a list that can't be read
/// ends only a run that was asked for an item of it.
pub(super) fn current(
    cx: &Cx,
    root: &Path,
    asked: Option<&str>,
) -> Result<Result<Item, NoItem>, Failure> {
    if asked.is_some() {
        return item(cx, root, asked).map(Ok);
    }
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let items = store::work_items(root, &mut sources, &mut diags);
    Ok(match items {
        Some(items) => items.current(None).cloned(),
        None => Err(NoItem::unknown(&diags.summary().unwrap_or_default())),
    })
}

/// A specification with its text.
pub(super) struct Read {
    /// What it says.
    pub(super) spec: Spec,
    /// Where.
    pub(super) sources: Sources,
    /// What is wrong with it, omissions included if its sort asks for anything.
    pub(super) diags: Diags,
}

/// Reads a specification and checks it if its sort asks for anything.
fn read(path: &str, text: &str, kind: &str) -> Read {
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let source = sources.add(path, text);
    let asked = work::item_type(kind).is_some_and(|kind| kind.specified);
    if !asked {
        return Read {
            spec: work::read_spec(source, &sources, &mut Diags::default()),
            sources,
            diags,
        };
    }
    let spec = work::read_spec(source, &sources, &mut diags);
    work::check(&spec, &mut diags);
    Read {
        spec,
        sources,
        diags: diags.sorted(),
    }
}

/// Reads the specification of an item; `None` if it is not there.
pub(super) fn spec_of(root: &Path, item: &Item) -> Result<Option<Read>, Failure> {
    let path = item.spec_path();
    let text = store::text_of(root, &path)
        .map_err(|error| Failure::Usage(format!("`{path}` can't be read: {error}"), None))?;
    Ok(text.map(|text| read(&path, &text, &item.kind)))
}

/// Reports work items that nodes name and that there are not.
pub(super) fn unknown_items(project: &Project, pipeline: &Pipeline, diags: &mut Diags) {
    let mut named = pipeline
        .nodes
        .iter()
        .filter_map(|node| node.kind.work_item())
        .peekable();
    if named.peek().is_none() {
        return;
    }
    let (mut sources, mut unheard) = (Sources::default(), Diags::default());
    let Some(items) = store::work_items(&project.root, &mut sources, &mut unheard) else {
        return;
    };
    for name in named.filter(|name| items.find(name).is_err()) {
        let known = items.0.iter().map(|item| item.id.as_str());
        let message = format!("there is no work item `{}`", **name);
        let near = did_you_mean(name, known);
        diags.push(
            Diagnostic::new("unknown-work-item", message)
                .at(name.span, "unknown")
                .help(near.unwrap_or_else(|| {
                    "`sdd work-item list` shows those that there are".to_owned()
                })),
        );
    }
}
