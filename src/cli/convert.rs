//! `sdd convert`.

use std::io::{self, Write};
use std::path::Path;

use super::{Cx, Failure, Outcome};
use crate::diag::Diags;
use crate::kinds::KINDS;
use crate::model::{Common, Header};
use crate::span::Sources;
use crate::spec::Table;
use crate::spec::shape::Shape;
use crate::syntax::{self, Language, print_kdl, print_toml};

/// Prints a pipeline file in the other language.
pub(super) fn convert(cx: &Cx, file: &Path) -> Outcome {
    let file = cx.dir()?.join(file);
    let shown = file.display().to_string();
    let text = std::fs::read_to_string(&file)
        .map_err(|error| Failure::Usage(format!("`{shown}` can't be read: {error}"), None))?;
    let mut sources = Sources::default();
    let mut diags = Diags::default();
    let id = sources.add(shown.clone(), text);
    let Some(source) = sources.get(id).cloned() else {
        return Err(Failure::Internal("the text is lost".to_owned()));
    };
    let document = syntax::parse(id, &source, &mut diags);
    if diags.has_errors() {
        cx.tell(&diags.sorted(), &sources)?;
        return Err(Failure::Told);
    }
    let kinds: Vec<_> = KINDS.iter().map(|row| row.spec).collect();
    let shape = Shape {
        kinds: &kinds,
        header: Header::SPEC,
        common: Common::SPEC,
    };
    let converted = match Language::of_path(&shown) {
        Some(Language::Toml) => print_kdl(&shape.kdl(&document)),
        _ => print_toml(&shape.toml(&document)),
    };
    io::stdout().write_all(converted.as_bytes())?;
    if source.text.contains("//") || source.text.contains('#') {
        writeln!(io::stderr(), "note: comments are not carried over")?;
    }
    Ok(0)
}
