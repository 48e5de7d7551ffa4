//! Characters that KDL keeps out of its texts, since they can't be seen or change what is seen.

use std::ops::Range;

use super::word::Fault;

/// Characters that can't stand in a KDL text as they are, even inside of a string.
///
/// Source: the KDL 2.0 specification, section on disallowed literal code points.
pub(in crate::syntax) fn is_disallowed(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}' | '\u{200e}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    )
}

/// Every such character with its place; a byte order mark may stand at the start.
pub(super) fn disallowed(text: &str) -> impl Iterator<Item = (Range<usize>, Fault)> {
    let rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let start = text.len() - rest.len();
    rest.match_indices(is_disallowed)
        .map(move |(offset, character)| {
            let code: String = character.chars().flat_map(char::escape_unicode).collect();
            let fault = Fault {
                code: "syntax",
                message: format!("the character `{code}` can't stand in a KDL text"),
                help: Some(format!("in quotes, write `{code}`")),
            };
            let at = start + offset;
            (at..at + character.len(), fault)
        })
}
