//! How a comment or string is written: the parts of a text that are not layout.

use std::borrow::Cow;

use super::lexer::{is_newline, is_space, newline_length};

/// A comment with `\n` for every line break and without trailing blanks.
pub(super) fn comment(text: &str) -> Cow<'_, str> {
    if !text.contains(is_newline) {
        return Cow::Borrowed(text.trim_end());
    }
    let lines: Vec<&str> = lines(text).into_iter().map(str::trim_end).collect();
    Cow::Owned(lines.join("\n"))
}

/// A string as written, but with its lines indented by `indent` if it has several.
///
/// The closing quotes define the indentation of a multi-line string, so all its
/// lines move together. A string is not moved when its lines are not what they
/// seem: when `\` joins them or one lacks the common indentation.
pub(super) fn string<'a>(text: &'a str, indent: &str) -> Cow<'a, str> {
    if !text.contains(is_newline) {
        return Cow::Borrowed(text);
    }
    let moved = moved(text, indent);
    Cow::Owned(moved.unwrap_or_else(|| text.replace("\r\n", "\n")))
}

fn moved(text: &str, indent: &str) -> Option<String> {
    let raw = text.starts_with('#');
    let opens_lines = text.trim_start_matches('#').starts_with("\"\"\"");
    if !opens_lines || (!raw && joins_lines(text)) {
        return None;
    }
    let lines = lines(text);
    let [opening, body @ .., closing] = lines.as_slice() else {
        return None;
    };
    let quotes = closing.trim_start_matches(is_space);
    let common = &closing[..closing.len() - quotes.len()];
    let mut out = format!("{opening}\n");
    for line in body {
        if !line.chars().all(is_space) {
            out.push_str(indent);
            out.push_str(line.strip_prefix(common)?);
        }
        out.push('\n');
    }
    Some(out + indent + quotes)
}

/// Whether a `\` of an escaped string swallows blanks or a line break.
fn joins_lines(text: &str) -> bool {
    let mut escaped = false;
    text.chars().any(|c| {
        let swallows = escaped && (is_space(c) || is_newline(c));
        escaped = c == '\\' && !escaped;
        swallows
    })
}

/// The lines of `text`, however they are broken.
fn lines(text: &str) -> Vec<&str> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(is_newline) {
        found.push(&rest[..at]);
        rest = &rest[at + newline_length(&rest[at..])..];
    }
    found.push(rest);
    found
}
