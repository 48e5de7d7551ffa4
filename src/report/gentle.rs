//! Text in Markdown that is read in a terminal as often as on a page: only what would be taken for
//! markup is escaped.

use super::prose::{Piece, pieces};
use super::sanitise::one_line;

/// Text that is not taken for markup, on one line.
pub(super) fn text(text: &str) -> String {
    escape(&one_line(text))
}

/// A sentence on one line; names between backticks stay code.
pub(super) fn sentence(text: &str) -> String {
    let text = one_line(text);
    let pieces = pieces(&text).into_iter().map(|piece| match piece {
        Piece::Words(words) => escape(words),
        Piece::Code(name) => format!("`{name}`"),
    });
    pieces.collect()
}

fn escape(text: &str) -> String {
    let mut escaped = String::new();
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        if is_markup(before, character, rest.peek().copied()) {
            escaped.push('\\');
        }
        escaped.push(character);
        before = Some(character);
    }
    escaped
}

fn is_markup(before: Option<char>, character: char, after: Option<char>) -> bool {
    let wordy = |neighbour: Option<char>| neighbour.is_some_and(char::is_alphanumeric);
    match character {
        '\\' | '`' | '*' | '[' | ']' | '|' | '~' => true,
        // Within a word it is itself.
        '_' => !(wordy(before) && wordy(after)),
        '<' => after.is_some_and(|next| next.is_alphabetic() || matches!(next, '/' | '!' | '?')),
        '&' => wordy(after) || after == Some('#'),
        '#' | '>' | '+' | '-' => before.is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_markup_is_escaped() {
        assert_eq!(
            text("node_modules/.bin < 5 ms & more"),
            "node_modules/.bin < 5 ms & more"
        );
        assert_eq!(
            text("# a *b* _c_ <d>\n[e]"),
            "\\# a \\*b\\* \\_c\\_ \\<d> \\[e\\]"
        );
        assert_eq!(sentence("`a_b` is *not* there"), "`a_b` is \\*not\\* there");
    }
}
