//! The words of a line of TAP.

use std::borrow::Cow;

use super::level::{Directive, Test};

/// What a line says, its indentation taken off.
pub(super) enum Line<'a> {
    /// A test, and whether it opens the braces of its subtests.
    Test(Test, bool),
    /// How many tests there should be.
    Plan(u64),
    /// Diagnostics follow, to the line `...`.
    Diagnostics,
    /// The braces of subtests close.
    Close,
    BailOut(&'a str),
    /// A comment, or what a test printed.
    Other,
}

pub(super) fn read(text: &str) -> Line<'_> {
    if let Some(reason) = text.strip_prefix("Bail out!") {
        return Line::BailOut(reason);
    }
    match text {
        "---" => return Line::Diagnostics,
        "}" => return Line::Close,
        _ => {}
    }
    if let Some(count) = plan(text) {
        return Line::Plan(count);
    }
    let (ok, rest) = match text.strip_prefix("not ok") {
        Some(rest) => (false, rest),
        None => match text.strip_prefix("ok") {
            Some(rest) => (true, rest),
            None => return Line::Other,
        },
    };
    // `okay` is no word of TAP.
    if !rest.is_empty() && !rest.starts_with(' ') {
        return Line::Other;
    }
    test(ok, rest)
}

fn plan(text: &str) -> Option<u64> {
    let count = text.strip_prefix("1..")?;
    let end = count.find(|letter: char| !letter.is_ascii_digit());
    let (count, rest) = count.split_at(end.unwrap_or(count.len()));
    let comment = rest.trim_start();
    (comment.is_empty() || comment.starts_with('#')).then(|| count.parse().ok())?
}

fn test(ok: bool, rest: &str) -> Line<'static> {
    let (rest, opens) = match rest.strip_suffix(" {") {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let (description, comment) = split_comment(rest.trim());
    let numbered = description.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let name = numbered.trim_start().strip_prefix("- ").unwrap_or(numbered);
    let mut test = Test::new(unescape(name.trim()).into_owned(), ok, directive(comment));
    test.milliseconds = comment
        .strip_prefix("time=")
        .and_then(|time| time.strip_suffix("ms")?.parse().ok());
    Line::Test(test, opens)
}

/// Splits at the first ` #` that is not escaped.
fn split_comment(text: &str) -> (&str, &str) {
    let mut from = 0;
    while let Some(at) = text[from..].find('#').map(|at| at + from) {
        let escaped = text[..at].ends_with('\\');
        if !escaped && (at == 0 || text[..at].ends_with(' ')) {
            return (text[..at].trim_end(), text[at + 1..].trim());
        }
        from = at + 1;
    }
    (text, "")
}

fn unescape(name: &str) -> Cow<'_, str> {
    if name.contains('\\') {
        name.replace("\\#", "#").replace("\\\\", "\\").into()
    } else {
        name.into()
    }
}

fn directive(comment: &str) -> Directive {
    let starts = |word: &str| {
        comment
            .get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    if starts("skip") {
        Directive::Skip
    } else if starts("todo") {
        Directive::Todo
    } else {
        Directive::None
    }
}
