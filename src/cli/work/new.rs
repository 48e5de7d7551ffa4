//! `sdd work-item new`.

use std::io::{self, Read as _, Write};
use std::path::Path;

use super::args::NewArgs;
use super::{items, read};
use crate::cli::{Cx, Failure, Outcome};
use crate::store::{self, AddError};
use crate::work::{self, Item, ItemType, LIST};

/// Creates a work item. Nothing is written before all is known to be right.
pub(super) fn new(cx: &Cx, args: &NewArgs) -> Outcome {
    let kind = work::item_type(&args.kind)
        .ok_or_else(|| Failure::Usage(format!("there is no type `{}`", args.kind), None))?;
    let title = args.title.as_deref().map(str::trim);
    if args.template {
        io::stdout().write_all(written(kind, title).as_bytes())?;
        return Ok(0);
    }
    let title = title
        .filter(|title| !title.is_empty())
        .ok_or_else(|| Failure::Usage("--title: it says nothing".to_owned(), None))?;
    let project = cx.project()?;
    let root = project.root.as_path();
    let id = args
        .id
        .clone()
        .unwrap_or_else(|| work::id_of(kind.name, title));
    if !work::is_id(&id) {
        let help = "letters, digits, `-`, `_` and `.`, beginning with a letter, digit or `_`";
        return Err(Failure::Usage(
            format!("`{id}` can't be an id"),
            Some(help.to_owned()),
        ));
    }
    if items(cx, root)?.find(&id).is_ok() {
        return Err(taken(&id));
    }
    let given = given(cx, root, args, kind, &id)?;
    let (spec_file, text) =
        given.unwrap_or_else(|| (work::default_spec_file(&id), written(kind, Some(title))));
    let checked = read(&spec_file, &text, kind.name);
    if checked.diags.has_errors() {
        cx.tell(&checked.diags, &checked.sources)?;
        cx.say_error(
            &format!("`{id}` was not created: nothing was written"),
            None,
        );
        return Err(Failure::Told);
    }
    let item = Item::new(&id, kind.name, title, &args.status, &spec_file);
    store::add_work_item(root, &item, &text).map_err(|error| refused(&item, error))?;
    writeln!(io::stdout(), "{id}: {spec_file}")?;
    Ok(0)
}

/// The template with the title in it.
fn written(kind: &ItemType, title: Option<&str>) -> String {
    let template = kind.template();
    title.map_or(template.clone(), |title| {
        template.replacen("[Name]", title, 1)
    })
}

/// The specification that was named, or that stands where it has to; with the path that it will
/// have. Nothing if none is there and none is asked for.
fn given(
    cx: &Cx,
    root: &Path,
    args: &NewArgs,
    kind: &ItemType,
    id: &str,
) -> Result<Option<(String, String)>, Failure> {
    let default = work::default_spec_file(id);
    let Some(file) = &args.spec else {
        let there = store::text_of(root, &default)?;
        if there.is_none() && kind.specified {
            let message = format!(
                "a work item of type `{}` needs its specification",
                kind.name
            );
            let help = format!(
                "`sdd work-item new --type {} --template` prints one to be filled in, `--spec FILE` takes it",
                kind.name
            );
            return Err(Failure::Usage(message, Some(help)));
        }
        return Ok(there.map(|text| (default, text)));
    };
    let name = file.to_string_lossy();
    let unreadable =
        |error: io::Error| Failure::Usage(format!("--spec: `{name}` can't be read: {error}"), None);
    let mut bytes = Vec::new();
    if name == "-" {
        io::stdin().read_to_end(&mut bytes).map_err(unreadable)?;
    } else {
        bytes = std::fs::read(cx.dir()?.join(file)).map_err(unreadable)?;
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::Usage(format!("--spec: `{name}` is no text in UTF-8"), None))?;
    let path = if work::is_json(&name) {
        format!("{}/{id}.json", work::SPECS)
    } else {
        default
    };
    Ok(Some((path, text)))
}

fn taken(id: &str) -> Failure {
    let help = "`--id ID` gives it another one".to_owned();
    Failure::Usage(format!("there is a work item `{id}` already"), Some(help))
}

fn refused(item: &Item, error: AddError) -> Failure {
    match error {
        AddError::Taken => taken(&item.id),
        AddError::SpecThere => {
            let path = item.spec_path();
            let help = "remove it, or leave `--spec` away to take it".to_owned();
            Failure::Usage(
                format!("`{path}` is there already, with another text"),
                Some(help),
            )
        }
        AddError::Broken(reason) => Failure::Usage(
            format!("`{LIST}` can't be added to: {reason}"),
            Some("`sdd work-item list` says what is wrong with it".to_owned()),
        ),
        AddError::Io(error) => {
            Failure::Internal(format!("the work item can't be written: {error}"))
        }
    }
}
