//! Tokens that the parser has to look at: no blanks, no comments, no continued line breaks.

use super::super::fmt::lexer::{Kind, lex};

/// A token that means something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lexeme<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) offset: usize,
    /// Whether a blank or comment stands before it.
    pub(super) spaced: bool,
}

/// The tokens of a text that mean something. A `\` takes its line break with it.
pub(super) fn lexemes(text: &str) -> Vec<Lexeme<'_>> {
    let mut lexemes = Vec::with_capacity(text.len() / 6);
    let mut spaced = true;
    let mut continued = false;
    for token in lex(text) {
        match token.kind {
            Kind::Space | Kind::BlockComment | Kind::LineComment => spaced = true,
            Kind::Continuation => {
                continued = true;
                spaced = true;
            }
            Kind::Newline if continued => continued = false,
            kind => {
                lexemes.push(Lexeme {
                    kind,
                    text: token.text,
                    offset: token.offset,
                    spaced,
                });
                continued = false;
                spaced = matches!(kind, Kind::Newline | Kind::Slashdash | Kind::Equals);
            }
        }
    }
    lexemes
}
