//! `sdd convert`.

use std::io::{self, Write};
use std::path::Path;

use super::{Cx, Failure, Outcome};
use crate::diag::Diags;
use crate::model::grammar;
use crate::span::Sources;
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
    let grammar = grammar();
    let converted = match Language::of_path(&shown) {
        Some(Language::Toml) => print_kdl(&grammar.kdl_shape(&document)),
        _ => print_toml(&grammar.toml_shape(&document)),
    };
    io::stdout().write_all(converted.as_bytes())?;
    if source.text.contains("//") || source.text.contains('#') {
        writeln!(io::stderr(), "note: comments are not carried over")?;
    }
    Ok(0)
}
