//! Fields of which exactly one has to be written.

use super::Decoder;
use crate::diag::Diagnostic;
use crate::span::Span;

/// Reports unless exactly one of `choices` is written; each is its name and where it stands.
pub fn exactly_one(choices: &[(&str, Option<Span>)], owner: Span, decoder: &mut Decoder<'_>) {
    let written: Vec<_> = choices
        .iter()
        .filter_map(|(name, at)| Some((name, (*at)?)))
        .collect();
    let names: Vec<_> = choices
        .iter()
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    match written.as_slice() {
        [_] => {}
        [] => decoder.diags.push(
            Diagnostic::new(
                "conflicting-fields",
                format!("none of {} is written", names.join(", ")),
            )
            .at(owner, "says not what to do")
            .help(format!("write one of {}", names.join(", "))),
        ),
        [(first, first_at), .., (last, last_at)] => decoder.diags.push(
            Diagnostic::new(
                "conflicting-fields",
                format!("`{first}` and `{last}` exclude each other"),
            )
            .at(*last_at, format!("`{last}` here"))
            .at(*first_at, format!("`{first}` here"))
            .help("keep one of them"),
        ),
    }
}
