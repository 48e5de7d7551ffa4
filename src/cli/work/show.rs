//! `sdd work-item list`, `show` and `validate`.

use std::io::{self, Write};

use serde_json::json;

use super::args::{ItemArgs, ListArgs, ValidateArgs};
use super::{item, items, spec_of};
use crate::cli::{Cx, Failure, Outcome, diagnostic_style, print_json};
use crate::report::{self, diagnostic};
use crate::work::{self, Item};

/// Lists the work items in the order of the file.
pub(super) fn list(cx: &Cx, args: &ListArgs) -> Outcome {
    let project = cx.project()?;
    let mut items = items(cx, &project.root)?.0;
    items.retain(|item| args.kind.as_ref().is_none_or(|kind| *kind == item.kind));
    if args.format == "json" {
        let rows: Vec<_> = items.iter().map(document).collect();
        return print_json(&json!({"schema": "sdd.work-items/1", "work_items": rows}));
    }
    let width = |part: fn(&Item) -> &String| {
        let widths = items.iter().map(|item| part(item).chars().count());
        widths.max().unwrap_or(0)
    };
    let (ids, kinds, states) = (
        width(|one| &one.id),
        width(|one| &one.kind),
        width(|one| &one.status),
    );
    let mut out = io::stdout().lock();
    for item in &items {
        let (id, kind, status) = (&item.id, &item.kind, &item.status);
        let title = report::plain(&item.title).replace('\n', " ");
        writeln!(out, "{id:ids$}  {kind:kinds$}  {status:states$}  {title}")?;
    }
    if items.is_empty() {
        writeln!(out, "no work items")?;
    }
    Ok(0)
}

fn document(item: &Item) -> serde_json::Value {
    json!({
        "id": item.id,
        "type": item.kind,
        "title": item.title,
        "status": item.status,
        "spec_file": item.spec_path(),
    })
}

/// Shows a work item: its record, and what its specification says.
pub(super) fn show(cx: &Cx, args: &ItemArgs) -> Outcome {
    let project = cx.project()?;
    let item = item(cx, &project.root, args.item.as_deref())?;
    let read = spec_of(&project.root, &item)?;
    let omissions = read.as_ref().map(|read| read.diags.len());
    if args.format == "json" {
        let mut document = document(&item);
        document["schema"] = json!("sdd.work-item/1");
        document["record"] = json!(item.record);
        document["spec"] = match &read {
            Some(read) => {
                json!({"omissions": omissions, "says": report::spec_document(&read.spec)})
            }
            None => serde_json::Value::Null,
        };
        return print_json(&document);
    }
    let mut answer = cx.console().answer;
    let state = match omissions {
        None => "is not there".to_owned(),
        Some(0) => "is complete".to_owned(),
        Some(1) => "leaves 1 thing out".to_owned(),
        Some(count) => format!("leaves {count} things out"),
    };
    let asked = work::item_type(&item.kind).is_some_and(|kind| kind.specified);
    let state = if asked || omissions.is_none() {
        format!(" {state}")
    } else {
        String::new()
    };
    report::work_item(
        &item,
        &state,
        read.as_ref().map(|read| &read.spec),
        &mut answer.writer,
    )?;
    Ok(0)
}

/// Says everything that the specification of an item leaves out.
pub(super) fn validate(cx: &Cx, args: &ValidateArgs) -> Outcome {
    let project = cx.project()?;
    let item = item(cx, &project.root, args.item.as_deref())?;
    let path = item.spec_path();
    let Some(read) = spec_of(&project.root, &item)? else {
        let help = format!(
            "`sdd work-item new --type {} --template` prints one",
            item.kind
        );
        return Err(Failure::Usage(format!("`{path}` is not there"), Some(help)));
    };
    if args.format != "human" {
        let Some(format) = diagnostic::format(&args.format) else {
            return Err(Failure::Usage(
                format!("there is no format `{}`", args.format),
                None,
            ));
        };
        let mut out = cx.console().answer;
        let style = diagnostic_style(&out.style);
        (format.write)(&read.diags, &read.sources, &style, &mut out.writer)?;
    } else if work::item_type(&item.kind).is_none_or(|kind| !kind.specified) {
        writeln!(
            io::stdout(),
            "{}: nothing is asked of the type `{}`",
            item.id,
            item.kind
        )?;
    } else if read.diags.is_empty() {
        writeln!(io::stdout(), "{}: `{path}` is complete", item.id)?;
    } else {
        cx.tell(&read.diags, &read.sources)?;
    }
    Ok(if read.diags.has_errors() { 2 } else { 0 })
}
