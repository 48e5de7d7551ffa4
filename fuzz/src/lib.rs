//! What both targets do with a text: all that `sdd check` and `sdd fmt` would.

use sdd::diag::Diags;
use sdd::graph;
use sdd::model::{Files, ReadError, grammar, load};
use sdd::span::Sources;
use sdd::syntax::fmt::{format_kdl, format_toml};
use sdd::syntax::{self, Language, print_kdl, print_toml};

struct OneFile<'t> {
    path: &'t str,
    text: &'t str,
}

impl Files for OneFile<'_> {
    fn read(&self, path: &str) -> Result<String, ReadError> {
        if path == self.path {
            Ok(self.text.to_owned())
        } else {
            Err(ReadError::Missing)
        }
    }
}

/// Loads, resolves, formats and converts a text.
///
/// # Panics
/// If a place is outside of the text, or a text without mistakes does not survive its conversion.
pub fn look_at(path: &str, text: &str) {
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let file = OneFile { path, text };
    let pipeline = load(path, &file, &[], &mut sources, &mut diags);
    graph::build(&pipeline, &mut diags);
    let diags = diags.sorted();
    for label in diags.iter().flat_map(|diagnostic| &diagnostic.labels) {
        let range = label.span.range();
        let whole = range.end <= text.len() && text.get(range).is_some();
        assert!(whole, "{:?} is no place in the text", label.span);
        sources.position(label.span);
    }
    let _ = match Language::of_path(path) {
        Some(Language::Toml) => format_toml(text),
        _ => format_kdl(text),
    };
    if !diags.has_errors() {
        survives_conversion(path, text);
    }
}

fn survives_conversion(path: &str, text: &str) {
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let id = sources.add(path, text);
    let Some(source) = sources.get(id) else {
        return;
    };
    let document = syntax::parse(id, source, &mut diags);
    let grammar = grammar();
    let forms = [
        ("a.kdl", print_kdl(&grammar.kdl_shape(&document))),
        ("a.toml", print_toml(&grammar.toml_shape(&document))),
    ];
    for (path, text) in forms {
        let (mut sources, mut diags) = (Sources::default(), Diags::default());
        let file = OneFile { path, text: &text };
        load(path, &file, &[], &mut sources, &mut diags);
        assert!(!diags.has_errors(), "{diags:?}\n{text}");
    }
}
