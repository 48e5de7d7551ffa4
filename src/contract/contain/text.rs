//! A text of some length that matches patterns and does not match others.

use regex::Regex;
use serde_json::Value;

use super::Outcome;
use super::clause::Clause;
use super::regular;
use super::search::allowed;

/// Longest text that is written as a witness.
const LONGEST: u64 = 100_000;

pub(super) fn solve(clause: &Clause) -> Outcome {
    if let Some(values) = &clause.allowed {
        return listed(clause, values);
    }
    let tries = clause.excluded.len() as u64 + 1;
    if clause.patterns.is_empty() {
        return plain(clause, tries);
    }
    let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
    for (pattern, fits) in &clause.patterns {
        if *fits {
            wanted.push(pattern.as_str());
        } else {
            unwanted.push(pattern.as_str());
        }
    }
    if unwanted.iter().any(|pattern| wanted.contains(pattern)) {
        return Outcome::Empty;
    }
    let excluded: Vec<&str> = clause.excluded.iter().filter_map(Value::as_str).collect();
    regular::find(&wanted, &unwanted, &excluded, clause.least, clause.most)
}

fn listed(clause: &Clause, values: &[Value]) -> Outcome {
    for value in values.iter().filter(|value| allowed(clause, value)) {
        let text = value.as_str().unwrap_or_default();
        let length = text.chars().count() as u64;
        if length < clause.least || clause.most.is_some_and(|most| length > most) {
            continue;
        }
        let mut fits = true;
        for (pattern, wanted) in &clause.patterns {
            match matches(pattern, text) {
                Some(found) => fits &= found == *wanted,
                None => return Outcome::Unknown("a pattern can't be read", Some(value.clone())),
            }
        }
        if fits {
            return Outcome::Found(value.clone());
        }
    }
    Outcome::Empty
}

fn plain(clause: &Clause, tries: u64) -> Outcome {
    if clause.least > LONGEST {
        return Outcome::Unknown("the text would be too long", None);
    }
    let longest = clause.most.unwrap_or(clause.least + tries);
    for length in clause.least..=longest.min(clause.least + tries) {
        for letter in ('a'..='z').chain('0'..='9') {
            let text = letter
                .to_string()
                .repeat(usize::try_from(length).unwrap_or(0));
            let value = Value::String(text);
            if allowed(clause, &value) {
                return Outcome::Found(value);
            }
        }
    }
    if clause.most == Some(0) {
        return Outcome::Empty;
    }
    Outcome::Unknown("no text was found in time", None)
}

/// Whether a text matches; nothing if the pattern can't be read here.
pub(super) fn matches(pattern: &str, text: &str) -> Option<bool> {
    Some(Regex::new(&regular::spelled(pattern)?).ok()?.is_match(text))
}
