//! Sentences in which names stand between backticks.

/// A part of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    /// Plain words.
    Words(&'t str),
    /// What stood between backticks.
    Code(&'t str),
}

/// The parts of a sentence. A backtick without a partner is plain.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((words, code, after)) = first_code(rest) {
        if !words.is_empty() {
            pieces.push(Piece::Words(words));
        }
        pieces.push(Piece::Code(code));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest));
    }
    pieces
}

fn first_code(text: &str) -> Option<(&str, &str, &str)> {
    let (words, behind) = text.split_once('`')?;
    let (code, after) = behind.split_once('`')?;
    (!code.is_empty()).then_some((words, code, after))
}

#[cfg(test)]
mod tests {
    use super::Piece::{Code, Words};
    use super::*;

    #[test]
    fn names_stand_between_backticks_and_a_lone_one_is_plain() {
        assert_eq!(
            pieces("`a` needs `b c`"),
            [Code("a"), Words(" needs "), Code("b c")]
        );
        assert_eq!(pieces("it's ` alone"), [Words("it's ` alone")]);
        assert_eq!(pieces("a `` b"), [Words("a `` b")]);
        assert_eq!(pieces(""), []);
    }
}
