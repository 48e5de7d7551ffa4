//! `stack.txt`: the project's own list of its technologies, for people first.
//!
//! A line is a name and perhaps a version: `- FastAPI 0.115.2`, `fastapi==0.115.2`,
//! `react@19.1.0`, `Ruby on Rails: 8.0`. Headings, rules and notes in parentheses are for people.

use super::{Manifest, Problem, Wanted, exact};

/// Longest name, in words; more are a sentence.
const MOST_WORDS: usize = 4;

/// Reads it.
pub(super) fn read(text: &str) -> Result<Manifest, Problem> {
    let mut manifest = Manifest::default();
    for (line, text) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        if is_for_people(text) {
            continue;
        }
        let Some((name, version)) = entry(text) else {
            let message = format!("`{}` is not a name with or without a version", text.trim());
            return Err(Problem::at(line, message));
        };
        manifest.declare(name, version.unwrap_or(Wanted::Any), Some(line));
    }
    Ok(manifest)
}

fn is_for_people(line: &str) -> bool {
    let line = line.trim();
    let is_rule = line.chars().all(|c| "-=*_ ".contains(c));
    let is_note = ["*", "_", "("].iter().any(|mark| {
        line.starts_with(mark) && !line.starts_with("* ") && line.ends_with(['*', '_', ')'])
    });
    is_rule || is_note || line.starts_with('#') || line.starts_with("//")
}

/// The name and the version of a line.
fn entry(line: &str) -> Option<(String, Option<Wanted>)> {
    let line = line.trim();
    let line = ["- ", "* ", "+ "]
        .iter()
        .find_map(|mark| line.strip_prefix(mark))
        .unwrap_or(line);
    let line = without_notes(line);
    for sign in ["==", "@", ": ", "="] {
        // A scope of npm begins with the same sign.
        let at = line.rfind(sign).filter(|at| *at > 0);
        if let Some((name, version)) = at.map(|at| (&line[..at], &line[at + sign.len()..])) {
            return Some((named(name)?, Some(wanted(version)?)));
        }
    }
    match line.rsplit_once(' ') {
        Some((name, version)) => match wanted(version) {
            Some(version) => Some((named(name)?, Some(version))),
            None => Some((named(&line)?, None)),
        },
        None => Some((named(&line)?, None)),
    }
}

/// The line without what stands in parentheses, unless that is the version.
fn without_notes(line: &str) -> String {
    match line.split_once('(') {
        None => line.trim().to_owned(),
        Some((before, rest)) => {
            let inside = rest.split(')').next().unwrap_or_default();
            let version = wanted(inside).map(|_| format!(" {}", inside.trim()));
            format!("{}{}", before.trim(), version.unwrap_or_default())
        }
    }
}

/// A version: one, or with `+` behind it the least one of a range.
fn wanted(text: &str) -> Option<Wanted> {
    let text = text.trim();
    match text.strip_suffix('+') {
        Some(least) => exact(least).map(|_| Wanted::Range(text.to_owned())),
        None => exact(text).map(Wanted::Exact),
    }
}

fn named(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_word = |word: &&str| {
        word.chars()
            .all(|c| c.is_alphanumeric() || "-_./@+#".contains(c))
            && word.chars().any(char::is_alphabetic)
    };
    let is_name = (1..=MOST_WORDS).contains(&words.len()) && words.iter().all(is_word);
    is_name.then(|| words.join(" "))
}
