//! Text as HTML has it.

use crate::report::prose::{Piece, pieces};
use crate::report::sanitise::one_line;

/// One line of text, safe in content and in quotes. Leading spaces stay.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            hidden if hidden.is_control() => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Something to copy; nothing if there is nothing.
pub(super) fn code(text: &str) -> String {
    let text = one_line(text);
    if text.is_empty() {
        return text;
    }
    format!("<code>{}</code>", escape(&text))
}

/// A sentence: names between backticks are code.
pub(super) fn prose(text: &str) -> String {
    let text = one_line(text);
    let pieces = pieces(&text).into_iter().map(|piece| match piece {
        Piece::Words(words) => escape(words),
        Piece::Code(name) => code(name),
    });
    pieces.collect()
}
