//! Tokens that the parser has to look at: no blanks, no comments, no continued line breaks.

use super::super::fmt::lexer::{Kind, Token, lex};

/// A token that means something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lexeme<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) offset: usize,
    /// Whether a blank or comment stands before it.
    pub(super) spaced: bool,
}

/// The tokens of a text that mean something. A `\` takes its line break with it, a `/-` all that
/// stand between it and what it comments out.
pub(super) fn lexemes(text: &str) -> Vec<Lexeme<'_>> {
    const NO_LINE_BREAK: Kind = Kind::Malformed("no line break follows this `\\`");
    let mut lexemes = Vec::with_capacity(text.len() / 6);
    let mut spaced = true;
    let mut continued: Option<Token<'_>> = None;
    let mut discarding = false;
    for token in lex(text) {
        match token.kind {
            Kind::Space | Kind::BlockComment | Kind::LineComment => {}
            Kind::Newline if continued.take().is_some() || discarding => {}
            kind => {
                if let Some(backslash) = continued.take() {
                    lexemes.push(lexeme(backslash, NO_LINE_BREAK, spaced));
                }
                if kind == Kind::Continuation {
                    continued = Some(token);
                } else {
                    lexemes.push(lexeme(token, kind, spaced));
                    discarding = kind == Kind::Slashdash;
                    spaced = matches!(kind, Kind::Newline | Kind::Slashdash | Kind::Equals);
                    continue;
                }
            }
        }
        spaced = true;
    }
    lexemes
}

fn lexeme(token: Token<'_>, kind: Kind, spaced: bool) -> Lexeme<'_> {
    Lexeme {
        kind,
        text: token.text,
        offset: token.offset,
        spaced,
    }
}
