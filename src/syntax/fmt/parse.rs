//! The `kdl` crate behind guards: no text can end the process.

use std::thread;

use kdl::{KdlDocument, KdlError};

use super::{Excess, FormatRefusal, SIZE_LIMIT, nesting, structure_fault};

/// Enough, unoptimised too, for what passes the limits; touched only as needed.
const STACK: usize = 128 << 20;
/// Bytes of a text whose every mistake is listed; the crate recurses for some.
const MISTAKES_LIMIT: usize = 32 << 10;

/// Why a text was not parsed.
#[derive(Debug)]
pub enum ParseRefusal {
    /// It was not handed to the parser, or the parser broke down.
    Guarded(FormatRefusal),
    /// It is not KDL 2: all mistakes that the parser found.
    Mistakes(KdlError),
}

/// Parses KDL 2, unless the text could overflow the parser's stack.
///
/// A broken text above 32 KiB gets one mistake only, from [`structure_fault`].
pub fn parse_kdl(text: &str) -> Result<KdlDocument, ParseRefusal> {
    guard(text).map_err(ParseRefusal::Guarded)?;
    let parse = || KdlDocument::parse_v2(text);
    let parsed = thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK);
        let parsed = thread.spawn_scoped(scope, parse).ok()?.join();
        parsed.ok()
    });
    match parsed {
        Some(result) => result.map_err(ParseRefusal::Mistakes),
        None => Err(ParseRefusal::Guarded(FormatRefusal::Syntax {
            offset: 0,
            message: "the KDL parser broke down on this text".to_owned(),
        })),
    }
}

fn guard(text: &str) -> Result<(), FormatRefusal> {
    check_limits(text)?;
    match structure_fault(text) {
        Some(fault) if text.len() > MISTAKES_LIMIT => Err(fault.into()),
        _ => Ok(()),
    }
}

/// Refuses a text that is too large or nests too deeply.
pub(super) fn check_limits(text: &str) -> Result<(), FormatRefusal> {
    if text.len() > SIZE_LIMIT {
        return Err(FormatRefusal::TooLarge { size: text.len() });
    }
    match nesting(text).excess {
        Some(Excess { offset, message }) => Err(FormatRefusal::TooDeep { offset, message }),
        None => Ok(()),
    }
}

impl From<ParseRefusal> for FormatRefusal {
    /// Keeps the first mistake.
    fn from(refusal: ParseRefusal) -> Self {
        let error = match refusal {
            ParseRefusal::Guarded(refusal) => return refusal,
            ParseRefusal::Mistakes(error) => error,
        };
        let first = error.diagnostics.into_iter().next();
        let (offset, message) =
            first.map_or((0, None), |first| (first.span.offset(), first.message));
        Self::Syntax {
            offset,
            message: message.unwrap_or_else(|| "this is not KDL 2".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_mistakes_of_a_small_text_are_listed() {
        let Err(ParseRefusal::Mistakes(error)) = parse_kdl("a true\nb 1x\nc #no\n") else {
            panic!("three mistakes");
        };
        assert!(error.diagnostics.len() >= 3);
    }

    #[test]
    fn mistakes_that_the_parser_recurses_for_do_not_overflow_its_stack() {
        for line in ["a (t)\n", "a=\n", "a =1\n", "a ]\n", "(t)\n", "a {} b\n"] {
            let refusal = parse_kdl(&line.repeat(MISTAKES_LIMIT / line.len()));
            assert!(matches!(refusal, Err(ParseRefusal::Mistakes(_))));
            let refusal = parse_kdl(&line.repeat(MISTAKES_LIMIT));
            assert!(matches!(refusal, Err(ParseRefusal::Guarded(_))));
        }
    }

    #[test]
    fn what_the_limits_allow_is_parsed() {
        let comment = format!("/{}/", "*".repeat(1_000));
        let text = format!("{}{comment} b{}", "a {".repeat(62), "}".repeat(62));
        assert!(parse_kdl(&text).is_ok());
    }
}
