//! What rules and documentation checks look for in files, and which patterns of paths overlap. Pure.

pub mod changelog;
mod front_matter;
pub mod links;
pub mod markdown;
mod overlap;

pub use front_matter::without_front_matter;
pub use overlap::overlap;

use regex::bytes::Regex;

use crate::event::{Finding, Grade};

/// Most findings that one file yields; a generated file would bury the rest.
const MOST_PER_FILE: usize = 100;

/// Every line of a file that matches.
pub fn forbidden(pattern: &Regex, path: &str, content: &[u8]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut line = 1;
    let mut counted = 0;
    for found in pattern.find_iter(content) {
        line += newlines(&content[counted..found.start()]);
        counted = found.start();
        if findings.last().is_some_and(|last| last.line == Some(line)) {
            continue;
        }
        if findings.len() == MOST_PER_FILE {
            break;
        }
        let line_start = content[..found.start()]
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |newline| newline + 1);
        let before = String::from_utf8_lossy(&content[line_start..found.start()]);
        let text = first_line(&content[line_start..]);
        let message = format!("forbidden here: {text}");
        findings.push(Finding::new("forbid", Grade::Medium, message).at(
            path,
            Some(line),
            Some(before.chars().count() as u64 + 1),
        ));
    }
    findings
}

/// A finding if the file does not match anywhere.
pub fn required(pattern: &Regex, path: &str, content: &[u8]) -> Vec<Finding> {
    if pattern.is_match(content) {
        return Vec::new();
    }
    let message = format!("`{path}` does not hold `{pattern}`");
    vec![Finding::new("require", Grade::Medium, message).at(path, None, None)]
}

fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// The first line of some bytes, trimmed and shortened for a message.
fn first_line(bytes: &[u8]) -> String {
    const LONGEST: usize = 120;
    let end = bytes
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(bytes.len());
    let text = String::from_utf8_lossy(&bytes[..end]);
    let text = text.trim();
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forbidden_line_is_reported_once_with_its_place() {
        let pattern = Regex::new("print").unwrap();
        let findings = forbidden(&pattern, "a.py", b"x\n\xffa print(print)\nok\nprint\n");
        let places: Vec<_> = findings.iter().filter_map(Finding::place).collect();
        assert_eq!(places, ["a.py:2:4", "a.py:4:1"]);
    }

    #[test]
    fn a_required_pattern_may_stand_anywhere() {
        let pattern = Regex::new("(?m)^// Licence").unwrap();
        assert!(required(&pattern, "a.rs", b"\n// Licence MIT\n").is_empty());
        assert_eq!(required(&pattern, "a.rs", b"fn main() {}").len(), 1);
    }
}
