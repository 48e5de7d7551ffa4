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
/// lines move together. When one lacks that indentation, being the continuation of
/// a line that ends with `\`, none is moved.
pub(super) fn string<'a>(text: &'a str, indent: &str) -> Cow<'a, str> {
    if !text.contains(is_newline) {
        return Cow::Borrowed(text);
    }
    let moved = moved(text, indent);
    Cow::Owned(moved.unwrap_or_else(|| text.replace("\r\n", "\n")))
}

fn moved(text: &str, indent: &str) -> Option<String> {
    if !text.trim_start_matches('#').starts_with("\"\"\"") {
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
